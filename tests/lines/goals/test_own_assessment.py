"""What a county sees of its assessment: its own scores, its place in time, nobody else's."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.write import perform
from gonghui.lines.goals.own_assessment import assessments_of
from tests.lines.goals.test_assessment import (  # noqa: F401  fixtures
    ITEMS,
    JANUARY,
    SPRING,
    handed_down,
    published,
    scheme_of,
    scored,
    totals,
)
from tests.support.people import client_for, user_with

PAGE = "/goals/assessment/"
APPEALED = date(2013, 1, 15)


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


@pytest.fixture
def county(plan):
    return plan.counties["汝州市"]


def test_before_the_scoring_it_shows_what_the_records_of_today_would_give(
    plan,
    handed_down,  # noqa: F811  a fixture
    county,
):
    scheme = published(plan, *ITEMS)
    with clock.at(date(2012, 12, 30)):
        (own,) = assessments_of(county)
        page = client_for(user_with(Role.COUNTY, county)).get(PAGE).content.decode()
    assert (own.scheme, own.is_scored, own.place, own.quarters) == (scheme, False, None, [])
    assert [line.score_id for line in own.lines] == [None, None]
    with clock.at(JANUARY):
        after = totals(perform(scheme, "score", by=plan.dept))
    assert own.total == after["汝州市"]
    assert "照现在的数" in page
    assert f"<strong>{own.total}</strong>" in page


def test_the_place_and_the_quarters_come_when_the_time_for_appeals_is_over(plan, scored, county):  # noqa: F811
    with clock.at(JANUARY):
        (own,) = assessments_of(county)
        assert (own.is_scored, own.place, own.quarters) == (True, None, [])
        assert own.total == totals(scored)["汝州市"]
        assert None not in [line.score_id for line in own.lines]
    with clock.at(APPEALED):
        perform(scored, "notify", by=plan.leader)
        (own,) = assessments_of(county)
        page = client_for(user_with(Role.COUNTY, county)).get(PAGE).content.decode()
    every = totals(scored)
    better = sum(total > own.total for total in every.values())
    assert own.place is not None
    assert own.place >= 1 + better
    assert len(own.quarters) == 3
    assert min(every.values()) <= own.quarters[0] <= own.quarters[2] <= max(every.values())
    assert f"第{own.place}名" in page
    assert not any(name in page for name in every if name != "汝州市")


def test_a_draft_is_nobodys_yet_and_others_have_nothing_to_see(plan, handed_down, county):  # noqa: F811
    with clock.at(SPRING):
        scheme_of(plan, *ITEMS)
    assert assessments_of(county) == []
    page = client_for(user_with(Role.COUNTY, county)).get(PAGE).content.decode()
    assert "没有本单位参评的考核方案" in page
    assert client_for(user_with(Role.DEPT, plan.city)).get(PAGE).status_code == 403
