"""The women's view shows the source lines' own numbers, and says what is not connected."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.drill import missing_of
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.registers.permission import by_rule, may
from gonghui.kernel.registers.registry import find, register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.women.composition import COMPOSITION
from gonghui.lines.women.models import WomenLecture
from gonghui.web import figure_text
from tests.support import recipes  # noqa: F401  they declare what cannot be guessed
from tests.support.making import make
from tests.support.orgs import user_with

TODAY = date(2012, 8, 15)
YEAR = Period.year_to_date(TODAY)


@pytest.fixture(autouse=True)
def then(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(TODAY):
        yield


def shown(client, user, **query):
    """The rows of the page as (subject, indicator, number, last year)."""
    client.force_login(user)
    response = client.get("/women/", query)
    assert response.status_code == 200
    body = response.content.decode().partition("<tbody>")[2].partition("</tbody>")[0]
    rows = []
    for row in re.findall(r"<tr>.*?</tr>", body, re.DOTALL):
        cells = [re.sub(r"<[^>]+>", "", c) for c in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        texts = [" ".join(cell.split()) for cell in cells]
        rows.append((texts[0], texts[2], texts[3], texts[4]))
    return rows


@pytest.fixture
def recorded(tree):
    """Something in several lines: a lecture, a terms with a committee, an application."""
    for org, day in ((tree.union, date(2012, 5, 9)), (tree.neighbour_union, date(2011, 5, 9))):
        lecture = create(
            WomenLecture,
            by=SYSTEM,
            org=org,
            title="示例",
            topic="rights",
            held_on=day,
            start_at="09:00",
            place=f"{org}礼堂",
        )
        perform(lecture, "hold", by=SYSTEM, attendance=40, evidence="signatures")
    make(
        register_of("orgs.union_term"),
        org=tree.union,
        women_committee=True,
        started_on=date(2011, 6, 1),
    )
    with acting(SYSTEM), by_rule():
        make(
            register_of("members.member_declaration"),
            org=tree.union,
            female_members=10,
            counts_from=date(2012, 1, 1),
            members=30,
            employees=30,
            female=10,
        )
        make(
            register_of("members.member_declaration"),
            org=tree.neighbour_union,
            female_members=25,
            counts_from=date(2012, 1, 1),
            members=30,
            employees=30,
            female=25,
        )


def test_every_number_is_the_one_of_its_source(tree, client, recorded):
    rows = shown(client, user_with(Role.DEPT, org=tree.city))
    kept = {one.code: one for one in catalogue.all_indicators()}
    codes = [code for subject in COMPOSITION for code in subject.codes if code in kept]
    with acting(SYSTEM):
        source = figures(codes, [tree.city], YEAR)
        expected = {
            kept[code].name: figure_text.shown(source[code, tree.city.pk], kept[code])
            for code in codes
        }
    found = {name: number for _, name, number, _ in rows if name != "尚未接入"}
    assert found == {
        name: f"{each.text} {each.unit}".strip() if each.has_value else each.note
        for name, each in expected.items()
    }
    assert found["女职工巡回讲座"] == "1 场次"
    assert found["培训女职工及女工干部"] == "40 人"


def test_a_line_that_is_not_there_is_said_to_be_missing_and_is_no_zero(tree, client):
    rows = shown(client, user_with(Role.LEADER, org=tree.city))
    kept = {one.code for one in catalogue.all_indicators()}
    absent = [s.title for s in COMPOSITION if not kept & set(s.codes)]
    assert absent
    assert [row[0] for row in rows if row[1] == "尚未接入"] == absent
    assert {row[2:] for row in rows if row[1] == "尚未接入"} == {("—", "—")}


def test_last_year_and_the_county_have_their_own_numbers(tree, client, recorded):
    rows = {row[1]: row for row in shown(client, user_with(Role.COUNTY, org=tree.neighbour))}
    assert rows["女职工巡回讲座"][2:] == ("0 场次", "1")
    city = {row[1]: row for row in shown(client, user_with(Role.DEPT, org=tree.city))}
    assert city["女职工巡回讲座"][2:] == ("1 场次", "1")


def test_unions_with_ten_women_and_no_committee_are_the_gap(tree, recorded):
    with acting(SYSTEM):
        day = Period(TODAY, TODAY)
        assert figure("women.committee_coverage", tree.city, day).value * 2 == 1
        missing = missing_of("women.committee_coverage", tree.city, day)
    assert missing.ids == [tree.neighbour_union.pk]


def test_an_administrator_has_no_view_and_a_register_opens_only_to_its_viewers(tree, client):
    client.force_login(user_with(Role.SYSTEM_ADMIN, org=tree.city))
    assert client.get("/women/").status_code == 404
    union = user_with(Role.BASIC, org=tree.union)
    client.force_login(union)
    page = client.get("/women/").content.decode()
    opened = set(re.findall(r'href="/r/([a-z_]+\.[a-z_]+)/', page))
    assert "women.lecture" in opened
    assert [key for key in opened if not may(actor_of(union), "view", register_of(key))] == []


def test_every_register_of_the_composition_is_of_a_line_that_exists_or_is_to_come():
    for subject in COMPOSITION:
        if find(subject.register) is not None and subject.narrowed:
            name = subject.narrowed.partition("=")[0]
            assert name in register_of(subject.register).filters, subject.title
