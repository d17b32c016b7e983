"""Transfers: starting them one by one or in batches, and what their steps do."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.people.models import IdType
from gonghui.kernel.persons import known, other_name, read_paper, same_name
from gonghui.kernel.registers.batch import Outcome, must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.lines.members.models import Membership, MembershipTransfer
from gonghui.lines.members.models.membership import OPEN, LeaveKind, Origin, Standing
from gonghui.lines.members.models.transfer import Initiator, TransferReason
from gonghui.lines.members.services import standing

_WAITING = ("out_pending", "in_pending", "county_pending")


def start_transfers(
    memberships: Iterable[Membership],
    to_org: Org,
    *,
    by: Actor,
    initiator: Initiator,
    reason: TransferReason = TransferReason.EMPLOYER,
    batch: str = "",
    return_on: date | None = None,
) -> list[Outcome]:
    """Start the transfer of many members to one union; one outcome each, in order.

    The record is made by the union that starts it: the giving one (`out`, or the worker himself
    through it) or the receiving one (`in`).
    """
    return create_many(
        MembershipTransfer,
        [
            {
                "org": to_org if initiator is Initiator.IN else membership.org,
                "membership": membership,
                "to_org": to_org,
                "initiator": initiator.value,
                "reason": reason.value,
                "requested_on": clock.today(),
                "return_on": return_on,
                "batch": batch,
            }
            for membership in memberships
        ],
        by=by,
    )


def take_over(
    people: Sequence[tuple[str, str]], to_org: Org, *, by: Actor, batch: str = ""
) -> list[Outcome]:
    """A union takes over people who are members elsewhere, by name and identity number.

    The moves run by themselves: when the other union confirms or stays silent they are complete.
    """
    open_rows, outcomes = _open_rows_of(people)
    found = [row for row in open_rows if row is not None]
    started = iter(start_transfers(found, to_org, by=by, initiator=Initiator.IN, batch=batch))
    return [outcome if outcome is not None else next(started) for outcome in outcomes]


def _open_rows_of(
    people: Sequence[tuple[str, str]],
) -> tuple[list[Membership | None], list[Outcome | None]]:
    papers = [_paper_or_error(number) for _, number in people]
    persons = known([p.key for p in papers if not isinstance(p, DomainError)])
    with acting(SYSTEM):
        rows = Membership.objects.filter(
            person_id__in={p.pk for p in persons.values()}, state__in=OPEN, is_absorbed=False
        ).filter(voided_at=None)
        of_person = {row.person_id: row for row in rows.select_related("org")}
    found: list[Membership | None] = []
    outcomes: list[Outcome | None] = []
    for (name, _), paper in zip(people, papers, strict=True):
        error = paper if isinstance(paper, DomainError) else None
        person = None if isinstance(paper, DomainError) else persons.get(paper.key)
        row = of_person.get(person.pk) if person else None
        if person is not None and not same_name(person.name, name):
            error, row = other_name(person.name), None
        elif row is None and error is None:
            error = DomainError(
                f"{name}目前不是任何工会的会员，请直接办理入会。", code="not_a_member"
            )
        found.append(row)
        outcomes.append(Outcome(error=error) if error else None)
    return found, outcomes


def _paper_or_error(number: str) -> Any:
    try:
        return read_paper(IdType.RESIDENT, number)
    except DomainError as error:
        return error


def check_is_not_moving(membership: Membership) -> None:
    """A membership that is on its way is first brought to a rest."""
    if membership.state == Standing.MOVING:
        raise DomainError("该会籍正在接转，不能作废，请先办完或退回接转。")


def settle_new(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Fill what follows from the membership and refuse what cannot move."""
    errors: dict[int, DomainError] = {}
    with acting(SYSTEM):
        memberships = Membership.objects.select_related("org").in_bulk(
            {row.membership_id for row in rows.values() if row.membership_id}
        )
    today = clock.today()
    for index, row in rows.items():
        membership = memberships.get(row.membership_id)
        error = _cannot_move(row, membership)
        if error is not None or membership is None:
            errors[index] = error or DomainError("请选择要接转的会籍。", field="membership")
            continue
        row.person_id, row.from_org = membership.person_id, membership.org
        row.requested_on = row.requested_on or today
        if row.initiator == Initiator.OUT and row.to_org_id:
            row.state, row.out_confirmed_on = "in_pending", today
    return errors


def _cannot_move(row: MembershipTransfer, membership: Membership | None) -> DomainError | None:
    if membership is None:
        return DomainError("请选择要接转的会籍。", field="membership")
    if membership.state == Standing.MOVING:
        return DomainError("该会员已有一项未办完的会籍接转。", field="membership")
    if membership.state not in OPEN:
        return DomainError("该会籍不是在册或保留状态，不能接转。", field="membership")
    starter = row.to_org_id if row.initiator == Initiator.IN else membership.org_id
    if row.org_id != starter:
        return DomainError("请由转出工会或转入工会发起接转。", field="initiator")
    if row.to_org is not None and row.to_org.state == OrgState.DISSOLVED:
        return DomainError(f"“{row.to_org}”已撤销，不能接收会员。", field="to_org")
    return None


def derive(row: MembershipTransfer) -> None:
    """The record lies with the union that must act next; the time for accepting starts on arrival."""
    gives = row.state in ("out_pending", "returned") or row.to_org_id is None
    row.org = row.from_org if gives or row.to_org is None else row.to_org
    if row.state == "county_pending":
        row.sent_on = None
    elif row.state == "in_pending" and row.sent_on is None:
        row.sent_on = clock.today()


def announce(rows: list[MembershipTransfer], created: bool, by: Actor) -> None:
    """The memberships of new transfers are on the move; those sent by the giver arrive at once."""
    if not created:
        return
    for target, group in standing.grouped(rows, lambda row: row.to_org).items():
        memberships = [row.membership for row in group]
        must(perform_many(memberships, "start_moving", by=by, moving_to=target))


def go_on(rows: list[MembershipTransfer], by: Actor) -> None:
    """Whoever asked for the member himself need not accept him once more."""
    asked = [row for row in rows if row.initiator == Initiator.IN]
    if asked:
        must(perform_many(asked, "accept", by=by))


def go_on_silently(rows: list[MembershipTransfer], by: Actor) -> None:
    """As `go_on`, marked as confirmed by nobody (超时自动确认)."""
    must(change_many([(row, {"is_auto_confirmed": True}) for row in rows], by=by))
    go_on(rows, by)


def point_to_target(rows: list[MembershipTransfer], by: Actor) -> None:
    """Let the memberships name the union that the county has assigned."""
    pairs = [(row.membership, {"moving_to": row.to_org}) for row in rows]
    must(change_many(pairs, by=by))


def stop(rows: list[MembershipTransfer], by: Actor) -> None:
    """The memberships stay where they are."""
    standing.load(rows, "membership")
    memberships = [row.membership for row in rows]
    for action, group in (
        ("stop_moving", [m for m in memberships if not m.is_retained]),
        ("keep_retained", [m for m in memberships if m.is_retained]),
    ):
        if group:
            must(perform_many(group, action, by=by, moving_to=None))


def complete(rows: list[MembershipTransfer], by: Actor) -> None:
    """End the old membership and open the new one, on the day of acceptance.

    A union under preparation takes the member when it is approved: until then he stays where he is
    and is one of its founding members.
    """
    standing.load(rows, "membership", "to_org")
    standing.load([row.membership for row in rows], "org", "person")
    for day, group in standing.grouped(rows, _day_of).items():
        outside = [row for row in group if row.to_org is None]
        founding = [row for row in group if row.to_org and row.to_org.state == OrgState.PREPARING]
        inside = [row for row in group if row not in outside and row not in founding]
        if outside:
            standing.end([row.membership for row in outside], day, LeaveKind.TRANSFER, by)
        if founding:
            memberships = [row.membership for row in founding]
            homes = [row.to_org for row in founding if row.to_org]
            made = standing.successors(memberships, homes, day, Origin.TRANSFER, by)
            _note_results(founding, made, by)
        if inside:
            _move(inside, day, by)


def _move(rows: list[MembershipTransfer], day: date, by: Actor) -> None:
    homes = [row.to_org for row in rows if row.to_org]
    made = standing.move([row.membership for row in rows], homes, day, by)
    if any(row.reason == TransferReason.RESIDENCE for row in rows):
        kept = [
            (m, r) for m, r in zip(made, rows, strict=True) if r.reason == TransferReason.RESIDENCE
        ]
        standing.retain([m for m, _ in kept], [m.org for m, _ in kept], day, by)
    _note_results(rows, made, by)


def _note_results(rows: list[MembershipTransfer], made: list[Membership], by: Actor) -> None:
    pairs = [(row, {"result": new}) for row, new in zip(rows, made, strict=True)]
    must(change_many(pairs, by=by))


def _day_of(row: MembershipTransfer) -> date:
    return row.in_accepted_on or row.out_confirmed_on or clock.today()
