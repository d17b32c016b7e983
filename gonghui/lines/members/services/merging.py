"""Merging two persons into one, in every register of every line, and undoing it.

The registers are asked which of their columns refer to a person; each row that refers to the one
given up is changed by the ordinary verb, so that constraints, history and figures follow. Rows that
cannot be changed (a second open file, say) stop the whole merge with their own message.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db import models

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.uses import columns_to
from gonghui.kernel.registers.write import change, change_many
from gonghui.lines.members.models import DuplicateCase, Membership
from gonghui.lines.members.models.membership import OPEN, Origin

Change = dict[str, Any]


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
    changes: list[Change] = []
    _settle_memberships(kept, lost, by, changes)
    for model, column in person_columns():
        if model is DuplicateCase:
            continue
        with acting(SYSTEM):
            rows = list(model.objects.filter(**{column: lost, "voided_at": None}).order_by("pk"))
        _change(rows, {column: kept}, by, changes)
    _change([lost], {"merged_into": kept}, by, changes)
    change(case, by=by, changes=changes)


def person_columns() -> Iterator[tuple[type[RecordBase], str]]:
    """Every register's columns that refer to a person, by introspection."""
    for register, column in columns_to(Person):
        if (register.model, column) != (Person, "merged_into"):
            yield register.model, column


def _settle_memberships(kept: Person, lost: Person, by: Actor, changes: list[Change]) -> None:
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
    _change(doubled, {"is_absorbed": True}, by, changes)
    firsts = [row for row in rows if row.origin == Origin.NEW and row not in doubled]
    later = [row for row in firsts[1:] if row.joined_on is not None]
    _change(later, {"origin": Origin.RESTORE.value}, by, changes)


def _clash(one: Membership, other: Membership) -> bool:
    """Whether two rows cannot both be a person's: they overlap, or both are open."""
    if one.joined_on is None or other.joined_on is None:
        return one.state in (*OPEN, "founding") and other.state in (*OPEN, "founding")
    ends: date = other.left_on or date.max
    return bool(one.joined_on < ends and other.joined_on < (one.left_on or date.max))


def _change(rows: list[Any], values: dict[str, Any], by: Actor, changes: list[Change]) -> None:
    """Change rows and note what was there before."""
    if not rows:
        return
    key = register_of(rows[0]).key
    for row in rows:
        for name in values:
            attname = row._meta.get_field(name).attname
            before = getattr(row, attname)
            changes.append({"register": key, "id": row.pk, "field": attname, "before": before})
    must(change_many([(row, values) for row in rows], by=by, reason="人员合并"))


def undo(case: DuplicateCase, by: Actor) -> None:
    """Put back everything the merge changed, last things first."""
    for noted in reversed(case.changes):
        model = register_of(noted["register"]).model
        field = next(f for f in model._meta.concrete_fields if f.attname == noted["field"])
        before = noted["before"]
        if isinstance(field, models.ForeignKey) and before is not None:
            with acting(SYSTEM):
                before = field.related_model.objects.get(pk=before)  # type: ignore[attr-defined]  # a record's manager
        with acting(SYSTEM):
            row = model.objects.get(pk=noted["id"])
        must(change_many([(row, {field.name: before})], by=by, reason="撤销人员合并"))
    change(case, by=by, changes=[], decided_on=None, kept=None)
