"""A look into an old .xls before anything is read: passwords, its extent, and cells in error.

The container is the OLE compound file of Excel 97 and of WPS, the stream in it is BIFF. The
reader gives up on a locked stream without saying why, lays every sheet out as a dense block and
reports error cells as blank; so the records are walked once here.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.package import (
    DAMAGED,
    ENCRYPTED,
    NOT_A_SPREADSHEET,
    Package,
    check_area,
)

_FREE = 0xFFFFFFFA  # this and above are marks, not sectors
_STREAMS = ("Workbook", "Book", "WORKBOOK", "BOOK")
_FILEPASS, _DATE_MODE, _BOUND_SHEET, _BEGIN = 0x002F, 0x0022, 0x0085, 0x0809
_FORMULA, _MANY_NUMBERS, _BOOL_OR_ERROR = 0x0006, 0x00BD, 0x0205
_CELLS = frozenset(
    {_FORMULA, _MANY_NUMBERS, _BOOL_OR_ERROR, 0x0203, 0x0204, 0x00FD, 0x027E, 0x00D6}
)
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!"}
_NOT_AVAILABLE = "#N/A"


@dataclass(slots=True)
class _Extent:
    bottom: int = 0
    right: int = 0
    broken: dict[int, list[tuple[int, str]]] = field(default_factory=dict)


def examine_ole(data: bytes, *, max_cells: int) -> Package:
    """What reading will need to know; DomainError if the file must not be read at all.

    The parts of the result are the sheets' positions, "0" for the first: their names are in an
    encoding that only the reader knows.
    """
    try:
        streams = dict(_entries(data))
        if "EncryptedPackage" in streams:
            raise DomainError(ENCRYPTED, code="encrypted")
        name = next((name for name in _STREAMS if name in streams), None)
        if name is None:
            raise DomainError(NOT_A_SPREADSHEET, code="not_a_spreadsheet")
        return _walked(_stream(data, *streams[name]), max_cells)
    except (struct.error, IndexError) as error:
        raise DomainError(DAMAGED, code="damaged") from error


def _walked(stream: bytes, max_cells: int) -> Package:
    package = Package()
    extents: dict[int, _Extent] = {}
    extent = _Extent()
    bound: list[int] = []
    for position, kind, body in _records(stream):
        if kind == _BEGIN:
            extent = extents.setdefault(position, _Extent())
        elif kind == _FILEPASS:
            raise DomainError(ENCRYPTED, code="encrypted")
        elif kind == _DATE_MODE:
            package.date1904 = body[:1] == b"\x01"
        elif kind == _BOUND_SHEET:
            bound.append(struct.unpack_from("<I", body)[0])
        elif kind in _CELLS:
            _note_cell(extent, kind, body)
    total = sum(found.bottom * found.right for found in extents.values())
    widest = max(extents.values(), key=lambda found: found.bottom * found.right, default=extent)
    if total > max_cells:
        check_area(widest.bottom, widest.right, 0)
    for number, position in enumerate(bound):
        found = extents.get(position)
        package.broken[str(number)] = found.broken if found else {}
    return package


def _note_cell(extent: _Extent, kind: int, body: bytes) -> None:
    row, column = struct.unpack_from("<HH", body)
    last = struct.unpack_from("<H", body, len(body) - 2)[0] if kind == _MANY_NUMBERS else column
    extent.bottom = max(extent.bottom, row + 1)
    extent.right = max(extent.right, last + 1)
    code = _error_code(kind, body)
    if code is not None:
        text = _ERRORS.get(code, _NOT_AVAILABLE)
        extent.broken.setdefault(row, []).append((column, text))


def _error_code(kind: int, body: bytes) -> int | None:
    if kind == _BOOL_OR_ERROR and len(body) >= 8 and body[7] == 1:
        return body[6]
    if kind == _FORMULA and len(body) >= 14 and body[6] == 2 and body[12:14] == b"\xff\xff":
        return body[8]
    return None


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while any(stream[position : position + 4]):  # zeros fill the stream after the last record
        kind, length = struct.unpack_from("<HH", stream, position)
        yield position, kind, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _entries(data: bytes) -> Iterator[tuple[str, tuple[int, int]]]:
    """The streams by name, each with its first sector and its size."""
    directory = _chain(data, struct.unpack_from("<I", data, 48)[0])
    for start in range(0, len(directory) - 127, 128):
        length = struct.unpack_from("<H", directory, start + 64)[0]
        name = directory[start : start + max(0, length - 2)].decode("utf-16-le", "replace")
        first, size = struct.unpack_from("<II", directory, start + 116)
        if directory[start + 66] == 2:
            yield name, (first, size)


def _stream(data: bytes, first: int, size: int) -> bytes:
    if size < struct.unpack_from("<I", data, 56)[0]:
        raise DomainError(DAMAGED, code="damaged")  # no workbook fits into the mini stream
    return _chain(data, first)[:size]


def _chain(data: bytes, first: int) -> bytes:
    sector_size = 1 << struct.unpack_from("<H", data, 30)[0]
    if sector_size not in {512, 4096}:
        raise DomainError(DAMAGED, code="damaged")
    table = _allocation(data, sector_size)
    pieces: list[bytes] = []
    sector = first
    while sector < _FREE:
        if len(pieces) > len(table):
            raise DomainError(DAMAGED, code="damaged")  # a chain that bites its tail
        start = (sector + 1) * sector_size
        pieces.append(data[start : start + sector_size])
        sector = table[sector]
    return b"".join(pieces)


def _allocation(data: bytes, sector_size: int) -> list[int]:
    sectors = [s for s in struct.unpack_from("<109I", data, 76) if s < _FREE]
    following = struct.unpack_from("<I", data, 68)[0]
    while following < _FREE and len(sectors) <= len(data) // sector_size:
        *more, following = struct.unpack_from(
            f"<{sector_size // 4}I", data, (following + 1) * sector_size
        )
        sectors += [s for s in more if s < _FREE]
    table: list[int] = []
    for sector in sectors[: len(data) // sector_size + 1]:
        table += struct.unpack_from(f"<{sector_size // 4}I", data, (sector + 1) * sector_size)
    return table
