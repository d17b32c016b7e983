"""What a change of the statistics tree does to figures: the past stays, the stock comes along."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.periods import Period
from gonghui.kernel.ledger.drill import changes
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.models import DayBalance
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.services import move
from tests.support import facts

MOVED_ON = date(2012, 4, 1)
Q1, Q2 = Period.quarter(2012, 1), Period.quarter(2012, 2)


@pytest.fixture(params=["fresh", "folded"])
def settle(request):
    """Every figure is the same before and after folding."""
    return fold if request.param == "folded" else lambda: None


@pytest.fixture
def moved(orgs, settle):
    """任店, with two unions below it, goes from 叶县 to 郏县 on 1 April; told on 10 April."""
    with facts.told(date(2012, 3, 1)):
        facts.visit(orgs["一厂"], date(2012, 2, 1), mood="good")
        facts.visit(orgs["一厂"], date(2012, 4, 5), mood="good")
        facts.station(orgs["一厂"], date(2012, 1, 10), date(2012, 6, 1), seats=30)
        facts.station(orgs["三厂"], date(2012, 1, 10), seats=4)
    settle()
    with facts.told(date(2012, 4, 10), actor=42):
        move(orgs["任店"], orgs["郏县"], MOVED_ON, "平工〔2012〕9号")
    settle()
    return orgs


def told(code, orgs, period, as_of=None):
    found = figures([code], [orgs.city, orgs["叶县"], orgs["郏县"], orgs["任店"]], period, as_of)
    return [int(each.value) for each in found.values()]


def test_flows_count_where_the_org_belonged_on_their_day(moved):
    assert told("sample.good_visits", moved, Q1) == [1, 1, 0, 1]
    assert told("sample.good_visits", moved, Q2) == [1, 0, 1, 1]


def test_the_stock_comes_along_from_the_day_of_the_move(moved):
    assert told("sample.seats", moved, Q1) == [34, 34, 0, 30]
    assert told("sample.seats", moved, Period(MOVED_ON, MOVED_ON)) == [34, 4, 30, 30]
    assert told("sample.seats", moved, Q2) == [4, 4, 0, 0]


def test_a_figure_told_before_the_move_comes_out_as_it_did(moved):
    april = Period(MOVED_ON, date(2012, 4, 30))
    assert told("sample.seats", moved, april, date(2012, 4, 9)) == [34, 34, 0, 30]
    assert told("sample.seats", moved, april, date(2012, 4, 10)) == [34, 4, 30, 30]
    assert told("sample.good_visits", moved, april, date(2012, 4, 9)) == [1, 1, 0, 1]


def test_what_is_entered_late_for_a_day_before_the_move_goes_to_the_old_superior(moved, settle):
    with facts.told(date(2012, 5, 1)):
        facts.visit(moved["二厂"], date(2012, 3, 31), mood="good")
        facts.station(moved["二厂"], date(2012, 3, 31), date(2012, 4, 2), seats=1)
    settle()
    assert told("sample.good_visits", moved, Q1) == [2, 2, 0, 2]
    assert told("sample.seats", moved, Q1) == [35, 35, 0, 31]
    assert told("sample.seats", moved, Period(MOVED_ON, MOVED_ON)) == [35, 4, 31, 31]
    fold()
    assert verify().is_clean


def test_the_change_of_a_county_is_explained_by_the_move(moved):
    period = Period(date(2012, 1, 1), date(2012, 4, 30))
    (change,) = changes("sample.seats", moved["叶县"], period, since=date(2012, 4, 9))
    assert (change.value, change.actor, change.record_id) == (Decimal(-30), 42, None)
    (noted,) = change.moves
    assert (noted.org, noted.superior_before, noted.superior, noted.day, noted.basis_doc) == (
        moved["任店"].pk,
        moved["叶县"].pk,
        moved["郏县"].pk,
        MOVED_ON,
        "平工〔2012〕9号",
    )


def test_an_org_that_is_moved_back_and_forth_has_its_stock_once(orgs):
    facts.station(orgs["一厂"], date(2012, 1, 1), seats=10)
    fold()
    move(orgs["一厂"], orgs["洪庄"], date(2012, 2, 1), "平工〔2012〕2号")
    move(orgs["一厂"], orgs["任店"], date(2012, 3, 1), "平工〔2012〕3号")
    move(orgs["一厂"], orgs["四厂"], date(2012, 2, 15), "平工〔2012〕4号")
    days = [date(2012, 1, 31), date(2012, 2, 1), date(2012, 2, 15), date(2012, 3, 1)]
    held = {
        name: [int(figure("sample.seats", orgs[name], Period(d, d)).value) for d in days]
        for name in ("任店", "洪庄", "郏县", "市总")
    }
    assert held == {
        "任店": [10, 0, 0, 10],
        "洪庄": [0, 10, 0, 0],
        "郏县": [0, 0, 10, 0],
        "市总": [10, 10, 10, 10],
    }
    assert verify().is_clean


def test_a_move_inside_a_township_touches_no_balance(orgs):
    facts.station(orgs["一厂分会"], date(2012, 1, 1), seats=10)
    fold()
    before = list(DayBalance.objects.values_list("node", "day", "rec_day", "value"))
    move(orgs["一厂分会"], orgs["二厂"], date(2012, 2, 1), "平工〔2012〕2号")
    assert list(DayBalance.objects.values_list("node", "day", "rec_day", "value")) == before
    february = Period.month(2012, 2)
    held = [figure("sample.seats", orgs[name], february).value for name in ("一厂", "二厂", "任店")]
    assert held == [0, 10, 10]
