"""Merging two persons into one, in every register of every line, and undoing it."""

from __future__ import annotations

from datetime import date, timedelta

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.merging import Change, change_noted, put_back, repoint
from gonghui.kernel.registers.write import change
from gonghui.lines.members.models import DuplicateCase, Membership
from gonghui.lines.members.models.membership import OPEN, Origin

_MERGED = "人员合并"


def check_can_merge(case: DuplicateCase) -> None:
    """One of the two is to be kept, and neither was merged in the meantime."""
    if case.kept_id is None:
        raise DomainError("请选择保留哪一份档案。", field="kept")
    if case.first.merged_into_id or case.second.merged_into_id:
        raise DomainError("两份档案之一已并入其他档案，请先撤销那次合并。", field="kept")


def check_not_merged(case: DuplicateCase) -> None:
    """The case knows what its merge changed; without it nothing could be put back."""
    if case.state == "merged":
        raise DomainError("两份档案已合并，不能作废；合并有误的，请“撤销合并”。")


def check_can_undo(case: DuplicateCase) -> None:
    """A merge can be undone within the time set."""
    days = number_of("members.undo_days")
    if case.decided_on is None or clock.today() > case.decided_on + timedelta(days=days):
        raise DomainError(f"合并已超过{days}天，不能再撤销。")


def merge(case: DuplicateCase, by: Actor) -> None:
    """Let everything that refers to the person given up refer to the one kept."""
    kept = case.kept
    lost = case.second if case.first_id == kept.pk else case.first
    changes = _settle_memberships(kept, lost, by)
    changes += repoint(lost, kept, by=by, reason=_MERGED, leave=(DuplicateCase,))
    changes += change_noted([lost], {"merged_into": kept}, by=by, reason=_MERGED)
    change(case, by=by, changes=changes)


def undo(case: DuplicateCase, by: Actor) -> None:
    """Put back everything the merge changed, last things first."""
    put_back(case.changes, by=by, reason="撤销人员合并")
    change(case, by=by, changes=[], decided_on=None, kept=None)


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
