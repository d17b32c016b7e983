"""Merging two persons into one, in every register of every line."""

from __future__ import annotations

from datetime import date

from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.merging import Change, change_noted, kept_and_lost, repoint
from gonghui.kernel.registers.write import change
from gonghui.lines.members.models import DuplicateCase, Membership
from gonghui.lines.members.models.membership import OPEN, Origin

_MERGED = "人员合并"


def check_can_merge(case: DuplicateCase) -> None:
    """One of the two is to be kept, and neither was merged in the meantime."""
    kept_and_lost(case)


def merge(case: DuplicateCase, by: Actor) -> None:
    """Let everything that refers to the person given up refer to the one kept."""
    kept, lost = kept_and_lost(case)
    changes = _settle_memberships(kept, lost, by)
    changes += repoint(lost, kept, by=by, reason=_MERGED, leave=(DuplicateCase,))
    changes += change_noted([lost], {"merged_into": kept}, by=by, reason=_MERGED)
    change(case, by=by, changes=changes)


def _settle_memberships(kept: Person, lost: Person, by: Actor) -> list[Change]:
    """Rows that say the same twice are absorbed; only the earliest joining stays a first one."""
    with acting(SYSTEM):
        rows = list(
            Membership.objects.filter(
                person__in=[kept, lost], is_absorbed=False, voided_at=None
            ).order_by("joined_on", "pk")
        )
    kept_rows = [row for row in rows if row.person_id == kept.pk]
    doubled = [
        row
        for row in rows
        if row.person_id == lost.pk and any(_clash(row, other) for other in kept_rows)
    ]
    changes = change_noted(doubled, {"is_absorbed": True}, by=by, reason=_MERGED)
    firsts = [row for row in rows if row.origin == Origin.NEW and row not in doubled]
    later = [row for row in firsts[1:] if row.joined_on is not None]
    return changes + change_noted(later, {"origin": Origin.RESTORE.value}, by=by, reason=_MERGED)


def _clash(one: Membership, other: Membership) -> bool:
    """Whether two rows cannot both be a person's: they overlap, or both are open."""
    if one.joined_on is None or other.joined_on is None:
        return one.state in (*OPEN, "founding") and other.state in (*OPEN, "founding")
    ends: date = other.left_on or date.max
    return bool(one.joined_on < ends and other.joined_on < (one.left_on or date.max))
