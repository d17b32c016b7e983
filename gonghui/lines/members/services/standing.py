"""Ending memberships and opening the rows that follow them, set by set."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many, perform_many
from gonghui.lines.members.models import Membership
from gonghui.lines.members.models.membership import LeaveKind, Origin

_KEPT = ("employ_kind", "is_migrant", "newform_group", "post_class", "job_title")
_AT_THE_EMPLOYER = ("employer", "user_employer", "group_name", "dues_paid_through")


def grouped(items: Sequence[Any], key: Callable[[Any], Any]) -> dict[Any, list[Any]]:
    """Items by a key, groups in order of first appearance."""
    groups: dict[Any, list[Any]] = {}
    for item in items:
        groups.setdefault(key(item), []).append(item)
    return groups


def load(rows: Sequence[Any], *names: str) -> None:
    """Fetch what links of some rows point to as it is now, one query a link."""
    for name in names:
        if not rows:
            return
        field = rows[0]._meta.get_field(name)
        with acting(SYSTEM):
            found = field.related_model.objects.in_bulk(
                {getattr(row, field.attname) for row in rows}
            )
        for row in rows:
            setattr(row, name, found.get(getattr(row, field.attname)))


def end(rows: Sequence[Membership], on: date, kind: LeaveKind, by: Actor) -> None:
    """End memberships on a day (they do not count on it any more); all or none."""
    must(perform_many(rows, "end", by=by, left_on=on, leave_kind=kind.value))


def successors(
    rows: Sequence[Membership],
    homes: Sequence[Org],
    on: date,
    origin: Origin,
    by: Actor,
    *,
    is_retained: bool = False,
) -> list[Membership]:
    """Open the next membership of each row's person at a union from a day; all or none.

    What belongs to the old employer is kept only where the union stays the same.
    """
    load(rows, "person", "user_employer", "employer")
    values = [
        {
            **_carried(row, home),
            "person": row.person,
            "org": home,
            "joined_on": on,
            "origin": origin.value,
            "is_retained": is_retained,
        }
        for row, home in zip(rows, homes, strict=True)
    ]
    return must(create_many(Membership, values, by=by))


def _carried(row: Membership, home: Org) -> dict[str, Any]:
    stays = row.org_id == home.pk
    # A dispatched worker needs a user employer; the new union corrects it with the roster.
    names = _KEPT + _AT_THE_EMPLOYER if stays else (*_KEPT, "user_employer", "dues_paid_through")
    return {name: getattr(row, name) for name in names}


def move(rows: Sequence[Membership], homes: Sequence[Org], on: date, by: Actor) -> list[Membership]:
    """Move memberships to other unions on a day; those retained are restored there."""
    retained = [row for row in rows if row.is_retained]
    others = [row for row in rows if not row.is_retained]
    home_of = {row.pk: home for row, home in zip(rows, homes, strict=True)}
    made: dict[int, Membership] = {}
    for group, kind, origin in (
        (others, LeaveKind.TRANSFER, Origin.TRANSFER),
        (retained, LeaveKind.RESTORED, Origin.RESTORE),
    ):
        if group:
            end(group, on, kind, by)
            new = successors(group, [home_of[row.pk] for row in group], on, origin, by)
            made.update({row.pk: each for row, each in zip(group, new, strict=True)})
    return [made[row.pk] for row in rows]


def retain(rows: Sequence[Membership], homes: Sequence[Org], on: date, by: Actor) -> None:
    """Retain memberships (保留会籍), each at a union, from a day."""
    end(rows, on, LeaveKind.RETAINED, by)
    successors(rows, homes, on, Origin.RETAINED, by, is_retained=True)


def restore(rows: Sequence[Membership], homes: Sequence[Org], on: date, by: Actor) -> None:
    """Restore retained memberships, each at a union, from a day."""
    end(rows, on, LeaveKind.RESTORED, by)
    successors(rows, homes, on, Origin.RESTORE, by)
