"""The roster sheet: 0.4's new members of the first half of 2012, and rows that cannot be taken."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal

import pytest

from gonghui.base.errors import NotAllowed
from gonghui.base.identity import make_id_number
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger import targets
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import change
from gonghui.lines.members.models import Membership
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.roster import employers_of, write_roster
from gonghui.lines.members.services.events import record_many
from tests.lines.members.making import (
    HALF,
    draft_union,
    employer,
    fresh,
    id_number,
    member,
    memberships,
    number,
    numbers,
    person,
)
from tests.support.orgs import actor_with, make_org

NEW_MEMBERS = {
    "汝州市": 2586,
    "舞钢市": 960,
    "宝丰县": 1280,
    "叶县": 1150,
    "鲁山县": 1690,
    "郏县": 605,
    "新华区": 1120,
    "卫东区": 1085,
    "湛河区": 985,
    "石龙区": 118,
    "市直": 930,
}


def row(name="示例一", id_no=None, **values):
    """A row as the import job hands it over."""
    return {
        "person__name": name,
        "person__id_type": "resident",
        "person__id_no": id_no or id_number(),
        "person__phone": None,
        "employ_kind": "contract",
        "employer": None,
        "is_migrant": None,
        "newform_group": "",
        "joined_on": date(2012, 3, 15),
        **values,
    }


@pytest.fixture
def planned():
    """Sets the province's plan for the city; afterwards the plan books answer again."""
    before = list(targets._providers)
    yield lambda plan: targets.provide(
        lambda code, org_ids, on, as_of, issuer: dict.fromkeys(org_ids, Decimal(plan))
    )
    targets._providers[:] = before


def percent(org):
    """What the report prints."""
    value = figure("members.new_vs_plan", org, HALF, issuer="province").value
    return int((value * 100).quantize(Decimal(1), ROUND_HALF_UP))


def test_the_first_half_of_2012(db, planned):
    city = make_org("示例市总工会", OrgLevel.CITY)
    chance = random.Random(2012)
    counter = iter(range(20_000))
    homes = {}
    for name, size in NEW_MEMBERS.items():
        level = OrgLevel.DIRECT if name == "市直" else OrgLevel.COUNTY
        homes[name] = make_org(name, level, city)
        union = make_org(f"{name}示例厂工会", OrgLevel.BASIC, homes[name])
        rows = [
            row(
                f"示例{n % 100}",
                make_id_number("410402", date(1975, 1, 1) + timedelta(days=n // 900), n % 900),
                joined_on=date(2012, 1, 1) + timedelta(days=chance.randrange(182)),
            )
            for n in (next(counter) for _ in range(size))
        ]
        # Two days past the half year and one before it: neither counts in it.
        rows.append(row("示例七月", joined_on=date(2012, 7, 1)))
        rows.append(row("示例上年", joined_on=date(2011, 12, 31)))
        assert all(outcome.error is None for outcome in write_roster(rows, SYSTEM, union))
    assert number(city, "new", HALF) == 12_509
    assert {name: number(org, "new", HALF) for name, org in homes.items()} == NEW_MEMBERS
    for plan, printed in ((6400, 195), (6398, 196), (6432, 194), (6399, 195), (6431, 195)):
        planned(plan)
        assert percent(city) == printed


def test_one_row_makes_a_person_and_a_membership(tree):
    works = employer(tree.union, uscc="91410402MA40ABC13B")
    basic = actor_with(Role.BASIC, org=tree.union)
    (outcome,) = write_roster(
        [
            row(
                "单示例",
                "410402198001011236",
                person__education="college",
                person__hukou_kind="rural",
                employer=employers_of({"91410402MA40ABC13B", "没有"})["91410402MA40ABC13B"],
                is_migrant=True,
                job_title="电工",
            )
        ],
        basic,
        tree.union,
    )
    made = fresh(outcome.record)
    assert (made.org, made.employer, made.job_title) == (tree.union, works, "电工")
    assert (made.person.name, made.person.education) == ("单示例", "college")
    assert (made.sex, made.is_migrant, made.first_admission) == ("male", True, True)


def test_the_same_file_twice_changes_nothing(tree):
    rows = [row(f"示例{n}") for n in range(10)]
    write_roster(rows[:6], SYSTEM, tree.union)  # killed after the first chunk, then started again
    first = write_roster(rows, SYSTEM, tree.union)
    versions = [fresh(outcome.record).version for outcome in first]
    again = write_roster(rows, SYSTEM, tree.union)
    assert [outcome.record.pk for outcome in again] == [outcome.record.pk for outcome in first]
    assert [fresh(outcome.record).version for outcome in again] == versions == [1] * 10
    assert (Person._unscoped.count(), Membership._unscoped.count()) == (10, 10)
    assert number(tree.union, "new", HALF) == 10


def test_a_changed_row_changes_the_membership_but_not_the_joining_day(tree):
    number_ = id_number()
    write_roster([row("示例一", number_)], SYSTEM, tree.union)
    (outcome,) = write_roster(
        [row("示例一", number_, job_title="焊工", joined_on=date(2012, 6, 1))], SYSTEM, tree.union
    )
    changed = fresh(outcome.record)
    assert (changed.job_title, changed.joined_on) == ("焊工", date(2012, 3, 15))


def test_of_two_rows_with_one_paper_the_first_is_kept(tree):
    outcomes = write_roster(
        [row("示例一", "410402198001011236"), row("示例一", "410402800101123", job_title="后")],
        SYSTEM,
        tree.union,
    )
    assert outcomes[0].error is None
    assert outcomes[1].error.message == "与本表前面的“示例一”证件号码相同，已保留先出现的一行。"
    assert fresh(outcomes[0].record).job_title == ""


def test_fifteen_digits_are_lengthened_with_a_warning(tree):
    (outcome,) = write_roster([row("示例一", "410402800101123")], SYSTEM, tree.union)
    assert outcome.warning == "15位旧号已自动升位，请核对"
    (again,) = write_roster([row("示例一", "410402198001011236")], SYSTEM, tree.union)
    assert again.record.pk == outcome.record.pk


def test_every_refused_row_says_why_and_the_others_are_taken(tree):
    elsewhere = person(tree.union, "示例在册", id_no=make_id_number("410402", date(1980, 1, 1), 1))
    member(tree.union, person=elsewhere)
    retired = person(tree.union, "示例退休", id_no=make_id_number("410402", date(1950, 1, 1), 3))
    record_many(
        [member(tree.union, person=retired)], EventKind.RETAIN, date(2012, 4, 1), "退休", by=SYSTEM
    )
    rows = [
        row("示例好"),
        row("示例坏", "410402198001011235"),
        row("示例科", 4.10402e17),
        row("示例在册", make_id_number("410402", date(1980, 1, 1), 1)),
        row("示例退休", make_id_number("410402", date(1950, 1, 1), 3)),
        row("示例冒名", make_id_number("410402", date(1980, 1, 1), 1)),
        row("示例幼", make_id_number("410402", date(2000, 1, 1), 1)),
        row("示例派遣", employ_kind="dispatch"),
        row("示例好二"),
    ]
    outcomes = write_roster(rows, SYSTEM, tree.neighbour_union)
    assert [
        outcome.error and (outcome.error.field, outcome.error.message) for outcome in outcomes
    ] == [
        None,
        ("person__id_no", "身份证号第18位校验不符，请核对"),
        ("person__id_no", "证件号码被Excel改成数字，请用模板（文本格式）重新填写"),
        ("person", "已在“甲厂工会”在册，是否发起批量接转？"),
        ("person", "会籍已在“甲厂工会”保留，不必重新入会，是否办理恢复会籍？"),
        ("person__id_no", "与本表前面的“示例在册”证件号码相同，已保留先出现的一行。"),
        ("joined_on", "入会时未满16周岁，请核对入会日期和证件号码。"),
        ("user_employer", "劳务派遣职工须填写用工单位。"),
        None,
    ]
    assert number(tree.neighbour_union, "total", HALF) == 2
    assert number(tree.union, "total", HALF) == 1


def test_another_name_for_a_known_paper_is_refused_without_telling_more(tree):
    person(tree.union, "王建国", id_no="410402198001011236")
    (outcome,) = write_roster([row("李四", "410402198001011236")], SYSTEM, tree.neighbour_union)
    assert outcome.error.field == "person__name"
    assert "王**" in outcome.error.message
    assert "建国" not in outcome.error.message


def test_a_draft_unions_roster_is_its_founding_members(tree):
    draft = draft_union(tree)
    outcomes = write_roster([row(f"示例{n}") for n in range(25)], SYSTEM, draft)
    assert {fresh(outcome.record).state for outcome in outcomes} == {"founding"}
    again = write_roster([row("示例外")], SYSTEM, draft)
    assert again[0].error is None
    assert len(memberships(org=draft, state="founding")) == 26


def test_only_who_may_import_imports(tree):
    leader = actor_with(Role.LEADER, org=tree.city)
    foreign = actor_with(Role.BASIC, org=tree.neighbour_union)
    for actor in (leader, foreign):
        with pytest.raises(NotAllowed):
            write_roster([row()], actor, tree.union)
    assert Person._unscoped.count() == 0


def test_a_roster_costs_as_many_queries_for_thirty_rows_as_for_three(
    tree,
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    write_roster([row()], SYSTEM, tree.union)
    counts = []
    for size in (3, 30):
        with CaptureQueriesContext(connection) as seen:
            write_roster([row(f"示例{n}") for n in range(size)], SYSTEM, tree.union)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_the_ledger_agrees_after_an_import_and_a_correction(tree):
    outcomes = write_roster([row(f"示例{n}") for n in range(5)], SYSTEM, tree.union)
    change(outcomes[0].record, by=SYSTEM, is_migrant=True)
    codes = ["members.new", "members.total", "members.migrant", "members.new_migrant"]
    assert verify(codes).differing == ()
    assert numbers(tree.union, ["migrant", "new_migrant"], HALF) == {
        "migrant": 1,
        "new_migrant": 1,
    }
