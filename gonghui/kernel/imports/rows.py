"""The rows of a sheet as values: read, normalised, their links found, with every fault at its cell."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.contrib.postgres.fields import ArrayField

from gonghui.base.errors import DomainError, Invalid
from gonghui.kernel.excel.cells import CellRemark, Normaliser, RowRead, normalise
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.sheets import SheetRead, SheetRow
from gonghui.kernel.imports import links
from gonghui.kernel.imports.columns import Column, Layout
from gonghui.kernel.imports.models import RowOutcome
from gonghui.kernel.people.models import IdType

_CHECKED_PAPERS = ("", IdType.RESIDENT, IdType.HMT, IdType.FOREIGN)
_SEPARATORS = str.maketrans(dict.fromkeys("，,；;/ ", "、"))


@dataclass(slots=True)
class Line:
    """A row on its way: values by name, what was changed to read it, what is wrong with it."""

    row: SheetRow
    values: dict[str, Any] = field(default_factory=dict)
    notes: list[CellRemark] = field(default_factory=list)
    faults: list[CellRemark] = field(default_factory=list)
    outcome: RowOutcome = RowOutcome.REFUSED
    record: Any = None
    before: dict[str, Any] | None = None
    version: int | None = None

    @property
    def number(self) -> int:
        """The row's number in the sheet."""
        return self.row.number

    @property
    def is_good(self) -> bool:
        """Whether nothing is wrong so far."""
        return not self.faults

    def refuse(self, layout: Layout, error: DomainError) -> None:
        """Note why the row is not written, at the cells it belongs to."""
        self.outcome, self.record = RowOutcome.REFUSED, None
        if not isinstance(error, Invalid):
            self._fault(layout.label_of(error.field), error.message)
            return
        for name, messages in error.errors.items():
            for message in messages:
                self._fault(layout.label_of(name), message)

    def _fault(self, label: str, text: str) -> None:
        address = self.row.address(label)
        self.faults.append(CellRemark(address=address, label=label, text=text))


def lines_of(
    layout: Layout, read: SheetRead, normaliser: Normaliser, rows: Iterable[SheetRow]
) -> list[Line]:
    """The rows with their values by name; those with a fault have it noted."""
    lines = [_line(layout, normaliser, row) for row in rows]
    for column in layout.columns:
        if column.label in read.columns and links.is_link(column):
            _link(column, lines)
    return lines


def _line(layout: Layout, normaliser: Normaliser, row: SheetRow) -> Line:
    normal = normaliser.row(row)
    if layout.id_columns is not None:
        normal = _with_other_paper(layout.id_columns, row, normal)
    line = Line(row, notes=list(normal.notes), faults=list(normal.errors))
    for column in layout.columns:
        value = normal.values.get(column.label)
        if isinstance(column.field, ArrayField) and value is not None:
            value = _several(column, str(value), line)
        line.values[column.name] = value
    return line


def _with_other_paper(columns: tuple[Column, Column], row: SheetRow, read: RowRead) -> RowRead:
    """A passport's number is judged as a text, not as that of an identity card."""
    kind, number = columns
    if (read.values.get(kind.label) or "") in _CHECKED_PAPERS:
        return read
    try:
        again = normalise(row[number.label], replace(number.heading, kind=CellKind.TEXT))
    except DomainError:
        return read
    return RowRead(
        number=read.number,
        values={**read.values, number.label: again.value},
        notes=tuple(note for note in read.notes if note.label != number.label),
        errors=tuple(error for error in read.errors if error.label != number.label),
    )


def _several(column: Column, text: str, line: Line) -> list[str]:
    """The codes of several choices written in one cell."""
    labels = {label: value for value, label in column.field.base_field.choices}
    given = [part for part in text.translate(_SEPARATORS).split("、") if part]
    unknown = [part for part in given if part not in labels]
    if unknown:
        line.faults.append(
            CellRemark(
                address=line.row.address(column.label),
                label=column.label,
                text=f"没有“{unknown[0]}”这一项，可填：{'、'.join(labels)}。",
            )
        )
    return [labels[part] for part in given if part in labels]


def _link(column: Column, lines: Sequence[Line]) -> None:
    texts = {str(value) for line in lines if (value := line.values[column.name]) is not None}
    if not texts:
        return
    found = links.resolve(column, texts)
    for line in lines:
        given = line.values[column.name]
        if given is None:
            continue
        value = found[str(given)]
        if isinstance(value, DomainError):
            line.values[column.name] = None
            line.faults.append(
                CellRemark(
                    address=line.row.address(column.label), label=column.label, text=value.message
                )
            )
        else:
            line.values[column.name] = value
