"""Giving a workbook back to its author with the reasons why rows were refused."""

from __future__ import annotations

import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import MergedCell
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from gonghui.kernel.excel.headers import FAULT_LABEL, ROW_LABEL
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.package import column_letter
from gonghui.kernel.excel.sheets import SheetRead
from gonghui.kernel.excel.workbook import BookKind, Broken
from gonghui.kernel.excel.write import Column, write_rows

LARGE: Final = 20_000

_FAULT_FILL = PatternFill("solid", start_color="FFFFC7CE", end_color="FFFFC7CE")
_REASON_FILL = PatternFill("solid", start_color="FFFFEB9C", end_color="FFFFEB9C")
_REASON_FONT = Font(color="FF9C0006")
_HEAD_FONT = Font(color="FF9C0006", bold=True)
_WRAP = Alignment(wrap_text=True, vertical="center")
_REASON_WIDTH = 48
_CODES = frozenset({CellKind.ID_NUMBER, CellKind.USCC, CellKind.ACCOUNT, CellKind.PHONE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """Why a row was refused: its number from 1, the label of the column at fault if there is one."""

    row: int
    text: str
    label: str = ""


def mark_faults(
    read: SheetRead, faults: Sequence[Fault], *, large: int = LARGE, every_row: bool = False
) -> tuple[bytes, str]:
    """The author's own workbook with a coloured column 错误原因, and the name's ending for it.

    An .xlsx of at most `large` rows keeps its titles, merged cells and other sheets. From
    anything else a new .xlsx is made: the original columns of the refused rows, their original
    row numbers and the reasons, to be mended and uploaded by itself. With `every_row` it holds
    all rows, because it will be taken as a whole.
    """
    if read.book.kind is BookKind.XLSX and read.row_count <= large:
        return _marked_original(read, faults), ".xlsm" if read.book.macros else ".xlsx"
    return _made_anew(read, faults, every_row=every_row), ".xlsx"


def _marked_original(read: SheetRead, faults: Sequence[Fault]) -> bytes:
    workbook = load_workbook(io.BytesIO(read.book.data), keep_vba=read.book.macros)
    sheet = workbook[read.sheet]
    column = _reason_column(read)
    _write_heading(sheet, read, column)
    columns = read.columns
    for row, of_row in _by_row(faults).items():
        _paint(sheet.cell(row, column), _joined(of_row), _REASON_FILL, _REASON_FONT)
        for fault in of_row:
            found = columns.get(fault.label)
            if found is not None:
                _anchor(sheet, row, found.index + 1).fill = _FAULT_FILL
    workbook.active = workbook.index(sheet)
    target = io.BytesIO()
    workbook.save(target)
    if workbook.vba_archive is not None:
        workbook.vba_archive.close()  # openpyxl would leave it to the garbage collector
    return target.getvalue()


def _reason_column(read: SheetRead) -> int:
    """The column of an earlier return is used again; otherwise the first one right of the table."""
    for line in read.header.texts:
        if FAULT_LABEL in line:
            return line.index(FAULT_LABEL) + 1
    return read.grid.width + 1


def _write_heading(sheet: Worksheet, read: SheetRead, column: int) -> None:
    top, bottom = read.header.top + 1, read.header.bottom + 1
    for area in list(sheet.merged_cells.ranges):
        if area.max_row >= top and area.min_col <= column <= area.max_col:
            sheet.unmerge_cells(str(area))
    for row in range(bottom + 1, read.row_count + 1):  # reasons of an earlier return
        cell = sheet.cell(row, column)
        if cell.value is not None:
            cell.value = None
            cell.fill = PatternFill()
    _paint(sheet.cell(top, column), FAULT_LABEL, _REASON_FILL, _HEAD_FONT)
    if bottom > top:
        sheet.merge_cells(start_row=top, end_row=bottom, start_column=column, end_column=column)
    sheet.column_dimensions[get_column_letter(column)].width = _REASON_WIDTH


def _anchor(sheet: Worksheet, row: int, column: int) -> Cell:
    """The cell that holds the value: of a merged area its first."""
    cell = sheet.cell(row, column)
    if not isinstance(cell, MergedCell):
        return cell
    area = next(area for area in sheet.merged_cells.ranges if cell.coordinate in area)
    first: Cell = sheet.cell(area.min_row, area.min_col)
    return first


def _paint(cell: Cell, text: str, fill: PatternFill, font: Font) -> None:
    cell.value = text
    cell.data_type = "s"  # a reason that quotes "=..." is no formula
    cell.fill = fill
    cell.font = font
    cell.alignment = _WRAP


def _by_row(faults: Sequence[Fault]) -> dict[int, list[Fault]]:
    rows: dict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        rows[fault.row].append(fault)
    return rows


def _joined(faults: Sequence[Fault]) -> str:
    said = [f"{fault.label}：{fault.text}" if fault.label else fault.text for fault in faults]
    return "；".join(dict.fromkeys(text.rstrip("。") for text in said)) + "。"


def _made_anew(read: SheetRead, faults: Sequence[Fault], *, every_row: bool) -> bytes:
    by_row = _by_row(faults)
    kept = [
        index
        for index in range(read.grid.width)
        if not {FAULT_LABEL, ROW_LABEL}
        & {line[index] for line in read.header.texts if index < len(line)}
    ]
    kinds = {column.index: column.heading.kind for column in read.header.columns}
    columns = [Column(label=_label(read, index), kind=_kind(kinds, index)) for index in kept]
    columns += [
        Column(label=ROW_LABEL, kind=CellKind.INTEGER),
        Column(label=FAULT_LABEL, width=_REASON_WIDTH),
    ]

    def rows() -> Iterator[list[object]]:
        for row in read.rows():
            if every_row or row.number in by_row:
                cells = [_given(row.cells, index) for index in kept]
                of_row = by_row.get(row.number)
                yield [*cells, row.number, _joined(of_row) if of_row else ""]

    target = io.BytesIO()
    write_rows(target, columns, rows(), sheet_name=read.sheet)
    return target.getvalue()


def _label(read: SheetRead, index: int) -> str:
    """A header of two rows becomes one: 人数/男."""
    for column in read.header.columns:
        if column.index == index:
            return column.text
    texts = [line[index] for line in read.header.texts if index < len(line) and line[index]]
    return "/".join(texts) or column_letter(index)


def _kind(kinds: dict[int, CellKind], index: int) -> CellKind:
    """Numbers and dates stay what they were; everything else is text."""
    kind = kinds.get(index, CellKind.DECIMAL)
    return kind if kind in _CODES else CellKind.DECIMAL


def _given(cells: Sequence[object], index: int) -> object:
    """What stood there, as it stood: a whole number without the reader's ".0"."""
    value = cells[index] if index < len(cells) else None
    if isinstance(value, Broken):
        return value.text
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return int(value)
    return value
