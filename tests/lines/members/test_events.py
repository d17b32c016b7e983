"""Retaining, restoring, leaving: what events do and what they need."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.members.models import MembershipEvent
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.services.events import record_many
from gonghui.web import printing
from tests.lines.members.making import (
    HALF,
    assert_adds_up,
    fresh,
    member,
    memberships,
    number,
    numbers,
    on,
    person,
)
from tests.support.orgs import actor_with

DAY = date(2012, 5, 1)


@pytest.fixture
def basic(tree):
    return actor_with(Role.BASIC, org=tree.union)


def event(membership, kind, by, on=DAY, **values):
    """A draft event."""
    return create(
        MembershipEvent,
        by=by,
        membership=membership,
        kind=kind,
        happened_on=on,
        reason="示例原因",
        **values,
    )


def test_forty_retire_in_one_batch(tree, basic):
    rows = [member(tree.union, person=person(tree.union, f"示例{n}")) for n in range(45)]
    outcomes = record_many(rows[:40], EventKind.RETAIN, DAY, "退休", by=basic)
    assert all(outcome.error is None for outcome in outcomes)
    codes = ["total", "retained", "retentions", "new"]
    assert list(numbers(tree.union, codes, HALF).values()) == [5, 40, 40, 45]
    assert number(tree.union, "total", on(date(2012, 4, 30))) == 45
    assert number(tree.union, "retained", on(date(2012, 4, 30))) == 0
    # Who should attend an election are the active rows alone.
    assert len(memberships(org=tree.union, state="active")) == 5
    assert len(memberships(org=tree.union, state="retained")) == 40
    assert_adds_up(tree.union, HALF)
    assert_adds_up(tree.county, Period.month(2012, 5))


def test_the_same_batch_again_retains_nobody_twice(tree, basic):
    rows = [member(tree.union)]
    record_many(rows, EventKind.RETAIN, DAY, "退休", by=basic)
    (again,) = record_many(rows, EventKind.RETAIN, DAY, "退休", by=basic)
    assert again.error.message == "该会籍已结束或尚未生效，不能再办理变动。"
    assert numbers(tree.union, ["retained", "retentions"], HALF) == {"retained": 1, "retentions": 1}


def test_a_retained_member_is_restored(tree, basic):
    first = member(tree.union)
    record_many([first], EventKind.RETAIN, DAY, "失业", by=basic)
    (retained,) = memberships(state="retained")
    assert (retained.number, retained.is_retained) == (first.number, True)
    record_many([retained], EventKind.RESTORE, date(2012, 6, 1), "再就业", by=basic)
    (active,) = memberships(state="active")
    assert (active.origin, active.first_admission) == ("restore", False)
    codes = ["new", "total", "retained", "restored", "retentions", "left"]
    assert list(numbers(tree.union, codes, HALF).values()) == [1, 1, 0, 1, 1, 0]
    assert_adds_up(tree.union, HALF)
    assert_adds_up(tree.union, Period.month(2012, 6))


def test_a_closed_employers_member_is_retained_at_the_township(tree, basic):
    first = member(tree.union)
    record_many([first], EventKind.RETAIN, DAY, "单位撤并", by=basic, to_org=tree.township)
    (retained,) = memberships(state="retained")
    assert retained.org == tree.township
    assert numbers(tree.union, ["total", "retained"], HALF) == {"total": 0, "retained": 0}
    assert numbers(tree.township, ["total", "retained"], HALF) == {"total": 0, "retained": 1}


@pytest.mark.parametrize(
    ("kind", "more", "field"),
    [
        ("expel", {"decision_doc": "甲厂工〔2012〕3号"}, "filed_with_superior_on"),
        ("expel", {"filed_with_superior_on": DAY}, "filed_with_superior_on"),
        ("lapse", {}, "persuaded_on"),
        ("correct", {}, "new_name"),
    ],
)
def test_an_event_without_its_papers_takes_no_effect(tree, basic, kind, more, field):
    first = member(tree.union)
    draft = event(first, kind, basic, **more)
    with pytest.raises(DomainError) as refused:
        perform(draft, "confirm", by=basic)
    assert refused.value.field == field
    assert (fresh(draft).state, fresh(first).state) == ("draft", "active")


def test_an_expulsion_that_was_filed_ends_the_membership(tree, basic):
    first = member(tree.union)
    papers = {"decision_doc": "甲厂工〔2012〕3号", "filed_with_superior_on": DAY}
    perform(event(first, "expel", basic, **papers), "confirm", by=basic)
    ended = fresh(first)
    assert (ended.state, ended.leave_kind, ended.left_on) == ("ended", "expelled", DAY)
    assert numbers(tree.union, ["left", "total"], HALF) == {"left": 1, "total": 0}
    assert_adds_up(tree.union, HALF)


def test_death_ends_the_membership_and_marks_the_person(tree, basic):
    first = member(tree.union)
    perform(event(first, "death", basic), "confirm", by=basic)
    assert fresh(first).leave_kind == "died"
    assert fresh(first.person).deceased_on == DAY


def test_a_name_is_corrected_by_an_event(tree, basic):
    first = member(tree.union)
    perform(event(first, "correct", basic, new_name="示例新名"), "confirm", by=basic)
    assert fresh(first.person).name == "示例新名"
    assert fresh(first).state == "active"


@pytest.mark.parametrize(
    ("on", "message"),
    [
        (date(2012, 2, 1), "变动日期2012-02-01早于入会日期2012-03-01，请核对。"),
        (date(2012, 7, 2), "变动日期2012-07-02晚于今天，请核对。"),
    ],
)
def test_an_event_has_a_possible_day(tree, basic, on, message):
    first = member(tree.union)
    with clock.at(date(2012, 7, 1)), pytest.raises(DomainError) as refused:
        event(first, "leave", basic, on=on)
    assert refused.value.message == message


def test_a_neighbour_records_no_event(tree):
    first = member(tree.union)
    foreign = actor_with(Role.BASIC, org=tree.neighbour_union)
    with pytest.raises(DomainError):
        event(first, "leave", foreign)
    assert MembershipEvent._unscoped.count() == 0


def test_the_rule_of_the_identity_holds_for_every_way_at_once(tree):
    rows = [member(tree.union, person=person(tree.union, f"示例{n}")) for n in range(6)]
    record_many(rows[:1], EventKind.LEAVE, DAY, "本人申请", by=SYSTEM)
    record_many(rows[1:3], EventKind.RETAIN, DAY, "退休", by=SYSTEM)
    back = memberships(state="retained")[0]
    record_many([back], EventKind.RESTORE, date(2012, 6, 2), "返聘", by=SYSTEM)
    member(tree.union, date(2012, 6, 3), person=rows[0].person)
    for month in range(1, 7):
        assert_adds_up(tree.union, Period.month(2012, month))
    assert numbers(tree.union, ["total", "gained", "net"], HALF) == {
        "total": 5,
        "gained": 8,  # six new, one back from retention, one who joined again
        "net": 5,
    }


def test_a_union_that_loses_members_has_a_negative_growth(tree):
    leaver = member(tree.union)
    record_many([leaver], EventKind.LEAVE, DAY, "本人申请", by=SYSTEM)
    month = Period.month(DAY.year, DAY.month)
    assert numbers(tree.union, ["gained", "net"], month) == {"gained": 0, "net": -1}


def test_who_is_retained_gets_his_proof_and_who_is_expelled_does_not(tree, basic):
    retired = member(tree.union, person=person(tree.union, "示例退"))
    (outcome,) = record_many([retired], EventKind.RETAIN, date(2012, 4, 1), "退休", by=basic)
    event, register = outcome.record, register_of(MembershipEvent)
    ((_, offered),) = printing.forms_of(register, event)
    assert offered.title == "保留会籍证明"
    with acting(SYSTEM):
        made = printing.Printing(SYSTEM, register, fresh(event), offered.form).document("")
    said = "".join(paragraph.text for paragraph in Document(io.BytesIO(made)).paragraphs)
    assert f"示例退同志系我会会员，会员号{retired.number}。" in said
    assert "因退休，自2012年4月1日起保留会籍" in said
    expelled = create(
        MembershipEvent,
        by=basic,
        membership=member(tree.union),
        kind="expel",
        happened_on=date(2012, 5, 1),
        reason="判刑",
        decision_doc="示工〔2012〕3号",
        filed_with_superior_on=date(2012, 5, 2),
    )
    assert printing.forms_of(register, expelled) == []
    confirmed = perform(expelled, "confirm", by=basic)
    assert [each.title for _, each in printing.forms_of(register, confirmed)] == ["除名备案表"]
