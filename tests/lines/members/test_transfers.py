"""Transfers between unions: who acts, what silence does, what the figures show."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.silence import confirm_silent
from gonghui.kernel.registers.write import create, perform, perform_many
from gonghui.lines.members.jobs import confirm_silent_transfers, send_back_seconded
from gonghui.lines.members.models import MembershipTransfer
from gonghui.lines.members.models.transfer import Initiator, TransferReason
from gonghui.lines.members.services.transfers import start_transfers, take_over
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
from tests.support.orgs import actor_with

STARTED = date(2012, 4, 2)  # a Monday


def start(membership, to_org, initiator=Initiator.OUT, by=SYSTEM, **more):
    """One started transfer."""
    (outcome,) = start_transfers([membership], to_org, by=by, initiator=initiator, **more)
    if outcome.error:
        raise outcome.error
    return outcome.record


def seen_by(actor):
    """The transfers that exist for somebody."""
    with acting(actor):
        return list(MembershipTransfer.objects.values_list("pk", flat=True))


@pytest.fixture
def giver(tree):
    return actor_with(Role.BASIC, org=tree.union)


@pytest.fixture
def taker(tree):
    return actor_with(Role.BASIC, org=tree.neighbour_union)


def test_a_member_moves_and_the_total_stays(tree, giver, taker):
    moving = member(tree.union)
    with clock.at(STARTED):
        transfer = start(moving, tree.neighbour_union, by=giver)
        assert (transfer.state, transfer.org_id) == ("in_pending", tree.neighbour_union.pk)
        assert fresh(moving).state == "moving"
        assert fresh(moving).moving_to == tree.neighbour_union
    with clock.at(date(2012, 4, 10)):
        done = perform(transfer, "accept", by=taker)
    old, new = memberships(person=moving.person)
    assert (old.state, old.left_on, old.leave_kind) == ("ended", date(2012, 4, 10), "transfer")
    assert (new.state, new.joined_on, new.origin) == ("active", date(2012, 4, 10), "transfer")
    assert (new.first_admission, new.number) == (False, old.number)
    assert fresh(done).result == new
    assert fresh(moving.person).org == tree.neighbour_union
    codes = ["new", "total", "transfers_in", "transfers_out"]
    assert list(numbers(tree.union, codes, HALF).values()) == [1, 0, 0, 1]
    assert list(numbers(tree.neighbour_union, codes, HALF).values()) == [0, 1, 1, 0]
    assert list(numbers(tree.city, codes, HALF).values()) == [1, 1, 1, 1]
    assert [number(org, "net", HALF) for org in (tree.union, tree.neighbour_union, tree.city)] == [
        0,
        1,
        1,
    ]
    for org in (tree.union, tree.neighbour_union, tree.city):
        assert_adds_up(org, HALF)
        assert_adds_up(org, Period.month(2012, 4))
    assert number(tree.union, "total", on(date(2012, 4, 9))) == 1
    assert number(tree.union, "total", on(date(2012, 4, 10))) == 0


def test_the_record_lies_with_the_union_that_must_act(tree, giver, taker):
    moving = member(tree.union)
    transfer = start(moving, tree.neighbour_union, Initiator.SELF, by=giver)
    assert (seen_by(giver), seen_by(taker)) == ([transfer.pk], [])
    with pytest.raises(DomainError) as refused:
        perform(transfer, "confirm_out", by=taker)
    assert refused.value.code == "not_found"
    sent = perform(transfer, "confirm_out", by=giver)
    assert sent.state == "in_pending"
    assert (seen_by(giver), seen_by(taker)) == ([], [transfer.pk])
    assert perform(sent, "accept", by=taker).state == "completed"


def test_who_asked_for_the_member_need_not_accept_him(tree, giver, taker):
    moving = member(tree.union)
    transfer = start(moving, tree.neighbour_union, Initiator.IN, by=taker)
    assert (transfer.state, transfer.org_id) == ("out_pending", tree.union.pk)
    perform(transfer, "confirm_out", by=giver)
    assert fresh(transfer).state == "completed"
    assert [row.org for row in memberships(state="active")] == [tree.neighbour_union]


def test_a_stranger_cannot_start_a_transfer(tree, taker):
    moving = member(tree.union)
    stranger = actor_with(Role.BASIC, org=tree.neighbour_township)
    with pytest.raises(NotAllowed):
        start(moving, tree.neighbour_union, Initiator.OUT, by=taker)
    with pytest.raises(DomainError) as refused:
        create(
            MembershipTransfer,
            by=stranger,
            org=tree.neighbour_township,
            membership=moving,
            to_org=tree.neighbour_union,
            initiator="out",
            reason="employer",
        )
    assert refused.value.message == "请由转出工会或转入工会发起接转。"
    assert fresh(moving).state == "active"


@pytest.mark.parametrize("job", [confirm_silent_transfers, confirm_silent])
def test_ten_silent_days_confirm_and_fifteen_reach_the_county(tree, giver, taker, job):
    moving = member(tree.union)
    with clock.at(STARTED):
        transfer = start(moving, tree.neighbour_union, Initiator.SELF, by=giver)
    with clock.at(date(2012, 4, 12)):
        job()
        assert fresh(transfer).state == "out_pending"
    with clock.at(date(2012, 4, 13)):
        job()
        job()
        sent = fresh(transfer)
        assert (sent.state, sent.is_auto_confirmed) == ("in_pending", True)
        assert (sent.out_confirmed_on, sent.sent_on) == (date(2012, 4, 13), date(2012, 4, 13))
    with clock.at(date(2012, 4, 30)):
        job()
        assert fresh(transfer).state == "in_pending"
    with clock.at(date(2012, 5, 1)):
        job()
        assert fresh(transfer).state == "county_pending"
        county = actor_with(Role.COUNTY, org=tree.neighbour)
        assert seen_by(county) == [transfer.pk]
        with pytest.raises(NotAllowed):
            perform(fresh(transfer), "assign", by=taker, to_org=tree.neighbour_township)
        assigned = perform(fresh(transfer), "assign", by=county, to_org=tree.neighbour_township)
        assert (assigned.state, assigned.sent_on) == ("in_pending", date(2012, 5, 1))
        assert assigned.org == tree.neighbour_township
        assert fresh(moving).moving_to == tree.neighbour_township
    assert number(tree.city, "total", HALF) == 1


def test_silence_completes_the_move_that_the_new_union_asked_for(tree, taker):
    people = [person(tree.union, f"示例{n}") for n in "甲乙丙"]
    rows = [member(tree.union, person=each) for each in people]
    listed = [(each.name, sealing.opened(fresh(each), "id_no")) for each in people]
    with clock.at(STARTED):
        outcomes = take_over(
            [*listed, ("示例丁", "410402198001011236")], tree.neighbour_union, by=taker, batch="甲"
        )
    assert [o.error.message for o in outcomes if o.error] == [
        "示例丁目前不是任何工会的会员，请直接办理入会。"
    ]
    assert sum(o.error is None for o in outcomes) == 3
    with clock.at(date(2012, 4, 13)):
        assert confirm_silent_transfers() == (3, 0)
        assert confirm_silent_transfers() == (0, 0)
    assert number(tree.neighbour_union, "total", HALF) == 3
    assert number(tree.union, "total", HALF) == 0
    assert all(fresh(row).leave_kind == "transfer" for row in rows)
    assert_adds_up(tree.city, HALF)


def test_a_returned_transfer_leaves_the_member_where_he_was(tree, giver, taker):
    moving = member(tree.union)
    transfer = start(moving, tree.neighbour_union, by=giver)
    with pytest.raises(DomainError):
        perform(transfer, "return", by=taker)
    returned = perform(transfer, "return", by=taker, reason="查无此人")
    assert (returned.state, returned.org) == ("returned", tree.union)
    assert (fresh(moving).state, fresh(moving).moving_to) == ("active", None)
    assert start(moving, tree.neighbour_union, by=giver).state == "in_pending"


def test_one_membership_moves_once_at_a_time(tree, giver):
    moving = member(tree.union)
    start(moving, tree.neighbour_union, by=giver)
    with pytest.raises(DomainError) as refused:
        start(moving, tree.neighbour_township, by=giver)
    assert refused.value.message == "该会员已有一项未办完的会籍接转。"


def test_a_member_leaves_the_city(tree, giver):
    moving = member(tree.union)
    transfer = create(
        MembershipTransfer,
        by=giver,
        org=tree.union,
        membership=moving,
        to_outside="示例省某厂工会",
        to_province="湖北",
        initiator="out",
        reason="employer",
    )
    assert transfer.state == "out_pending"
    with pytest.raises(DomainError):
        perform(transfer, "confirm_out", by=giver)
    with clock.at(date(2012, 5, 2)):
        perform(transfer, "send_outside", by=giver)
    assert fresh(moving).left_on == date(2012, 5, 2)
    assert numbers(tree.union, ["total", "transfers_out"], HALF) == {"total": 0, "transfers_out": 1}
    assert_adds_up(tree.union, HALF)


def test_three_hundred_move_in_one_batch_and_one_cannot(tree, giver, taker):
    rows = [member(tree.union, person=person(tree.union, f"示例{n}")) for n in range(20)]
    outcomes = start_transfers(
        [*rows, rows[0]],
        tree.neighbour_union,
        by=giver,
        initiator=Initiator.OUT,
        reason=TransferReason.CLOSURE,
        batch="2012-甲厂",
    )
    assert [outcome.error is None for outcome in outcomes] == [True] * 20 + [False]
    with clock.at(date(2012, 5, 2)):
        done = perform_many([o.record for o in outcomes[:20]], "accept", by=taker)
    assert all(outcome.error is None for outcome in done)
    assert number(tree.neighbour_union, "total", HALF) == 20
    assert number(tree.union, "total", HALF) == 0


def test_the_seconded_return_when_their_time_is_over(tree, giver, taker):
    moving = member(tree.union)
    with clock.at(STARTED):
        transfer = start(
            moving,
            tree.neighbour_union,
            by=giver,
            reason=TransferReason.SECONDMENT,
            return_on=date(2012, 10, 8),
        )
        perform(transfer, "accept", by=taker)
    with clock.at(date(2012, 10, 7)):
        assert send_back_seconded() == 0
    with clock.at(date(2012, 10, 8)):
        assert send_back_seconded() == 1
        assert send_back_seconded() == 0
    (back,) = MembershipTransfer._unscoped.filter(state="in_pending")
    assert (back.from_org, back.to_org) == (tree.neighbour_union, tree.union)


def test_a_member_may_stay_until_his_new_union_is_approved(tree, giver):
    moving = member(tree.union)
    draft = draft_union(tree)
    with clock.at(STARTED):
        transfer = start(moving, draft, by=giver)
        perform(transfer, "accept", by=SYSTEM)
    assert numbers(draft, ["founding", "total"], HALF) == {"founding": 1, "total": 0}
    assert number(tree.union, "total", HALF) == 1
    with clock.at(date(2012, 5, 10)):
        approve(draft, date(2012, 5, 10))
    assert numbers(draft, ["founding", "total", "new", "transfers_in"], HALF) == {
        "founding": 0,
        "total": 1,
        "new": 0,
        "transfers_in": 1,
    }
    assert number(tree.union, "total", HALF) == 0
    assert_adds_up(tree.city, HALF)
    assert_adds_up(draft, HALF)
