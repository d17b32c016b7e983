"""Taking back what rows of an import have written."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import models

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.models import ImportRow, ImportRun, RowOutcome, Undo
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import HashField, SealedField
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.permission import by_rule, may
from gonghui.kernel.registers.write import change_many, void_many

_CHANGED = "导入之后又有改动，未撤销，请在页面上核对。"
_GONE = "已由他人作废。"
_NOT_YOURS = "不在您可以作废的范围内。"


def take_back(layout: Layout, run: ImportRun, rows: Sequence[ImportRow], by: Actor) -> None:
    """Void and restore the records of the rows and note on each row what became of it."""
    register = layout.register
    found: dict[int, Any] = unscoped(register.model).in_bulk([row.record_id for row in rows])
    ready: list[tuple[ImportRow, Any]] = []
    for row in rows:
        record = found[row.record_id or 0]
        why = _why_left(row, record)
        if not why and not may(by, "void", register, record.org_id):
            why = _NOT_YOURS
        if why:
            row.undo, row.undo_note = Undo.LEFT, why
        else:
            ready.append((row, record))
    reason = f"撤销导入：{run.name}"[:200]
    new = [(row, record) for row, record in ready if row.outcome == RowOutcome.NEW]
    records = [record for _, record in new]
    hook = layout.sheet.undo
    voided = hook(records, by, reason) if hook else void_many(records, by=by, reason=reason)
    _note([row for row, _ in new], voided, Undo.VOIDED)
    changed = [(row, record) for row, record in ready if row.outcome == RowOutcome.CHANGED]
    pairs = [(record, restored(record, row.before or {})) for row, record in changed]
    with by_rule():  # also fields that nobody may set by hand get their former value back
        outcomes = change_many(pairs, by=by, reason=reason)
    _note([row for row, _ in changed], outcomes, Undo.RESTORED)


def _why_left(row: ImportRow, record: Any) -> str:
    if record.voided_at is not None:
        return _GONE
    return _CHANGED if record.version != row.version else ""


def _note(rows: Sequence[ImportRow], outcomes: Sequence[Outcome], done: Undo) -> None:
    for row, outcome in zip(rows, outcomes, strict=True):
        if outcome.error is None:
            row.undo = done
        else:
            row.undo, row.undo_note = Undo.LEFT, outcome.error.message[:300]


def restored(record: models.Model, before: dict[str, Any]) -> dict[str, Any]:
    """Former columns, as the history keeps them, as values for the verbs."""
    values: dict[str, Any] = {}
    for field in record._meta.concrete_fields:
        if field.attname not in before or isinstance(field, HashField):
            continue
        kept = before[field.attname]
        if isinstance(field, SealedField):
            values[field.name] = _opened(record, field.name, kept)
        elif isinstance(field, models.ForeignKey):
            values[field.name] = (
                None if kept is None else unscoped(field.related_model).get(pk=kept)
            )
        elif isinstance(field, models.DecimalField):
            values[field.name] = None if kept is None else field.to_python(str(kept))
        else:
            values[field.name] = field.to_python(kept)
    return values


def _opened(record: models.Model, name: str, kept: str | None) -> str | None:
    """A sealed value out of the history, where it stands as `\\x...`."""
    if not kept:
        return None
    return sealing.unseal(type(record), name, int(record.pk), bytes.fromhex(kept[2:]))
