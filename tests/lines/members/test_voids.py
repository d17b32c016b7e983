"""What is voided leaves nothing half undone, and what others rest on stays."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import create, perform, void
from gonghui.lines.members.models import MembershipTransfer
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.services.events import record_many
from tests.lines.members.making import HALF, fresh, member, number, on, person
from tests.lines.members.test_applications import apply
from tests.lines.members.test_declarations import declare, lock
from tests.lines.members.test_duplicates import case_of, twins

WRONG = "登记错误"


def stays(record, message):
    """It is not voided, and the row says so."""
    with pytest.raises(DomainError, match=message):
        void(fresh(record), by=SYSTEM, reason=WRONG)
    assert fresh(record).voided_at is None


def test_a_person_who_is_a_member_stays(tree):
    row = member(tree.union)
    stays(row.person, "还有会籍1条引用“示例一”，不能作废")
    void(row, by=SYSTEM, reason=WRONG)
    assert void(fresh(row.person), by=SYSTEM, reason=WRONG).voided_at is not None
    assert number(tree.union, "total", HALF) == 0


def test_a_membership_on_its_way_is_brought_to_a_rest_first(tree):
    row = member(tree.union)
    transfer = create(
        MembershipTransfer,
        by=SYSTEM,
        org=tree.union,
        membership=row,
        to_org=tree.neighbour_union,
        initiator="out",
        reason="employer",
    )
    stays(row, "正在接转，不能作废")
    perform(fresh(transfer), "return", by=SYSTEM, reason="不转了")
    assert void(fresh(row), by=SYSTEM, reason=WRONG).voided_at is not None


def test_the_application_of_a_member_stays(tree):
    application = perform(apply(tree.union, tree.union), "approve", by=SYSTEM)
    stays(application, "申请已通过并生成会籍")


def test_a_confirmed_event_stays(tree):
    row = member(tree.union)
    (outcome,) = record_many([row], EventKind.RETAIN, date(2012, 4, 1), "退休", by=SYSTEM)
    stays(outcome.record, "变动已确认生效")
    assert number(tree.union, "retained", HALF) == 1


def test_a_voided_declaration_gives_way_to_the_one_before(tree):
    lock(declare(tree.union, 2010, members=480))
    with clock.at(date(2012, 6, 30)):
        newer = lock(declare(tree.union, 2011, members=500))
        assert number(tree.union, "declared", on(date(2012, 6, 30))) == 500
        void(newer, by=SYSTEM, reason=WRONG)
        assert number(tree.union, "declared", on(date(2012, 6, 30))) == 480


def test_a_merge_is_undone_and_not_voided(tree):
    kept, lost = twins(tree)
    case = perform(case_of(kept, lost), "merge", by=SYSTEM, kept=kept)
    stays(case, "请“撤销合并”")
    perform(case, "undo", by=SYSTEM, reason="并非同一人")
    assert void(fresh(case), by=SYSTEM, reason=WRONG).voided_at is not None


def test_a_person_nobody_speaks_of_may_go(tree):
    assert void(person(tree.union), by=SYSTEM, reason=WRONG).voided_at is not None
