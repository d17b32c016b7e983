"""What confirmed events do to memberships."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import Outcome, must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.lines.members.models import Membership, MembershipEvent
from gonghui.lines.members.models.event import EventKind
from gonghui.lines.members.models.membership import OPEN, LeaveKind, Standing
from gonghui.lines.members.services import standing

_LEAVES = {
    EventKind.LEAVE: LeaveKind.LEFT,
    EventKind.LAPSE: LeaveKind.LAPSED,
    EventKind.EXPEL: LeaveKind.EXPELLED,
    EventKind.DEATH: LeaveKind.DIED,
}


def refresh(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New events are held against their memberships as they are now."""
    standing.load([row for row in rows.values() if row.membership_id], "membership")
    return {}


def check_day(event: MembershipEvent) -> None:
    """Nothing happens in the future; a draft fits its membership."""
    if event.happened_on > clock.today():
        raise DomainError(f"变动日期{event.happened_on}晚于今天，请核对。", field="happened_on")
    if event.state == "draft":
        check_fits(event)


def check_fits(event: MembershipEvent) -> None:
    """The event is possible for the membership."""
    membership = event.membership
    if membership.state not in OPEN:
        raise DomainError("该会籍已结束或尚未生效，不能再办理变动。", field="membership")
    if membership.state == Standing.MOVING and event.kind != EventKind.CORRECT:
        raise DomainError("该会籍正在接转，请先办完或退回接转。", field="membership")
    if membership.joined_on and event.happened_on < membership.joined_on:
        raise DomainError(
            f"变动日期{event.happened_on}早于入会日期{membership.joined_on}，请核对。",
            field="happened_on",
        )
    if event.kind == EventKind.RETAIN and membership.is_retained:
        raise DomainError("该会籍已是保留状态。", field="kind")
    if event.kind == EventKind.RESTORE and not membership.is_retained:
        raise DomainError("该会籍没有保留，不需要恢复。", field="kind")


def check_not_confirmed(event: MembershipEvent) -> None:
    """What an event did to the membership is not undone by voiding the event."""
    if event.state == "confirmed":
        raise DomainError(
            "变动已确认生效，不能作废；保留有误的请办“恢复会籍”，结束有误的请重新登记会籍。"
        )


def take_effect(events: list[MembershipEvent], by: Actor) -> None:
    """Do what confirmed events say, set by set."""
    key = lambda event: (EventKind(event.kind), event.happened_on)  # noqa: E731  a key, not a function
    for (kind, day), group in standing.grouped(events, key).items():
        memberships = [event.membership for event in group]
        standing.load(memberships, "org", "person")
        homes = [event.to_org or event.membership.org for event in group]
        if kind is EventKind.RETAIN:
            standing.retain(memberships, homes, day, by)
        elif kind is EventKind.RESTORE:
            standing.restore(memberships, homes, day, by)
        elif kind is EventKind.CORRECT:
            _rename(group, by)
        else:
            standing.end(memberships, day, _LEAVES[kind], by)
        if kind is EventKind.DEATH:
            pairs = [(m.person, {"deceased_on": day}) for m in memberships]
            must(change_many(pairs, by=by, reason="去世"))


def _rename(events: Sequence[MembershipEvent], by: Actor) -> None:
    pairs: list[tuple[Person, dict[str, str]]] = [
        (event.membership.person, {"name": event.new_name}) for event in events
    ]
    must(change_many(pairs, by=by, reason="信息更正"))


def record_many(
    memberships: Sequence[Membership],
    kind: EventKind,
    on: date,
    reason: str,
    *,
    by: Actor,
    to_org: Org | None = None,
) -> list[Outcome]:
    """Record and confirm one event for many members, for example retaining all who retire.

    One outcome per membership, in order; those that are refused change nothing.
    """
    values = [
        {
            "org": membership.org,
            "membership": membership,
            "kind": kind.value,
            "happened_on": on,
            "reason": reason,
            "to_org": to_org,
        }
        for membership in memberships
    ]
    drafted = create_many(MembershipEvent, values, by=by)
    confirmed = iter(perform_many([d.record for d in drafted if d.error is None], "confirm", by=by))
    return [d if d.error is not None else next(confirmed) for d in drafted]
