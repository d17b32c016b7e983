"""Founding members, and members of unions that end."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.permission import by_rule
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.models.transfer import Initiator
from gonghui.lines.members.services.events import record_many
from gonghui.lines.members.services.founding import drop_founders, follow_changes
from gonghui.lines.members.services.transfers import start_transfers
from tests.lines.members.making import (
    HALF,
    approve,
    assert_adds_up,
    draft_union,
    fresh,
    member,
    memberships,
    number,
    numbers,
    on,
    person,
)

APPROVED = date(2012, 5, 10)


def change(**values):
    """An organisation change as the other line's record looks."""
    return SimpleNamespace(**{"into": None, "effective_on": date(2012, 5, 1), **values})


def follow(record):
    """What the reaction does."""
    with acting(SYSTEM), by_rule():
        follow_changes([record], SYSTEM)


def test_founding_members_count_from_the_approval(tree):
    draft = draft_union(tree)
    with clock.at(date(2012, 4, 1)):
        rows = [member(draft, person=person(draft, f"示例{n}")) for n in range(25)]
    assert {row.state for row in rows} == {"founding"}
    assert number(draft, "founding", on(date(2012, 4, 1))) == 25
    assert number(draft, "founding", on(date(2012, 5, 9))) == 25
    assert numbers(draft, ["new", "total"], HALF) == {"new": 0, "total": 0}
    with clock.at(APPROVED):
        approve(draft, APPROVED)
    assert {row.state for row in memberships(org=draft)} == {"active"}
    assert {row.joined_on for row in memberships(org=draft)} == {APPROVED}
    assert all(row.first_admission for row in memberships(org=draft))
    assert numbers(draft, ["founding", "new", "total"], HALF) == {
        "founding": 0,
        "new": 25,
        "total": 25,
    }
    assert number(draft, "founding", on(APPROVED)) == 0
    assert number(draft, "total", on(date(2012, 5, 9))) == 0
    assert_adds_up(draft, HALF)


def test_a_late_registered_approval_leaves_nothing_founding(tree):
    draft = draft_union(tree)
    with clock.at(date(2012, 6, 1)):
        member(draft)
        approve(draft, APPROVED)
    assert number(draft, "founding", on(date(2012, 6, 1))) == 0
    assert number(draft, "new", HALF) == 1


def test_who_was_a_member_before_is_no_new_one(tree):
    draft = draft_union(tree)
    first = member(tree.union)
    record_many([first], EventKind.LEAVE, date(2012, 4, 1), "本人申请", by=SYSTEM)
    founding = member(draft, person=first.person)
    assert founding.origin == "restore"
    approve(draft, APPROVED)
    assert numbers(draft, ["new", "restored", "total"], HALF) == {
        "new": 0,
        "restored": 1,
        "total": 1,
    }


def test_a_formation_that_is_given_up_leaves_no_members(tree):
    draft = draft_union(tree)
    made = member(draft)
    with acting(SYSTEM), by_rule():
        drop_founders([SimpleNamespace(org_id=draft.pk)], SYSTEM)
    dropped = fresh(made)
    assert (dropped.state, dropped.leave_kind, dropped.joined_on) == ("ended", "not_founded", None)
    assert numbers(draft, ["founding", "left", "total"], on(clock.today())) == {
        "founding": 0,
        "left": 0,
        "total": 0,
    }
    assert member(tree.union, person=made.person).first_admission is True


def test_a_merged_unions_members_move(tree):
    for n in range(31):
        member(tree.union, person=person(tree.union, f"甲{n}"))
    rows = [member(tree.neighbour_union, person=person(tree.union, f"乙{n}")) for n in range(22)]
    start_transfers(rows[:1], tree.township, by=SYSTEM, initiator=Initiator.OUT)
    record_many(rows[1:3], EventKind.RETAIN, date(2012, 4, 1), "退休", by=SYSTEM)
    follow(
        change(
            kind="merge",
            org=tree.neighbour_union,
            org_id=tree.neighbour_union.pk,
            into=tree.union,
            members_plan="transfer",
        )
    )
    assert number(tree.union, "total", HALF) == 31 + 20
    assert numbers(tree.union, ["retained", "transfers_in"], HALF) == {
        "retained": 2,
        "transfers_in": 20,
    }
    assert number(tree.neighbour_union, "total", HALF) == 0
    assert number(tree.neighbour_union, "total", on(date(2012, 3, 31))) == 22
    assert number(tree.city, "new", HALF) == 53
    for org in (tree.union, tree.neighbour_union, tree.city):
        assert_adds_up(org, HALF)


def test_a_dissolved_unions_members_are_retained_by_the_superior(tree):
    member(tree.union)
    follow(change(kind="dissolve", org=tree.union, org_id=tree.union.pk, members_plan="retain"))
    assert [(row.org, row.state) for row in memberships(left_on=None)] == [
        (tree.township, "retained")
    ]
    assert numbers(tree.township, ["total", "retained"], HALF) == {"total": 0, "retained": 1}


def test_who_is_not_on_the_list_stops_the_end_of_his_union(tree):
    made = member(tree.union)
    with pytest.raises(DomainError) as refused:
        follow(change(kind="dissolve", org=tree.union, org_id=tree.union.pk, members_plan="listed"))
    assert refused.value.message == "“甲厂工会”还有1名会员没有转出或保留，请先按名单办完。"
    assert fresh(made).state == "active"
