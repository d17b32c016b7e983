"""Pages of the line: enterprises without a union, and the founding funnel with its records."""

import re
from datetime import date, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.orgs.models import CensusUnit, OrgCoverage, UnionTerm
from tests.lines.orgs.making import a_formation, a_term, an_employer, established, prepared
from tests.support.orgs import make_org, user_with

LIST, FUNNEL, RADAR = "/orgs/without-union/", "/orgs/funnel/", "/orgs/renewals/"


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


@pytest.fixture
def seen(client, town):
    town.city.refresh_from_db()

    def open_page(who, path, status=200, **query):
        client.force_login(town.users[who])
        response = client.get(path, query)
        assert response.status_code == status
        return response.content.decode()

    return open_page


def a_unit(org, number, *, opened_on=None, round="2012年上半年", type="private", employer=None):
    employer = employer or an_employer(org, number, opened_on=opened_on, type=type)
    return create(
        CensusUnit, by=SYSTEM, org=org, employer=employer, round=round, source="visit", employees=40
    )


def names_of(page):
    """The employers in the order of the list."""
    return [
        int(number)
        for number in re.findall(r'<td[^>]*class="head[^>]*><a [^>]*>示例企业(\d+)有限', page)
    ]


def table_of(page):
    """The funnel's lines as {name: numbers}."""
    rows = {}
    for row in re.findall(r"<tr class=.*?</tr>", page, re.DOTALL):
        cells = [
            re.sub(r"<[^>]+>", "", one).strip()
            for one in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        rows[cells[0]] = [int(cell) for cell in cells[1:]]
    return rows


def addresses_of(page):
    """Where the numbers lead, with what they say."""
    found = re.findall(r'<a href="(/orgs/funnel/records/[^"]+)"[^>]*>(\d+)</a>', page)
    return [(address.replace("&amp;", "&"), int(number)) for address, number in found]


def test_only_enterprises_without_a_union_are_listed_those_due_first_on_top(town, seen):
    a_unit(town.township, 1, opened_on=date(2011, 9, 1))
    a_unit(town.township, 2, opened_on=date(2010, 9, 1))
    a_unit(town.township, 3)
    a_unit(town.township, 4, type="institution", opened_on=date(2010, 1, 1))
    covered = a_unit(town.township, 5, opened_on=date(2010, 1, 1))
    established(town, covered.employer)
    gone = a_unit(town.township, 6, opened_on=date(2010, 1, 1))
    perform(gone, "cancel", by=town.of_county, reason="已注销")
    void(a_unit(town.township, 7), by=SYSTEM, reason="登记错误")
    page = seen("county", LIST)
    assert names_of(page) == [2, 1, 3]
    for label, count in (("全部", 3), ("已过应建期限", 1), ("未到期限", 1), ("期限不明", 1)):
        assert f">{label} {count}</a>" in page
    assert names_of(seen("county", LIST, due="late")) == [2]
    assert names_of(seen("county", LIST, due="unknown")) == [3]


def test_an_enterprise_of_several_rounds_is_listed_once_by_the_newest(town, seen):
    old = a_unit(town.township, 1, round="2011年下半年")
    newer = a_unit(town.township, 1, employer=old.employer)
    page = seen("station", LIST)
    assert names_of(page) == [1]
    assert f"/r/orgs.census_unit/{newer.pk}/" in page
    assert f"/r/orgs.census_unit/{old.pk}/" not in page


def test_a_later_round_does_not_list_an_enterprise_that_has_a_union(town, seen):
    unit = a_unit(town.township, 1, round="2011年下半年")
    established(town, unit.employer)
    again = a_unit(town.township, 1, employer=unit.employer)
    assert again.state == "uncontacted"
    assert names_of(seen("county", LIST)) == []


def test_an_enterprise_whose_union_ended_is_listed_again(town, seen):
    unit = a_unit(town.township, 1)
    established(town, unit.employer)
    assert names_of(seen("county", LIST)) == []
    with clock.at(date(2012, 5, 2)):
        change(unscoped(OrgCoverage).get(), by=SYSTEM, valid_to=date(2012, 5, 1), end_reason="迁出")
        assert names_of(seen("county", LIST)) == [1]


def test_the_list_is_searched_and_filtered_like_that_of_a_register(town, seen):
    a_unit(town.township, 1, opened_on=date(2010, 9, 1))
    second = a_unit(town.township, 2, opened_on=date(2010, 9, 1))
    perform(second, "contact", by=town.of_station)
    assert names_of(seen("county", LIST, q="示例企业2")) == [2]
    assert names_of(seen("county", LIST, state="mobilising")) == [2]
    assert names_of(seen("county", LIST, state="uncontacted", due="late")) == [1]
    assert '<input type="hidden" name="due" value="late">' in seen("county", LIST, due="late")


def test_everybody_sees_the_enterprises_of_his_own_subtree(town, seen):
    a_unit(town.township, 1)
    a_unit(town.neighbour_township, 2)
    assert names_of(seen("county", LIST)) == [1]
    assert names_of(seen("neighbour", LIST)) == [2]
    assert sorted(names_of(seen("dept", LIST))) == [1, 2]
    assert ">全部 1</a>" in seen("neighbour", LIST)


def test_the_pages_are_for_the_offices_that_build_unions_and_stand_in_their_menu(town, seen):
    town.users["leader"] = user_with(Role.LEADER, org=town.city)
    town.users["industry"] = user_with(Role.INDUSTRY, org=town.industry)
    for who, expected in (
        ("dept", (200, 200)),
        ("leader", (200, 200)),
        ("county", (200, 200)),
        ("station", (200, 404)),
        ("industry", (404, 404)),
        ("union", (404, 404)),
    ):
        menu = seen(who, "/registers/") + seen(who, "/")
        for path, status in zip((LIST, FUNNEL), expected, strict=True):
            seen(who, path, status)
            assert (f'href="{path}"' in menu) == (status == 200), (who, path)
    seen("station", f"{FUNNEL}records/", 404)


def test_the_funnel_counts_formations_by_state_and_county(town, seen):
    a_formation(town, an_employer(town.township, 1))
    prepared(town, an_employer(town.township, 2))
    established(town, an_employer(town.township, 3))
    closed = a_formation(town, an_employer(town.township, 4))
    perform(closed, "close", by=town.of_county, reason="单位迁出")
    void(a_formation(town, an_employer(town.township, 5)), by=SYSTEM, reason="重复登记")
    elsewhere = an_employer(town.neighbour_township, 6)
    a_formation(town, elsewhere, by=SYSTEM, org=town.neighbour_township)
    a_formation(town, an_employer(town.city, 7), by=SYSTEM, org=town.city)
    assert table_of(seen("dept", FUNNEL)) == {
        "示例市总工会": [3, 0, 0, 1, 0, 0, 1, 1, 6],
        "甲县总工会": [1, 0, 0, 1, 0, 0, 1, 1, 4],
        "乙县总工会": [1, 0, 0, 0, 0, 0, 0, 0, 1],
        "示例市总工会（本级）": [1, 0, 0, 0, 0, 0, 0, 0, 1],
    }


def test_every_number_opens_exactly_its_records(town, seen):
    a_formation(town, an_employer(town.township, 1))
    prepared(town, an_employer(town.township, 2))
    a_formation(town, an_employer(town.city, 3), by=SYSTEM, org=town.city)
    numbers = addresses_of(seen("dept", FUNNEL))
    assert len(numbers) == 8
    for address, number in numbers:
        page = seen("dept", address)
        assert len(set(re.findall(r'href="/r/orgs.union_formation/(\d+)/"', page))) == number


def test_the_funnel_stands_as_it_did_on_the_chosen_day(town, seen):
    formation = a_formation(town, an_employer(town.township, 1))
    with clock.at(date(2012, 3, 22)):
        perform(formation, "apply_prep", by=town.of_station)
    with clock.at(date(2012, 3, 26)):
        other = a_formation(town, an_employer(town.township, 2))
    with clock.at(date(2012, 4, 2)):
        void(other, by=SYSTEM, reason="重复登记")
        for day, numbers in (
            ("2012-03-21", [1, 0, 0, 0, 0, 0, 0, 0, 1]),
            ("2012-03-22", [0, 0, 1, 0, 0, 0, 0, 0, 1]),
            ("2012-03-26", [1, 0, 1, 0, 0, 0, 0, 0, 2]),
            ("2012-04-02", [0, 0, 1, 0, 0, 0, 0, 0, 1]),
        ):
            page = seen("county", FUNNEL, as_of=day)
            assert table_of(page)["甲县总工会"] == numbers, day
            opened = [seen("county", address) for address, _ in addresses_of(page)]
            assert all(day in one for one in opened)
        assert "这一天还没有登记建会事项" in seen("county", FUNNEL, as_of="2012-03-19")
        march = dict.fromkeys(addresses_of(seen("county", FUNNEL, as_of="2012-03-26")))
        lead = next(address for address, _ in march if "at=lead" in address)
        assert f"/r/orgs.union_formation/{other.pk}/" in seen("county", lead)


def test_a_county_sees_its_own_funnel_only(town, seen):
    a_formation(town, an_employer(town.township, 1))
    elsewhere = an_employer(town.neighbour_township, 2)
    a_formation(town, elsewhere, by=SYSTEM, org=town.neighbour_township)
    assert table_of(seen("county", FUNNEL)) == {
        "甲县总工会": [1, 0, 0, 0, 0, 0, 0, 0, 1],
        "甲镇工会": [1, 0, 0, 0, 0, 0, 0, 0, 1],
    }
    for path in (FUNNEL, f"{FUNNEL}records/"):
        seen("county", path, 404, **{"unit.pk": town.neighbour.pk})
        seen("county", path, 404, **{"unit.pk": town.city.pk})


def test_more_rows_cost_no_more_statements(town, seen):
    def cost(path):
        seen("dept", path)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            seen("dept", path)
        return len(asked)

    def enter(numbers):
        for number in numbers:
            a_unit(town.township, number)
            a_unit(town.neighbour_township, number + 100)
            a_formation(town, an_employer(town.township, number + 200))
            org = town.neighbour_township
            a_formation(town, an_employer(org, number + 300), by=SYSTEM, org=org)

    paths = (LIST, FUNNEL, f"{FUNNEL}records/")
    enter([1])
    before = [cost(path) for path in paths]
    enter(range(2, 8))
    assert [cost(path) for path in paths] == before


def test_the_figure_of_new_unions_says_what_was_left_out_and_why(town, seen):
    established(town, an_employer(town.township, 1), on=clock.today())
    for number in (2, 3):
        old = established(town, an_employer(town.township, number))
        covering = OrgCoverage._unscoped.get(org=old.org)
        with clock.at(date(2012, 4, 2)):
            change(covering, by=SYSTEM, valid_to=clock.today(), end_reason="撤销")
            again = established(town, covering.employer)
        assert again.not_new_reason == "撤后重建"
    with clock.at(date(2012, 4, 2)):
        overruled = established(town, an_employer(town.township, 4))
        perform(
            overruled,
            "overrule",
            by=town.of_county,
            overruled_as_new=False,
            overrule_reason="材料不全",
        )
        window = {"during": "custom", "during.from": "2012-01-01", "during.to": "2012-06-30"}
        page = seen("dept", "/figures/orgs.new_unions/", **window)
        shown = re.search(
            r"<dt>本期未计入</dt><dd[^>]*><a href=\"([^\"]+)\">3家</a>：([^<]+)<", page
        )
        assert shown[2] == "撤后重建2、上级改判不计入1"
        listed = seen("dept", shown[1].replace("&amp;", "&"))
        assert "共3条" in listed
        assert overruled.number in listed
        elsewhere = seen("neighbour", "/figures/orgs.new_unions/", **window)
        assert re.search(r"<dt>本期未计入</dt><dd[^>]*><a href=\"[^\"]+\">0家</a></dd>", elsewhere)
        assert "本期未计入" not in seen("dept", "/figures/orgs.basic_unions/", **window)


def test_the_radar_shows_terms_in_bands_by_how_near_their_end_is(town, seen):
    today = date(2015, 3, 1)
    orgs = [make_org(f"示例{n}厂工会", OrgLevel.BASIC, town.township) for n in range(7)]
    # The last day of a term is the day before three years after its first one.
    last_days = (-1, 0, 30, 31, 60, 61, 121)
    for org, days in zip(orgs, last_days, strict=True):
        last = today + timedelta(days=days)
        a_term(org, (last + timedelta(days=1)).replace(year=2012))
    late, due_today, in_30, in_31, in_60, in_61, far = (f"示例{n}厂工会" for n in range(7))
    with clock.at(today):
        page = seen("county", RADAR)
        told = ["全部 6", "已超期 1", "30天内届满 2", "60天内届满 2", "120天内届满 1"]
        assert re.findall(r"[^>]*(?:全部|已超期|天内届满) \d+", page) == told
        assert far not in page
        assert page.index(late) < page.index(due_today) < page.index(in_61)
        for due, inside, outside in (
            ("late", [late], [due_today]),
            ("within_30", [due_today, in_30], [late, in_31]),
            ("within_60", [in_31, in_60], [in_30, in_61]),
            ("within_120", [in_61], [in_60, far]),
        ):
            page = seen("county", RADAR, due=due)
            assert all(name in page for name in inside), due
            assert not any(name in page for name in outside), due
        assert late not in seen("neighbour", RADAR)
        assert 'href="/orgs/renewals/"' in page
        seen("union", RADAR, status=404)


def test_an_extended_or_dissolved_union_is_not_on_the_radar_and_an_ended_term_neither(town, seen):
    extended, dissolved = (
        make_org(name, OrgLevel.BASIC, town.township)
        for name in ("示例延期厂工会", "示例撤销厂工会")
    )
    for org in (extended, dissolved, town.union):
        a_term(org, date(2012, 3, 20))
    with clock.at(date(2015, 3, 1)):
        term = UnionTerm._unscoped.get(org=extended)
        perform(
            term,
            "extend",
            by=town.of_station,
            extended_to=date(2015, 9, 19),
            extension_doc_no="甲镇工延1号",
            extension_approved_on=date(2015, 3, 1),
        )
        type(dissolved)._unscoped.filter(pk=dissolved.pk).update(state="dissolved")
        page = seen("county", RADAR)
        assert "老厂工会" in page
        assert "示例延期厂工会" not in page
        assert "示例撤销厂工会" not in page
        a_term(town.union, date(2015, 3, 1), number=2)
        assert "老厂工会" not in seen("county", RADAR)
