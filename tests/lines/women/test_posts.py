"""Posts forbidden to women by the appendix of 2012, and facilities."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import change, create
from gonghui.lines.women.models import WomenFacility, WomenPost
from gonghui.lines.women.services.posts import NO_NAMES, clauses_of
from tests.lines.members.making import employer

DAY = date(2012, 9, 3)


@pytest.fixture(autouse=True)
def then(db):
    with clock.at(date(2012, 10, 1)), acting(SYSTEM):
        yield


def post(org, **values):
    """A post of an employer of the union."""
    values.setdefault("employer", employer(org))
    return create(
        WomenPost,
        by=SYSTEM,
        **{
            "org": org,
            "workshop": "一车间",
            "name": "装卸",
            "women_count": 3,
            "checked_on": DAY,
            **values,
        },
    )


def suspects(org, day=date(2012, 10, 1)):
    return int(figure("women.forbidden_posts", org, Period(day, day)).value)


@pytest.mark.parametrize(
    ("load", "times", "is_forbidden"),
    [
        ("21", 6, True),
        ("20", 6, False),
        ("26", 1, True),
        ("25", 1, False),
        ("21", 5, False),
        ("20.5", 7, True),
    ],
)
def test_loads_are_judged_by_weight_and_frequency(tree, load, times, is_forbidden):
    made = post(tree.union, load_kg=Decimal(load), loads_per_hour=times)
    assert (made.scopes == ["all"]) is is_forbidden
    assert made.is_suspect is is_forbidden


def test_a_post_underground_with_women_is_suspect_until_none_is_left(tree):
    made = post(tree.union, is_underground=True)
    assert (made.scopes, made.is_suspect, made.suspect_from) == (["all"], True, DAY)
    assert suspects(tree.city) == 1
    cleared = change(made, by=SYSTEM, women_count=0, checked_on=date(2012, 9, 20))
    assert (cleared.is_suspect, cleared.suspect_to) == (False, date(2012, 9, 20))
    assert suspects(tree.city) == 0
    assert suspects(tree.city, date(2012, 9, 19)) == 1
    again = change(cleared, by=SYSTEM, women_count=1, checked_on=date(2012, 9, 25))
    assert (again.suspect_from, again.suspect_to) == (date(2012, 9, 25), None)
    assert suspects(tree.county) == 1
    assert verify(["women.forbidden_posts"]).differing == ()


@pytest.mark.parametrize(
    ("hazard", "scopes", "clauses"),
    [
        ({"labour_class": 4}, ["all", "menses", "pregnancy", "nursing"], "一（二）"),
        ({"labour_class": 3}, ["menses", "pregnancy", "nursing"], "二（三）"),
        ({"cold_water_class": 1}, ["pregnancy"], "三（五）"),
        ({"cold_water_class": 2}, ["menses", "pregnancy"], "二（一）"),
        ({"height_class": 2}, ["pregnancy"], "三（四）"),
        ({"height_class": 3}, ["menses", "pregnancy"], "二（四）"),
        ({"high_temp_class": 2}, [], ""),
        ({"high_temp_class": 3}, ["pregnancy"], "三（七）"),
        ({"noise_class": 3}, ["pregnancy"], "三（八）"),
        ({"hazards": ["toxic"]}, ["pregnancy", "nursing"], "三（一）"),
        ({"hazards": ["nursing_toxic"]}, ["nursing"], "四（二）"),
        ({"hazards": ["vibration"]}, ["pregnancy"], "三（十）"),
        ({}, [], ""),
    ],
)
def test_the_appendix_is_applied_clause_by_clause(tree, hazard, scopes, clauses):
    made = post(tree.union, **hazard)
    assert made.scopes == scopes
    assert made.is_suspect is ("all" in scopes)
    assert next((rule.clause for rule in clauses_of(made)), "") == clauses


def test_the_limits_are_those_of_the_day(tree):
    Parameter.objects.create(
        code="women.load_kg_often",
        value=15,
        valid_from=date(2012, 9, 10),
        source="示例",
        set_at=clock.now(),
    )
    before = post(tree.union, load_kg=Decimal(18), loads_per_hour=6)
    after = post(tree.union, load_kg=Decimal(18), loads_per_hour=6, checked_on=date(2012, 9, 10))
    assert (before.is_suspect, after.is_suspect) == (False, True)


@pytest.mark.parametrize(
    "text",
    ["王某女士怀孕，调至仓库", "姓名：李示例", "410402198001011236孕七月", "电话13837512345"],
)
def test_nobody_pregnant_is_named(tree, text):
    with pytest.raises(DomainError) as refused:
        post(tree.union, replacement=text)
    assert refused.value.message == NO_NAMES
    assert not WomenPost.objects.exists()
    assert post(tree.union, replacement="孕期2人已调至包装岗位").replacement


def test_a_load_needs_its_frequency_and_a_post_is_recorded_once(tree):
    with pytest.raises(DomainError) as refused:
        post(tree.union, load_kg=Decimal(30))
    assert refused.value.message == "填写了负重的，请填写每小时负重次数。"
    made = post(tree.union)
    with pytest.raises(DomainError) as twice:
        post(tree.union, employer=made.employer)
    assert twice.value.message == "该单位该车间的这个岗位已登记。"


def test_a_facility_counts_while_it_is_open(tree):
    def count(day):
        return int(figure("women.facilities", tree.city, Period(day, day)).value)

    room = create(
        WomenFacility,
        by=SYSTEM,
        org=tree.union,
        kind="nursing_room",
        name="母婴室",
        opened_on=date(2012, 3, 8),
    )
    with pytest.raises(DomainError):
        create(
            WomenFacility,
            by=SYSTEM,
            org=tree.union,
            kind="nursing_room",
            name="母婴室",
            opened_on=date(2012, 5, 1),
        )
    change(room, by=SYSTEM, closed_on=date(2012, 9, 1))
    days = (date(2012, 3, 7), date(2012, 3, 8), date(2012, 8, 31), date(2012, 9, 1))
    assert [count(day) for day in days] == [0, 1, 1, 0]
    create(
        WomenFacility,
        by=SYSTEM,
        org=tree.union,
        kind="nursing_room",
        name="母婴室",
        opened_on=date(2012, 9, 10),
    )
    with pytest.raises(DomainError):
        change(room, by=SYSTEM, closed_on=date(2012, 3, 7))


def test_a_post_is_not_looked_at_tomorrow_to_keep_it_out_of_the_figures(tree):
    with pytest.raises(DomainError, match="核对日期不能晚于今天"):
        post(tree.union, women_count=3, is_underground=True, checked_on=date(2099, 1, 1))
