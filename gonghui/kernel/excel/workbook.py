"""Opening whatever was uploaded as a spreadsheet, or saying in Chinese why it cannot be opened."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TypeAlias

from python_calamine import (
    CalamineError,
    CalamineWorkbook,
    SheetTypeEnum,
    SheetVisibleEnum,
)

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.ole import examine_ole
from gonghui.kernel.excel.package import (
    DAMAGED,
    NOT_A_SPREADSHEET,
    SAVE_AS,
    Package,
    examine,
)

Merge: TypeAlias = tuple[int, int, int, int]
"""Top, left, bottom, right: 0-based, both ends inclusive."""

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKUP = (b"<html", b"<!doctype", b"<table", b"<meta", b"<?xml", b"<head", b"mime-version")
_CSV_NAME = "CSV"
_HARMLESS_CONTROLS = b"\t\n\r\x0b\x0c\x1a"
_CSV_FIELD_LIMIT = 131_072  # the csv module's own default, said in our message

MARKUP = f"该文件其实是网页或 XML 格式，只是扩展名像电子表格。{SAVE_AS}"
EMPTY = "该文件是空的（0 字节）。请重新保存后上传。"


class BookKind(StrEnum):
    """What the bytes are, whatever the file's name says."""

    XLSX = "xlsx"
    XLS = "xls"
    CSV = "csv"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may weigh before it is refused unread."""

    max_bytes: int = 50 * 1024 * 1024
    max_unpacked: int = 600 * 1024 * 1024
    max_ratio: int = 250
    max_cells: int = 8_000_000


LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Broken:
    """Stands for a cell without a usable value: a formula's error, or a formula never computed."""

    text: str


@dataclass(frozen=True, slots=True)
class Tab:
    """A worksheet's name, and whether its author has hidden it."""

    name: str
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """The cells of one worksheet; `rows()` starts anew at row 1, column A at every call."""

    name: str
    rows: Callable[[], Iterator[list[object]]]
    merges: tuple[Merge, ...] = ()
    width: int = 0
    height: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Book:
    """An opened upload; `data` are its bytes as they came."""

    kind: BookKind
    data: bytes
    tabs: tuple[Tab, ...]
    date1904: bool = False
    macros: bool = False
    _grid: Callable[[str], Grid] = field(repr=False)

    def grid(self, name: str) -> Grid:
        """The worksheet of that name, read now."""
        return self._grid(name)


def open_book(source: bytes | Path, *, limits: Limits = LIMITS) -> Book:
    """The spreadsheet in the bytes or the file; DomainError says why it is refused."""
    data = _bytes_of(source, limits)
    if data.startswith(b"PK"):
        return _open_package(data, limits)
    if data.startswith(_OLE):
        return _open_ole(data, limits)
    if data.lstrip(b"\xef\xbb\xbf \r\n\t")[:16].lower().startswith(_MARKUP):
        raise DomainError(MARKUP, code="markup")
    return _open_csv(data)


def _bytes_of(source: bytes | Path, limits: Limits) -> bytes:
    size = source.stat().st_size if isinstance(source, Path) else len(source)
    if size == 0:
        raise DomainError(EMPTY, code="empty_file")
    if size > limits.max_bytes:
        raise DomainError(
            f"文件有 {size / 1048576:.1f} MB，超过上限 {limits.max_bytes / 1048576:.0f} MB。"
            "请删去图片和无关工作表，或拆成几个文件上传。",
            code="too_big",
        )
    return source.read_bytes() if isinstance(source, Path) else source


def _open_package(data: bytes, limits: Limits) -> Book:
    package = examine(
        data,
        max_unpacked=limits.max_unpacked,
        max_ratio=limits.max_ratio,
        max_cells=limits.max_cells,
    )
    workbook = _calamine(data)
    return Book(
        kind=BookKind.XLSX,
        data=data,
        tabs=_tabs(workbook),
        date1904=package.date1904,
        macros=package.macros,
        _grid=lambda name: _calamine_grid(workbook, name, package),
    )


def _open_ole(data: bytes, limits: Limits) -> Book:
    package = examine_ole(data, max_cells=limits.max_cells)
    workbook = _calamine(data)
    package.parts = {name: str(at) for at, name in enumerate(workbook.sheet_names)}
    return Book(
        kind=BookKind.XLS,
        data=data,
        tabs=_tabs(workbook),
        date1904=package.date1904,
        _grid=lambda name: _calamine_grid(workbook, name, package),
    )


@contextmanager
def _reading() -> Iterator[None]:
    """Whatever the reader does not like is damage; as it is Rust, its panic is no Exception."""
    try:
        yield
    except (CalamineError, OSError) as error:
        raise DomainError(DAMAGED, code="damaged") from error
    except BaseException as error:
        if type(error).__name__ != "PanicException":
            raise
        raise DomainError(DAMAGED, code="damaged") from error


def _calamine(data: bytes) -> CalamineWorkbook:
    with _reading():
        return CalamineWorkbook.from_filelike(io.BytesIO(data))


def _tabs(workbook: CalamineWorkbook) -> tuple[Tab, ...]:
    return tuple(
        Tab(sheet.name, sheet.visible != SheetVisibleEnum.Visible)
        for sheet in workbook.sheets_metadata
        if sheet.typ == SheetTypeEnum.WorkSheet
    )


def _calamine_grid(workbook: CalamineWorkbook, name: str, package: Package) -> Grid:
    with _reading():
        sheet = workbook.get_sheet_by_name(name)
        merges = sheet.merged_cell_ranges or []
    broken = package.broken_in(name)
    width = sheet.end[1] + 1 if sheet.end else 0

    def rows() -> Iterator[list[object]]:
        for number, row in enumerate(sheet.iter_rows() if sheet.end else ()):
            cells: list[object] = list(row)
            for column, text in broken.get(number, ()):
                if column < len(cells) and cells[column] == "":
                    cells[column] = Broken(text)
            yield cells

    return Grid(
        name=name,
        rows=rows,
        merges=tuple((*first, *last) for first, last in merges),
        width=width,
        height=sheet.end[0] + 1 if sheet.end else 0,
    )


def _open_csv(data: bytes) -> Book:
    text = _decoded(data)
    delimiter = _delimiter(text)

    def rows() -> Iterator[list[object]]:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        try:
            for row in reader:
                yield [_csv_value(value) for value in row]
        except csv.Error as error:
            raise DomainError(
                f"第 {reader.line_num} 行无法读取：一格超过 {_CSV_FIELD_LIMIT} 字，"
                f"多半是少了一个引号。{SAVE_AS}",
                code="damaged",
            ) from error

    width = height = 0
    for row in rows():
        width, height = max(width, len(row)), height + 1
    grid = Grid(name=_CSV_NAME, rows=rows, width=width, height=height)
    return Book(kind=BookKind.CSV, data=data, tabs=(Tab(_CSV_NAME),), _grid=lambda _name: grid)


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    elif _looks_binary(data[:65536]):
        raise DomainError(NOT_A_SPREADSHEET, code="not_a_spreadsheet")
    else:
        encodings = ("utf-8-sig", "gb18030")
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise DomainError(
        f"文件的文字编码既不是 UTF-8，也不是 GB18030（GBK），无法读取。{SAVE_AS}", code="encoding"
    )


def _looks_binary(head: bytes) -> bool:
    controls = sum(1 for byte in head if byte < 32 and byte not in _HARMLESS_CONTROLS)
    return b"\0" in head or controls * 100 > len(head) or head.startswith(b"%PDF")


def _delimiter(text: str) -> str:
    head = "\n".join(text[:20000].splitlines()[:20])
    return max(",\t;|", key=head.count)


def _csv_value(value: str) -> str:
    """Some systems write ="0123" so that Excel keeps the zeros; the value is what is quoted."""
    if value.startswith('="') and value.endswith('"') and len(value) > 2:
        return value[2:-1]
    return value
