"""The three steps of an import, each a walk through its rows in chunks that commit one by one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any, Protocol

from django.db import models, transaction
from django.db.models import Count

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.excel.cells import Normaliser
from gonghui.kernel.excel.sheets import SheetRead, SheetRow
from gonghui.kernel.imports import preview, undoing
from gonghui.kernel.imports.chunks import Writer, rolled_back
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.models import ImportRow, ImportRun, RowOutcome, RunState, Undo
from gonghui.kernel.imports.rows import Line, lines_of
from gonghui.kernel.records import sets
from gonghui.kernel.registers.batch import _next_keys as next_keys

CHUNK = 2000
_SHOWN_SKIPPED = 50
_SHOWN_REFUSED = 5


class Elsewhere(Exception):
    """Somebody else has gone on with this run meanwhile."""


class Step(Protocol):
    """A walk through a run; every yield is a committed chunk and says how many rows are done."""

    def chunks(self) -> Iterator[int]:
        """Go on until the step is done."""


def _locked(run: ImportRun, state: RunState) -> ImportRun:
    """The run's row, locked, if it is still where this walk left it."""
    locked = ImportRun._unscoped.select_for_update().get(pk=run.pk)
    if (locked.state, locked.position, locked.progress) != (state, run.position, run.progress):
        raise Elsewhere
    return locked


def _advance(run: ImportRun, locked: ImportRun, position: int, rows: int) -> None:
    locked.position, locked.progress = position, locked.progress + rows
    locked.progress_at = clock.now()
    locked.save(update_fields=["position", "progress", "progress_at", "summary"])
    run.position, run.progress = locked.position, locked.progress


def _chunked(rows: Iterator[SheetRow], layout: Layout) -> Iterator[list[SheetRow]]:
    size = None if layout.sheet.is_whole else CHUNK
    while chunk := list(islice(rows, size)):
        yield chunk


def _keep(run: ImportRun, lines: Sequence[Line]) -> None:
    """Write what became of the rows."""
    rows = []
    for key, line in zip(next_keys(ImportRow, len(lines)), lines, strict=True):
        row = sets.blank(ImportRow)
        row.id, row.run_id, row.number = key, run.pk, line.number
        row.outcome, row.version, row.before = line.outcome.value, line.version, line.before
        row.record_id = line.record.pk if line.record is not None else None
        row.notes = [[each.label, each.address, each.text] for each in line.notes]
        row.faults = [[each.label, each.address, each.text] for each in line.faults]
        rows.append(row)
    sets.insert(ImportRow, rows)


def _count(locked: ImportRun) -> None:
    """Set the counts from the rows."""
    found = dict(
        ImportRow.objects.filter(run=locked)
        .values_list("outcome")
        .annotate(rows=Count("id"))
        .order_by()
    )
    locked.new_count = found.get(RowOutcome.NEW, 0)
    locked.changed_count = found.get(RowOutcome.CHANGED, 0)
    locked.unchanged_count = found.get(RowOutcome.UNCHANGED, 0)
    locked.refused_count = found.get(RowOutcome.REFUSED, 0)


def parent_of(run: ImportRun, layout: Layout) -> Any:
    """The record whose child rows the sheet holds, as it is now; None where it holds none."""
    if run.parent_id is None:
        return None
    link = layout.register.model._meta.get_field(str(layout.register.parent))
    model: Any = link.related_model
    return unscoped(model).get(pk=run.parent_id)


class Checking:
    """Writes every chunk and rolls it back; begins anew when it was killed, for it has to know all keys."""

    def __init__(self, run: ImportRun, read: SheetRead, layout: Layout, by: Actor) -> None:
        self.run, self.read, self.layout, self.by = run, read, layout, by
        self.writer = Writer(layout, run.org, by, parent_of(run, layout))
        self.normaliser = Normaliser(read)
        self.skipped: list[list[object]] = []

    def chunks(self) -> Iterator[int]:
        """Go on until every row is looked at."""
        self._begin()
        notes: Counter[str] = Counter()
        for rows in _chunked(self._records(), self.layout):
            lines = lines_of(self.layout, self.read, self.normaliser, rows)
            self.writer.matching.refuse_repeated([line for line in lines if line.is_good])
            with transaction.atomic():
                locked = _locked(self.run, RunState.CHECKING)
                self._try(lines)
                _keep(locked, lines)
                notes.update(note.text for line in lines for note in line.notes if note.label)
                first = locked.summary.get("preview")
                locked.summary = {
                    "notes": notes.most_common(12),
                    "preview": first or preview.first_rows(self.layout, self.read, lines),
                }
                _advance(self.run, locked, rows[-1].number, len(rows))
            yield self.run.progress
        self._end()

    def _records(self) -> Iterator[SheetRow]:
        for line in self.read.lines():
            if isinstance(line, SheetRow):
                yield line
            elif len(self.skipped) < _SHOWN_SKIPPED:
                self.skipped.append([line.number, line.reason.value, line.text])

    def _try(self, lines: Sequence[Line]) -> None:
        """Write the rows and take that back; what they did stays noted on them."""
        with rolled_back():
            self.writer.write(lines)
        self.writer.refuse_clashing(lines)
        for line in lines:
            line.version = None
            if line.outcome == RowOutcome.NEW:
                line.record = None

    def _begin(self) -> None:
        with transaction.atomic():
            locked = ImportRun._unscoped.select_for_update().get(pk=self.run.pk)
            if locked.state != RunState.CHECKING:
                raise Elsewhere
            ImportRow.objects.filter(run=locked).delete()
            locked.position = locked.progress = 0
            locked.summary = {}
            locked.save()
            self.run.position = self.run.progress = 0

    def _end(self) -> None:
        with transaction.atomic():
            locked = _locked(self.run, RunState.CHECKING)
            _count(locked)
            locked.state, locked.total = RunState.CHECKED, locked.progress
            locked.checked_at = locked.progress_at = clock.now()
            locked.summary = {**locked.summary, "skipped": self.skipped}
            locked.save()


class Writing:
    """Writes the rows that checking found good, from where the run stands."""

    def __init__(self, run: ImportRun, read: SheetRead, layout: Layout, by: Actor) -> None:
        self.run, self.read, self.layout, self.by = run, read, layout, by
        self.writer = Writer(layout, run.org, by, parent_of(run, layout))
        self.normaliser = Normaliser(read)

    def chunks(self) -> Iterator[int]:
        """Go on until every good row is written."""
        for rows in _chunked(self.read.rows(after=self.run.position), self.layout):
            numbers = (rows[0].number, rows[-1].number)
            with transaction.atomic():
                locked = _locked(self.run, RunState.WRITING)
                of_chunk = ImportRow.objects.filter(run=locked, number__range=numbers)
                bad = set(
                    of_chunk.filter(outcome=RowOutcome.REFUSED).values_list("number", flat=True)
                )
                good = [row for row in rows if row.number not in bad]
                lines = lines_of(self.layout, self.read, self.normaliser, good)
                self.writer.write(lines)
                self._check_whole(lines, len(bad))
                of_chunk.exclude(outcome=RowOutcome.REFUSED).delete()
                _keep(locked, lines)
                _advance(self.run, locked, numbers[1], len(rows))
            yield self.run.progress
        self._end()

    def _check_whole(self, lines: Sequence[Line], bad: int) -> None:
        """Of a sheet that is one document all rows are written or none."""
        refused = [line for line in lines if not line.is_good]
        if not self.layout.sheet.is_whole or not (bad or refused):
            return
        told = "".join(
            f"第{line.number}行：{'；'.join(fault.text for fault in line.faults)}"
            for line in refused[:_SHOWN_REFUSED]
        )
        raise DomainError(
            f"检查之后情况有变，{bad + len(refused)}行不能写入，整份没有写入，请重新上传检查。{told}"
        )

    def _end(self) -> None:
        with transaction.atomic():
            locked = _locked(self.run, RunState.WRITING)
            _count(locked)
            locked.state = RunState.DONE
            locked.written_at = locked.progress_at = clock.now()
            locked.save()


class Undoing:
    """Takes back what the run wrote, the last rows first."""

    def __init__(self, run: ImportRun, layout: Layout, by: Actor) -> None:
        self.run, self.layout, self.by = run, layout, by

    def chunks(self) -> Iterator[int]:
        """Go on until nothing is left to take back."""
        while True:
            with transaction.atomic():
                locked = _locked(self.run, RunState.UNDOING)
                rows = list(self._left().order_by("-number")[:CHUNK])
                if not rows:
                    self._end(locked)
                    return
                undoing.take_back(self.layout, locked, rows, self.by)
                sets.update(ImportRow, rows, ["undo", "undo_note"])
                _advance(self.run, locked, rows[-1].number, len(rows))
            yield self.run.progress

    def _left(self) -> models.QuerySet[ImportRow]:
        wrote = [RowOutcome.NEW, RowOutcome.CHANGED]
        written: models.QuerySet[ImportRow] = ImportRow.objects.filter(
            run=self.run, outcome__in=wrote, undo=Undo.NOT, version__isnull=False
        )
        return written

    def _end(self, locked: ImportRun) -> None:
        locked.state = RunState.UNDONE
        locked.undone_at = locked.progress_at = clock.now()
        locked.save()
