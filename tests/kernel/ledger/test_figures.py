"""Figures of every kind, with exact numbers, fresh and folded."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.verify import recount, verify
from gonghui.kernel.parameters.values import remembered
from tests.support import facts

H1 = Period.half(2012, 1)
YEAR = Period.year(2012)


@pytest.fixture(params=["fresh", "folded"])
def settle(request):
    """Every figure is the same before and after folding."""
    return fold if request.param == "folded" else lambda: None


def value(code, org, period, as_of=None):
    return figure(code, org, period, as_of).value


def test_a_flow_counts_at_its_org_and_everywhere_above_it(orgs, settle):
    facts.visit(orgs["一厂分会"], date(2012, 3, 1), mood="good")
    facts.visit(orgs["四厂"], date(2012, 6, 30), mood="good")
    facts.visit(orgs["四厂"], date(2012, 7, 1), mood="good")
    facts.visit(orgs["四厂"], date(2012, 6, 1), mood="bad")
    settle()
    found = figures(["sample.good_visits"], orgs.all, H1)
    assert {org.name: int(found["sample.good_visits", org.pk].value) for org in orgs.all} == {
        "市总": 2,
        "叶县": 1,
        "郏县": 1,
        "任店": 1,
        "洪庄": 0,
        "一厂": 1,
        "二厂": 0,
        "三厂": 0,
        "四厂": 1,
        "一厂分会": 1,
    }


def test_money_is_exact_to_the_cent(orgs, settle):
    facts.visit(orgs["一厂"], date(2012, 1, 1), amount=Decimal("0.10"))
    facts.visit(orgs["三厂"], date(2012, 1, 2), amount=Decimal("99999999999.99"))
    settle()
    assert value("sample.visit_amount", orgs.city, YEAR) == Decimal("100000000000.09")
    assert value("sample.visit_amount", orgs["洪庄"], YEAR) == Decimal("99999999999.99")


def test_a_period_may_begin_and_end_inside_months(orgs, settle):
    for day in (
        date(2012, 1, 14),
        date(2012, 1, 15),
        date(2012, 2, 10),
        date(2012, 3, 3),
        date(2012, 3, 4),
    ):
        facts.visit(orgs["一厂"], day, mood="good")
    settle()
    days = [
        (date(2012, 1, 15), date(2012, 3, 3)),
        (date(2012, 1, 14), date(2012, 1, 14)),
        (date(2012, 1, 15), date(2012, 1, 31)),
        (date(2012, 2, 1), date(2012, 2, 29)),
        (date(2012, 2, 10), date(2012, 3, 3)),
        (date(2012, 1, 31), date(2012, 3, 1)),
        (date(2012, 2, 1), date(2012, 3, 3)),
    ]
    counted = [int(value("sample.good_visits", orgs.city, Period(*each))) for each in days]
    assert counted == [3, 1, 1, 1, 2, 1, 2]


def test_a_stock_is_what_is_valid_on_the_last_day(orgs, settle):
    facts.station(orgs["一厂"], date(2012, 1, 10), date(2012, 3, 1), seats=30)
    facts.station(orgs["二厂"], date(2012, 2, 1), seats=5)
    settle()
    on = [
        date(2012, 1, 9),
        date(2012, 1, 10),
        date(2012, 1, 31),
        date(2012, 2, 29),
        date(2012, 3, 1),
    ]
    assert [int(value("sample.stations", orgs.city, Period(date(2012, 1, 1), d))) for d in on] == [
        0,
        1,
        1,
        2,
        1,
    ]
    assert [int(value("sample.seats", orgs["叶县"], Period(d, d))) for d in on] == [
        0,
        30,
        30,
        35,
        5,
    ]


def test_a_station_that_closes_before_it_opens_never_counts(orgs, settle):
    facts.station(orgs["一厂"], date(2012, 3, 1), date(2012, 2, 1), seats=9)
    facts.station(orgs["一厂"], date(2012, 3, 1), date(2012, 3, 1), seats=9)
    settle()
    assert [value("sample.seats", orgs.city, Period.month(2012, m)) for m in (1, 2, 3)] == [0, 0, 0]
    assert verify().is_clean


def test_rows_without_a_day_or_a_value_and_voided_rows_do_not_count(orgs, settle):
    facts.visit(orgs["一厂"], None, mood="good", amount=5)
    facts.visit(orgs["一厂"], date(2012, 3, 1))
    voided = facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good", amount=7, subject_no=3)
    settle()
    facts.alter(voided, voided_at=clock.now())
    settle()
    found = figures(
        ["sample.good_visits", "sample.visit_amount", "sample.visited"], [orgs.city], YEAR
    )
    assert [f.value for f in found.values()] == [0, 0, 0]


def test_distinct_counts_each_subject_once_at_every_level(orgs, settle):
    facts.visit(orgs["一厂"], date(2012, 3, 1), subject_no=7)
    facts.visit(orgs["一厂"], date(2012, 3, 2), subject_no=7)
    settle()
    facts.visit(orgs["四厂"], date(2012, 4, 1), subject_no=7)
    facts.visit(orgs["四厂"], date(2012, 4, 1), subject_no=8)
    facts.visit(orgs["四厂"], date(2012, 4, 1), subject_no=None)
    settle()
    found = figures(["sample.visited"], orgs.all, H1)
    counts = {org.name: int(found["sample.visited", org.pk].value) for org in orgs.all}
    assert (counts["市总"], counts["叶县"], counts["郏县"], counts["一厂"], counts["洪庄"]) == (
        2,
        1,
        2,
        1,
        0,
    )
    assert value("sample.visited", orgs.city, Period.month(2012, 4)) == 2
    assert value("sample.visited", orgs.city, Period.month(2012, 3)) == 1


def test_a_distinct_stock_counts_places_open_on_the_day(orgs, settle):
    facts.station(orgs["一厂"], date(2012, 1, 1), date(2012, 5, 1), place_no=1)
    facts.station(orgs["二厂"], date(2012, 2, 1), place_no=1)
    facts.station(orgs["四厂"], date(2012, 2, 1), date(2012, 4, 1), place_no=2)
    settle()
    months = [Period.month(2012, m) for m in (1, 2, 4, 5)]
    assert [int(value("sample.places", orgs.city, m)) for m in months] == [1, 2, 1, 1]
    assert [int(value("sample.places", orgs["二厂"], m)) for m in months] == [0, 1, 1, 1]


def test_a_ratio_without_a_denominator_says_that_it_cannot_be_computed(orgs, settle):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    settle()
    found = figure("sample.good_rate", orgs.city, H1)
    assert (found.value, found.note) == (None, "无法计算")


def test_an_update_posts_only_what_differs(orgs):
    visit = facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good", amount=10, subject_no=1)
    fold()
    facts.alter(visit, title="改名", phone="1")
    assert fold() == 0
    facts.alter(visit, amount=12)
    assert fold() == 1
    facts.alter(visit, org=orgs["四厂"])
    assert fold() == 6
    facts.alter(visit, visited_on=date(2011, 12, 31))
    found = figures(
        ["sample.good_visits", "sample.visit_amount", "sample.visited"],
        [orgs.city, orgs["郏县"]],
        H1,
    )
    assert {f.value for f in found.values()} == {0}
    assert value("sample.visit_amount", orgs["郏县"], Period.year(2011)) == 12
    assert value("sample.visit_amount", orgs["叶县"], Period.year(2011)) == 0
    facts.erase(visit)
    assert value("sample.visit_amount", orgs.city, Period.year(2011)) == 0
    assert verify().is_clean


def test_a_figure_of_a_past_day_comes_out_as_it_did_then(orgs, settle):
    with facts.told(date(2012, 7, 1)):
        visit = facts.visit(orgs["一厂"], date(2012, 6, 1), mood="good", amount=100)
    settle()
    with facts.told(date(2012, 8, 15)):
        facts.alter(visit, amount=150)
    settle()
    with facts.told(date(2012, 9, 1)):
        facts.visit(orgs["一厂"], date(2012, 5, 20), mood="good", amount=1)
    settle()
    days = [
        date(2012, 6, 30),
        date(2012, 7, 1),
        date(2012, 8, 14),
        date(2012, 8, 15),
        date(2012, 8, 31),
        date(2012, 9, 1),
        None,
    ]
    for org in (orgs.city, orgs["任店"], orgs["一厂"]):
        told = [int(value("sample.visit_amount", org, H1, day)) for day in days]
        assert told == [0, 100, 100, 150, 150, 151, 151]
        inside = Period(date(2012, 5, 25), date(2012, 6, 10))
        assert [int(value("sample.visit_amount", org, inside, day)) for day in days] == [
            0,
            100,
            100,
            150,
            150,
            150,
            150,
        ]


def test_as_of_a_moment_is_exact_within_a_day(orgs, settle):
    morning, noon = (datetime(2012, 7, 1, hour, tzinfo=clock.ZONE) for hour in (9, 12))
    with facts.told(morning):
        facts.visit(orgs["一厂"], date(2012, 6, 1), amount=1, subject_no=1)
    with facts.told(noon):
        facts.visit(orgs["一厂"], date(2012, 6, 1), amount=2, subject_no=1)
    settle()
    at = [value("sample.visit_amount", orgs.city, H1, moment) for moment in (morning, noon)]
    assert at == [1, 3]
    assert value("sample.visited", orgs.city, H1, noon) == 1


def test_codes_and_orgs_cost_the_same_number_of_statements(orgs, django_assert_num_queries):
    codes = [
        "sample.good_visits",
        "sample.stations",
        "sample.visited",
        "sample.places",
        "sample.good_rate",
    ]
    with remembered():
        figures(codes, orgs.all, YEAR)
        with django_assert_num_queries(3):
            figures(codes[:2] + codes[2:3], [orgs.city], YEAR)
        with django_assert_num_queries(3):
            figures(codes, orgs.all, YEAR)


def test_a_recount_from_the_records_gives_the_figure(orgs, settle):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good", amount=Decimal("1.50"), subject_no=1)
    facts.visit(orgs["四厂"], date(2012, 3, 1), mood="good", amount=Decimal("2.25"), subject_no=1)
    facts.station(orgs["一厂"], date(2012, 1, 1), seats=4, place_no=9)
    settle()
    for code, expected in {
        "sample.good_visits": 2,
        "sample.visit_amount": Decimal("3.75"),
        "sample.visited": 1,
        "sample.stations": 1,
        "sample.seats": 4,
        "sample.places": 1,
    }.items():
        assert recount(code, orgs.city, H1) == expected == value(code, orgs.city, H1)


def test_an_unknown_code_is_refused_with_the_nearest(orgs):
    with pytest.raises(DomainError, match=r"没有指标“sample\.vists”。相近的有：.*sample\.visits"):
        figure("sample.vists", orgs.city, H1)
