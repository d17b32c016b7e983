"""Founding members: they count from the day their union is approved."""

from __future__ import annotations

from typing import Any

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.persons import move_to
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.members.models import Membership, MembershipTransfer
from gonghui.lines.members.models.membership import OPEN, LeaveKind, Origin
from gonghui.lines.members.services import standing
from gonghui.lines.members.services.admissions import Past, pasts_of


def founding_members(org_ids: set[int]) -> list[Membership]:
    """The founding memberships of unions, in order."""
    with acting(SYSTEM):
        rows = Membership.objects.filter(
            org_id__in=org_ids, state="founding", is_absorbed=False, voided_at=None
        )
        return list(rows.select_related("org", "person").order_by("pk"))


def activate_founders(formations: list[Any], by: Actor) -> None:
    """The founding members of approved unions are members from the day of approval.

    Who came by transfer leaves his old union on that day; who has become a member elsewhere since
    is dropped.
    """
    approved_on = {int(formation.org_id): formation.approved_on for formation in formations}
    rows = founding_members(set(approved_on))
    pasts = pasts_of(row.person_id for row in rows)
    for day, group in standing.grouped(rows, lambda row: approved_on[row.org_id]).items():
        arriving = [row for row in group if row.origin == Origin.TRANSFER]
        _leave_old_unions(arriving, day, by)
        lost = [row for row in group if row not in arriving and _is_open_elsewhere(row, pasts)]
        drop(lost, by)
        staying = [row for row in group if row not in lost]
        key = lambda row: _origin(row, pasts)  # noqa: E731  a key, not a function
        for origin, alike in standing.grouped(staying, key).items():
            values = {"joined_on": day, "origin": origin, "founding_until": day}
            must(perform_many(alike, "activate", by=by, **values))
        move_to({row.person_id: row.org for row in staying}, by)


def _leave_old_unions(rows: list[Membership], day: Any, by: Actor) -> None:
    with acting(SYSTEM):
        old = list(
            Membership.objects.filter(
                person_id__in=[row.person_id for row in rows],
                state__in=OPEN,
                is_absorbed=False,
                voided_at=None,
            ).order_by("pk")
        )
    for is_retained, group in standing.grouped(old, lambda row: row.is_retained).items():
        kind = LeaveKind.RESTORED if is_retained else LeaveKind.TRANSFER
        standing.end(group, day, kind, by)


def _is_open_elsewhere(row: Membership, pasts: dict[int, list[Past]]) -> bool:
    return any(past.state in OPEN and past.pk != row.pk for past in pasts[row.person_id])


def _origin(row: Membership, pasts: dict[int, list[Past]]) -> str:
    earlier = [past for past in pasts[row.person_id] if past.joined_on is not None]
    if row.origin == Origin.NEW and earlier:
        return Origin.RESTORE
    if row.origin == Origin.TRANSFER and any(past.state == "retained" for past in earlier):
        return Origin.RESTORE
    return str(row.origin)


def drop_founders(formations: list[Any], by: Actor) -> None:
    """Where a formation is given up, its founding members have never been members."""
    drop(founding_members({int(formation.org_id) for formation in formations}), by)


def drop(rows: list[Membership], by: Actor) -> None:
    """End founding memberships that did not take effect; who was to come by transfer stays."""
    if not rows:
        return
    kind = LeaveKind.NOT_FOUNDED.value
    must(perform_many(rows, "drop", by=by, founding_until=clock.today(), leave_kind=kind))
    with acting(SYSTEM):
        moving = Membership.objects.filter(
            person_id__in=[row.person_id for row in rows],
            state="moving",
            moving_to_id__in={row.org_id for row in rows},
        )
        groups = standing.grouped(list(moving.order_by("pk")), lambda row: row.is_retained)
    for is_retained, group in groups.items():
        action = "keep_retained" if is_retained else "stop_moving"
        must(perform_many(group, action, by=by, moving_to=None))


def follow_changes(changes: list[Any], by: Actor) -> None:
    """When a union merges into another or is dissolved, its members move there or are retained.

    Members retained go to the named union, else to the superior of the one that ends. Where they
    were to be dealt with by a list, whoever is left stops the change.
    """
    for change in changes:
        if change.kind in ("merge", "dissolve"):
            _leave_ended_union(change, by)


def _leave_ended_union(change: Any, by: Actor) -> None:
    with acting(SYSTEM):
        rows = list(
            Membership.objects.filter(
                org_id=change.org_id, state__in=OPEN, is_absorbed=False, voided_at=None
            )
            .select_related("org", "person")
            .order_by("pk")
        )
        target = change.into or change.org.superior
    if not rows:
        return
    if change.members_plan == "listed" or target is None:
        raise DomainError(
            f"“{change.org}”还有{len(rows)}名会员没有转出或保留，请先按名单办完。",
            field="members_plan",
        )
    _stop_transfers(rows, by)
    retained = [row for row in rows if row.is_retained]
    active = [row for row in rows if not row.is_retained]
    day = change.effective_on
    if active and change.members_plan == "retain":
        standing.retain(active, [target] * len(active), day, by)
    elif active:
        standing.move(active, [target] * len(active), day, by)
    _rehome_retained(retained, target, day, by)


def _rehome_retained(rows: list[Membership], target: Org, day: Any, by: Actor) -> None:
    """A retained membership that changes its keeper stays retained."""
    if rows:
        standing.end(rows, day, LeaveKind.TRANSFER, by)
        standing.successors(rows, [target] * len(rows), day, Origin.RETAINED, by, is_retained=True)


def _stop_transfers(rows: list[Membership], by: Actor) -> None:
    """Moves that were under way end with the union; its members go where the plan says."""
    with acting(SYSTEM):
        open_ones = list(
            MembershipTransfer.objects.filter(
                membership__in=[row.pk for row in rows],
                state__in=("out_pending", "in_pending", "county_pending"),
            )
        )
    if open_ones:
        must(perform_many(open_ones, "return", by=by, reason="转出工会已合并或撤销"))
