"""One chunk of rows through the write verbs, and what it did to which record.

Checking a sheet runs the very same code and rolls it back, so that it tells what writing will do.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import models, transaction

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.excel.cells import CellRemark
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.matching import Matching, changes_of
from gonghui.kernel.imports.models import RowOutcome
from gonghui.kernel.imports.rows import Line
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records.history import KERNEL_COLUMNS
from gonghui.kernel.records.models import History
from gonghui.kernel.registers import validate
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.batch import _next_keys as next_keys
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.write import change_many, create_many

_NOT_BEFORE = KERNEL_COLUMNS | {"id", "number", "state", "voided_at", "void_reason"}


class _Back(Exception):
    """Takes a savepoint back."""


@contextmanager
def rolled_back() -> Iterator[None]:
    """What is written inside never was."""
    try:
        with transaction.atomic():
            yield
            raise _Back
    except _Back:
        return


class Writer:
    """Writes the rows of a sheet chunk by chunk as an actor, into a union unless they name one.

    Rows of a child register belong to `parent`, if the sheet was uploaded for one.
    """

    def __init__(self, layout: Layout, org: Org, by: Actor, parent: Any = None) -> None:
        self.layout = layout
        self.org = org
        self.by = by
        self.parent = parent
        self.matching = Matching(layout, org.pk, parent)
        self._taken: set[tuple[Any, ...]] = set()

    @property
    def model(self) -> type[models.Model]:
        """The register's model."""
        return self.layout.register.model

    def write(self, lines: Sequence[Line]) -> None:
        """Write the good rows; each line then has its outcome. Must be inside a transaction."""
        good = [line for line in lines if line.is_good]
        for line in good:
            self._check_org(line)
        good = [line for line in good if line.is_good]
        # A key of its own instead of the highest there is: behind that one lie the entries that
        # checking has rolled back, and the index would be walked over all of them for every chunk.
        (since,) = next_keys(History, 1)
        if self.layout.sheet.prepare is not None:
            prepared = self.layout.sheet.prepare([line.values for line in good])
            for line, values in zip(good, prepared, strict=True):
                line.values = values
        if self.layout.sheet.write is not None:
            given = [line.values for line in good]
            target = self.org if self.parent is None else self.parent
            self._note(good, self.layout.sheet.write(given, self.by, target))
        else:
            self._write_by_verbs(good)
        self._tell_apart(good, since)

    def _check_org(self, line: Line) -> None:
        """A row that names a union is permitted only where the actor may import for that one."""
        org = line.values.get("org")
        if org is None:
            return
        try:
            require(self.by, "import", self.layout.register, org.pk)
        except DomainError as error:
            line.refuse(self.layout, DomainError(error.message, field="org", code=error.code))

    def _write_by_verbs(self, lines: Sequence[Line]) -> None:
        meant = self.matching.records_for(lines)
        fresh = [line for i, line in enumerate(lines) if i not in meant and line.is_good]
        created = create_many(self._as_type(), [self._values(line) for line in fresh], by=self.by)
        self._note(fresh, created)
        known: list[Line] = []
        pairs: list[tuple[Any, dict[str, Any]]] = []
        for index, record in meant.items():
            changes = changes_of(record, lines[index].values)
            lines[index].record = record
            if changes:
                known.append(lines[index])
                pairs.append((record, changes))
        self._note(known, change_many(pairs, by=self.by, reason="表格导入"))

    def _as_type(self) -> Any:
        return self.model

    def _values(self, line: Line) -> dict[str, Any]:
        values = {name: value for name, value in line.values.items() if value is not None}
        register = self.layout.register
        if register.parent is not None and self.parent is not None:
            values.setdefault(register.parent, self.parent)
        if register.model.scope_column == "org" and register.parent is None:
            values.setdefault("org", self.org)
        return values

    def _note(self, lines: Sequence[Line], outcomes: Sequence[Outcome]) -> None:
        for line, outcome in zip(lines, outcomes, strict=True):
            if outcome.error is not None:
                line.refuse(self.layout, outcome.error)
                continue
            line.record = outcome.record
            if outcome.warning:
                line.notes.append(
                    CellRemark(address=line.row.address(""), label="", text=outcome.warning)
                )

    def _tell_apart(self, lines: Sequence[Line], since: int) -> None:
        """New, changed or unchanged, as the history tells; it cannot be wrong about what was written."""
        done = [line for line in lines if line.is_good and line.record is not None]
        entries = History.objects.filter(
            table=self.model._meta.db_table, record_id__in=[line.record.pk for line in done]
        )
        touched = set(
            entries.filter(id__gt=since, actor_id=self.by.user_id).values_list(
                "record_id", flat=True
            )
        )
        former = dict(
            entries.filter(id__lte=since, record_id__in=touched)
            .order_by("record_id", "-id")
            .distinct("record_id")
            .values_list("record_id", "row")
        )
        now = {}
        if touched:
            rows = unscoped(self.model).filter(pk__in=touched)
            now = dict(rows.values_list("pk", "version"))
        changed = self._rows_now(former) if former else {}
        for line in done:
            pk = line.record.pk
            line.version = now.get(pk)
            if pk not in touched:
                line.outcome = RowOutcome.UNCHANGED
            elif pk not in former:
                line.outcome = RowOutcome.NEW
            else:
                line.outcome = RowOutcome.CHANGED
                line.before = _differences(former[pk], changed[pk])
                self._say_changes(line)

    def _rows_now(self, former: dict[int, Any]) -> dict[int, Any]:
        return dict(
            History.objects.filter(table=self.model._meta.db_table, record_id__in=former)
            .order_by("record_id", "-id")
            .distinct("record_id")
            .values_list("record_id", "row")
        )

    def _say_changes(self, line: Line) -> None:
        labels = [
            str(field.verbose_name)
            for field in self.model._meta.concrete_fields
            if field.attname in (line.before or {}) and field.editable
        ]
        if labels:
            text = f"修改：{'、'.join(labels)}"
            line.notes.append(CellRemark(address=line.row.address(""), label="", text=text))

    def refuse_clashing(self, lines: Sequence[Line]) -> None:
        """Refuse rows that clash with rows of earlier chunks, whose writing was rolled back."""
        rules = validate._unique_rules(self.model)
        for line in lines:
            if not line.is_good or line.outcome == RowOutcome.UNCHANGED:
                continue
            for position, (names, holds, _, message) in enumerate(rules):
                if holds is not None and not holds(line.record):
                    continue
                values = (getattr(line.record, name) for name in names)
                key = (position, *(validate._comparable(value) for value in values))
                if None in key:
                    continue
                if key in self._taken:
                    field = validate._shown(names)
                    line.refuse(self.layout, DomainError(message, field=field))
                    break
                self._taken.add(key)


def _differences(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    return {
        column: value
        for column, value in before.items()
        if column not in _NOT_BEFORE and after.get(column) != value
    }
