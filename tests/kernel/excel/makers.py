"""Small makers of files for the tests: workbooks, old BIFF workbooks, zip packages."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable, Iterable, Sequence

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

SECTOR = 512
END, FAT, FREE = 0xFFFFFFFE, 0xFFFFFFFD, 0xFFFFFFFF


def saved(book: Workbook) -> bytes:
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


def workbook(
    rows: Iterable[Sequence[object]],
    *,
    merges: Sequence[str] = (),
    dress: Callable[[Workbook, Worksheet], None] | None = None,
    name: str = "Sheet1",
) -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = name
    for row in rows:
        sheet.append(list(row))
    for area in merges:
        sheet.merge_cells(area)
    if dress:
        dress(book, sheet)
    return saved(book)


def zipped(parts: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return target.getvalue()


def unzipped(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def edited(data: bytes, part: str, old: bytes, new: bytes) -> bytes:
    """The workbook with a piece of one part's XML replaced, as only foreign programs write it."""
    parts = unzipped(data)
    assert old in parts[part]
    parts[part] = parts[part].replace(old, new)
    return zipped(parts)


def csv_text(rows: Iterable[Sequence[str]], *, delimiter: str = ",") -> str:
    return "".join(delimiter.join(row) + "\r\n" for row in rows)


def biff_record(kind: int, body: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def xls(
    rows: Iterable[Sequence[object]],
    *,
    password: bool = False,
    last_cell: tuple[int, int] = (0, 0),
    settings: bytes = b"",
    cells: bytes = b"",
) -> bytes:
    """A workbook as Excel 97 and old WPS wrote it: BIFF8 in an OLE container, one sheet."""
    bof = biff_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 6))
    name = b"\x06\x00" + b"Sheet1"
    secret = biff_record(0x002F, struct.pack("<HH", 1, 1) + bytes(50)) if password else b""
    before = bof + secret + settings
    bound_length = 4 + 6 + len(name)
    offset = len(before) + bound_length + 4
    globals_ = (
        before + biff_record(0x0085, struct.pack("<IH", offset, 0) + name) + biff_record(0x000A)
    )
    cells += b"".join(
        _biff_cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    if last_cell != (0, 0):
        cells += _biff_cell(*last_cell, " ")
    sheet_bof = biff_record(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 6))
    return ole({"Workbook": globals_ + sheet_bof + cells + biff_record(0x000A)})


def _biff_cell(row: int, column: int, value: object) -> bytes:
    if isinstance(value, int | float):
        return biff_record(0x0203, struct.pack("<HHHd", row, column, 0, value))
    text = str(value)
    body = struct.pack("<HHHHB", row, column, 0, len(text), 1) + text.encode("utf-16-le")
    return biff_record(0x0204, body)


def ole(streams: dict[str, bytes]) -> bytes:
    """An OLE container with the streams, each at least a mini-stream's limit long."""
    body, starts, chains = b"", {}, []
    for name, data in streams.items():
        padded = data.ljust(max(4096, -(-len(data) // SECTOR) * SECTOR), b"\0")
        count = len(padded) // SECTOR
        first = len(body) // SECTOR
        starts[name] = (first, len(padded))
        chains += [*range(first + 1, first + count), END]
        body += padded
    directory = _ole_entry("Root Entry", 5, END, 0, child=1)
    for number, (name, (first, size)) in enumerate(starts.items(), 1):
        right = number + 1 if number < len(starts) else FREE
        directory += _ole_entry(name, 2, first, size, right=right)
    directory = directory.ljust(-(-len(directory) // SECTOR) * SECTOR, b"\0")
    directory_at = len(chains)
    chains += [*range(directory_at + 1, directory_at + len(directory) // SECTOR), END]
    fat_count = more_count = 0
    while (len(chains) + fat_count + more_count) * 4 > fat_count * SECTOR:
        fat_count += 1
        more_count = -(-max(0, fat_count - 109) // 127)
    fat_at = len(chains)
    more_at = fat_at + fat_count
    chains += [FAT] * fat_count + [0xFFFFFFFC] * more_count
    table = struct.pack(f"<{len(chains)}I", *chains).ljust(fat_count * SECTOR, b"\xff")
    difat = [*range(fat_at, fat_at + fat_count)]
    for number in range(more_count):
        part = difat[109 + number * 127 :][:127]
        following = more_at + number + 1 if number + 1 < more_count else END
        table += struct.pack("<128I", *part, *[FREE] * (127 - len(part)), following)
    difat = [*difat, *[FREE] * 109][:109]
    first_more = more_at if more_count else END
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHHHII", 0x3E, 3, 0xFFFE, 9, 6, 0, 0, 0)
    header += struct.pack(
        "<IIIIIIIII", fat_count, directory_at, 0, 4096, END, 0, first_more, more_count, difat[0]
    )
    header += struct.pack("<108I", *difat[1:])
    return header + body + directory + table


def _ole_entry(
    name: str, kind: int, first: int, size: int, *, child: int = FREE, right: int = FREE
) -> bytes:
    text = name.encode("utf-16-le")
    entry = text.ljust(64, b"\0") + struct.pack("<HBB", len(text) + 2, kind, 1)
    entry += struct.pack("<III", FREE, right, child) + bytes(36)
    return entry + struct.pack("<IQ", first, size)
