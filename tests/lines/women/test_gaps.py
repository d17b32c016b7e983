"""What is still to be seen to is counted by the very lists that open behind it."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.women import gaps
from gonghui.lines.women.models import WomenInspection, WomenLecture, WomenPost
from tests.lines.members.making import employer
from tests.lines.women.test_screening import named
from tests.support.orgs import user_with
from tests.support.recipes.women import open_session, woman

TODAY = date(2012, 8, 15)


@pytest.fixture(autouse=True)
def then(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(TODAY), acting(SYSTEM):
        yield


def counted(org, user):
    actor = actor_of(user)
    with acting(actor):
        return {each.title: each.count for each in gaps.counts(org, actor)}


@pytest.fixture
def undone(tree):
    """One of each gap in the first county, and its like that is none."""
    post = {"by": SYSTEM, "org": tree.union, "employer": employer(tree.union), "women_count": 3}
    post |= {"workshop": "一车间", "checked_on": date(2012, 8, 1)}
    create(WomenPost, name="采煤", is_underground=True, is_notified=True, **post)
    create(WomenPost, name="装卸", labour_class=3, **post)
    create(WomenPost, name="质检", **post)
    for day in (date(2012, 8, 14), TODAY):
        create(
            WomenInspection,
            by=SYSTEM,
            org=tree.county,
            employer=employer(tree.union),
            kind="routine",
            planned_on=day,
        )
        create(
            WomenLecture,
            by=SYSTEM,
            org=tree.union,
            title=f"讲座{day.day}",
            topic="rights",
            held_on=day,
            start_at="09:00",
            place=f"礼堂{day.day}",
        )
    for until in (date(2012, 8, 14), TODAY):
        session = open_session(tree.county, date_to=until)
        named(session, woman(tree.county))
        perform(session, "start", by=SYSTEM)


def test_each_gap_is_counted_once_for_those_who_may_open_it(tree, undone):
    expected = {
        "疑似违法的禁忌岗位": 1,
        "有禁忌范围、还没有书面告知的岗位": 1,
        "计划日期已过、还没有检查的单位": 1,
        "整改期限已过、还没有复查的单位": 0,
        "日期已过、没有登记举办的讲座": 1,
        "检查期已过、没有结算的筛查批次": 1,
    }
    assert counted(tree.city, user_with(Role.DEPT, org=tree.city)) == expected
    assert counted(tree.county, user_with(Role.COUNTY, org=tree.county)) == expected
    neighbour = counted(tree.neighbour, user_with(Role.COUNTY, org=tree.neighbour))
    assert set(neighbour.values()) == {0}


def test_the_list_behind_a_number_holds_as_many(tree, client, undone):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    board = client.get("/women/").content.decode().partition('id="gaps"')[2]
    found = re.findall(r'<a href="([^"]+)">([^<]+)</a></td><td class="number"[^>]*>(\d+)<', board)
    assert len(found) == len(gaps.GAPS)
    for href, title, count in found:
        page = client.get(href.replace("&amp;", "&")).content.decode()
        assert f"，共{count}条</caption>" in page, title


def test_every_gap_narrows_by_filters_that_its_register_has():
    for gap in gaps.GAPS:
        register = register_of(gap.register)
        names = {name.partition(".")[0] for name, _ in gap.query}
        assert names <= set(register.filters), gap.title
