"""A streaming writer of plain workbooks: constant memory, typed columns, nothing cut silently."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import chain, islice
from math import isfinite
from pathlib import Path
from typing import BinaryIO, Final
from xml.sax.saxutils import escape

from gonghui.kernel.excel import parts
from gonghui.kernel.excel.kinds import TEXT_KINDS, CellKind
from gonghui.kernel.excel.package import column_letter

MAX_ROWS: Final = 1_048_576
MAX_TEXT: Final = 32_767
CUT_MARK: Final = "…（原文超过 Excel 单格上限，此处截断）"

_BATCH = 500
_FIRST_DAY = date(1900, 3, 1)  # earlier days have another number in Excel than in the calendar
_EPOCH = date(1899, 12, 30).toordinal()
_SAFE_INTEGER = 10**15
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LOOKS_ESCAPED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")
_WIDTHS = {
    CellKind.ID_NUMBER: 21,
    CellKind.USCC: 21,
    CellKind.PHONE: 14,
    CellKind.DATE: 12,
    CellKind.MONTH: 11,
    CellKind.MOMENT: 18,
    CellKind.INTEGER: 10,
    CellKind.DECIMAL: 12,
    CellKind.MONEY: 15,
    CellKind.FLAG: 8,
    CellKind.NAME: 11,
}
_STYLES = {
    CellKind.DATE: parts.DAY,
    CellKind.MONTH: parts.MONTH,
    CellKind.MOMENT: parts.MOMENT,
    CellKind.INTEGER: parts.INTEGER,
    CellKind.MONEY: parts.MONEY,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of an export; without `width` (in characters) its kind and heading decide."""

    label: str
    kind: CellKind = CellKind.TEXT
    width: float | None = None


def write_rows(
    target: Path | BinaryIO,
    columns: Sequence[Column],
    rows: Iterable[Sequence[object]],
    *,
    title: str | None = None,
    sheet_name: str = "Sheet1",
    lead: Sequence[str] = (),
    watermark_note: str | None = None,
    sign_off: str | None = None,
    max_rows: int = MAX_ROWS,
) -> int:
    """Write all rows as .xlsx and say how many there were; more than fit go to further sheets.

    The rows are taken one by one.
    """
    sheet = Sheet(
        columns=columns,
        rows=rows,
        name=sheet_name,
        title=title,
        lead=lead,
        watermark_note=watermark_note,
        sign_off=sign_off,
    )
    return write_sheets(target, [sheet], max_rows=max_rows)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A sheet to be written.

    The lines of `lead` stand under the title, then `watermark_note` (who exported it, when), which
    is also in the foot of every printed page; `sign_off` is the last row.
    """

    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]
    name: str = "Sheet1"
    title: str | None = None
    lead: Sequence[str] = ()
    watermark_note: str | None = None
    sign_off: str | None = None

    @property
    def above(self) -> list[tuple[str, int]]:
        """The lines above the header with their styles."""
        return [
            *([(self.title, parts.TITLE)] if self.title else []),
            *((text, parts.SIGN_OFF) for text in self.lead),
            *([(self.watermark_note, parts.SMALL)] if self.watermark_note else []),
        ]


def write_sheets(
    target: Path | BinaryIO, sheets: Iterable[Sheet], *, max_rows: int = MAX_ROWS
) -> int:
    """Write sheets into one workbook and say how many rows there were in all."""
    written: list[parts.SheetPart] = []
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=4) as archive:
        archive.writestr("[Content_Types].xml", parts.CONTENT_TYPES)
        archive.writestr("_rels/.rels", parts.PACKAGE_RELATIONS)
        archive.writestr("xl/styles.xml", parts.STYLES)
        total = sum(_write_whole(archive, sheet, written, max_rows) for sheet in sheets)
        archive.writestr("xl/workbook.xml", parts.workbook(written))
        archive.writestr("xl/_rels/workbook.xml.rels", parts.workbook_relations(len(written)))
    return total


def _write_whole(
    archive: zipfile.ZipFile, sheet: Sheet, written: list[parts.SheetPart], max_rows: int
) -> int:
    """Write a sheet, with further ones for the rows that do not fit; `written` gains them."""
    header = len(sheet.above) + 1
    room = max_rows - header - (2 if sheet.sign_off else 0)
    if room < 1 or not sheet.columns:
        raise ValueError("no room for a record, or no column")
    remaining = iter(sheet.rows)
    total = pieces = 0
    while True:
        pieces += 1
        path = f"xl/worksheets/sheet{len(written) + 1}.xml"
        with archive.open(path, "w", force_zip64=True) as part:
            count = _write_sheet(part.write, sheet, islice(remaining, room))
        total += count
        written.append(
            parts.SheetPart(
                name=parts.sheet_name(sheet.name, pieces),
                header_row=header,
                last_record=header + count,
                last_row=header + count + (2 if sheet.sign_off else 0),
                last_column=column_letter(len(sheet.columns) - 1),
            )
        )
        following = next(remaining, None)
        if following is None:
            return total
        remaining = chain([following], remaining)


def _write_sheet(
    write: Callable[[bytes], object], sheet: Sheet, rows: Iterable[Sequence[object]]
) -> int:
    columns, above = sheet.columns, sheet.above
    header = len(above) + 1
    last = column_letter(len(columns) - 1)
    widths = [column.width or _width(column) for column in columns]
    write(parts.sheet_head(header, widths).encode())
    merged = [f"A{number}:{last}{number}" for number in range(1, header)]
    for number, (text, style) in enumerate(above, 1):
        write(_lone_row(number, text, style))
    labels = "".join(
        _text_cell(f"{column_letter(index)}{header}", column.label, parts.HEAD)
        for index, column in enumerate(columns)
    )
    write(f'<row r="{header}" ht="24" customHeight="1">{labels}</row>'.encode())
    count = 0
    for batch in _batches(_row_texts(columns, rows, header + 1)):
        count += len(batch)
        write("".join(batch).encode())
    end = header + count
    if sheet.sign_off:
        merged.append(f"A{end + 2}:{last}{end + 2}")
        write(_lone_row(end + 2, sheet.sign_off, parts.SIGN_OFF))
    write(parts.sheet_tail(f"A{header}:{last}{end}", merged, sheet.watermark_note).encode())
    return count


def _row_texts(
    columns: Sequence[Column], rows: Iterable[Sequence[object]], first: int
) -> Iterator[str]:
    letters = [column_letter(index) for index in range(len(columns))]
    styles = [_STYLES.get(column.kind, parts.TEXT) for column in columns]
    texts = [column.kind in TEXT_KINDS for column in columns]
    shape = list(zip(letters, styles, texts, strict=True))
    for number, row in enumerate(rows, first):
        cells = [
            _cell(f"{letter}{number}", value, style, as_text)
            for (letter, style, as_text), value in zip(shape, row, strict=True)
            if value is not None and value != ""
        ]
        yield f'<row r="{number}">{"".join(cells)}</row>'


def _batches(texts: Iterator[str]) -> Iterator[list[str]]:
    while batch := list(islice(texts, _BATCH)):
        yield batch


def _cell(address: str, value: object, style: int, as_text: bool) -> str:
    if isinstance(value, str):
        return _text_cell(address, value, parts.TEXT)
    if isinstance(value, bool):
        return _text_cell(address, "是" if value else "否", parts.TEXT)
    if isinstance(value, date):
        return _day_cell(address, value, style)
    if as_text or not isinstance(value, int | float | Decimal):
        return _text_cell(address, str(value), parts.TEXT)
    return _number_cell(address, value, style)


def _number_cell(address: str, value: int | float | Decimal, style: int) -> str:
    if not (isfinite(value) and -_SAFE_INTEGER < value < _SAFE_INTEGER):
        return _text_cell(address, str(value), parts.TEXT)
    text = f"{value:f}" if isinstance(value, Decimal) else repr(value)
    style = parts.PLAIN if style == parts.TEXT else style
    return f'<c r="{address}" s="{style}"><v>{text}</v></c>'


def _day_cell(address: str, value: date, style: int) -> str:
    style = style if style in _STYLES.values() else parts.DAY
    day = value.date() if isinstance(value, datetime) else value
    if day < _FIRST_DAY:
        return _text_cell(address, value.isoformat(), parts.TEXT)
    serial = str(day.toordinal() - _EPOCH)
    if isinstance(value, datetime):
        seconds = value.hour * 3600 + value.minute * 60 + value.second
        serial = f"{int(serial) + seconds / 86400:.10f}".rstrip("0").rstrip(".")
        style = parts.MOMENT if style in {parts.MOMENT, parts.DAY} and seconds else style
    return f'<c r="{address}" s="{style}"><v>{serial}</v></c>'


def _text_cell(address: str, text: str, style: int) -> str:
    if len(text) > MAX_TEXT:
        text = text[: MAX_TEXT - len(CUT_MARK)] + CUT_MARK
    if style == parts.TEXT and text[:1] in "=+-@\t\r":
        style = parts.QUOTED  # stays text also when somebody edits the cell
    clean = escape(_LOOKS_ESCAPED.sub("_x005F_", _FORBIDDEN.sub("", text)))
    return f'<c r="{address}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{clean}</t></is></c>'


def _lone_row(number: int, text: str, style: int) -> bytes:
    height = ' ht="30" customHeight="1"' if style == parts.TITLE else ""
    return f'<row r="{number}"{height}>{_text_cell(f"A{number}", text, style)}</row>'.encode()


def _width(column: Column) -> float:
    heading = sum(2 if ord(char) > 255 else 1 for char in column.label) + 3
    return float(min(60, max(heading, _WIDTHS.get(column.kind, 16))))
