"""A look into an OOXML package before anything is read: bombs, tricks, and cells in error.

The reader lays a sheet out as one dense block from the first to the last used cell, so a stray
value in XFD1048576 would ask for hundreds of gigabytes; and it reports error cells as blank.
Both are found here, in one pass over the compressed bytes, without a tree of the document.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from gonghui.base.errors import DomainError

SAVE_AS = "请用 Excel 或 WPS 打开后另存为 .xlsx 再上传。"
DAMAGED = f"该文件已损坏，无法读取。{SAVE_AS}"
NOT_A_SPREADSHEET = f"该文件不是电子表格，只能上传 .xlsx、.xls、.et 或 .csv 文件。{SAVE_AS}"
ENCRYPTED = "该文件设有打开密码，系统无法读取。请取消密码（文件－信息－保护工作簿）后另存再上传。"
_NOT_READ_FORMAT = f"暂不支持 {{name}} 格式。{SAVE_AS}"
BOMB = f"该文件解压后过大（可能是压缩炸弹或损坏），已拒绝读取。{SAVE_AS}"
_FREE_RATIO_BELOW = 20 * 1024 * 1024  # a small file of blank formatted rows may well be 1000:1

_LOCAL_HEADER = b"PK\x03\x04"
_CHUNK = 1 << 20
_OVERLAP = 1 << 16
_MAX_PARTS = 5000
# Four times as fast as the patterns that allow for every spelling of an attribute; those are
# used where the odd spelling occurs at all.
_WIDE = re.compile(rb'r="([A-Za-z]{2,})[0-9]')
_LOW = re.compile(rb'r="[A-Za-z]*([0-9]+)"')
_ODD = re.compile(rb"""r\s*=\s*'|r\s+=|r=\s|r="\s""")
_ODD_WIDE = re.compile(rb"""r\s*=\s*["']\s*([A-Za-z]{2,})[0-9]""")
_ODD_LOW = re.compile(rb"""r\s*=\s*["']\s*[A-Za-z]*([0-9]+)""")
_ERROR_CELL = re.compile(
    rb'<c\s+(?:[^>]*?\s)?r="([A-Z]+)([0-9]+)"[^>]*?\bt="e"[^>]*>'
    rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)?<v>([^<]*)</v>"
)
# A formula that gave the empty text has t="str", and is as good as a blank cell.
_UNCOMPUTED_CELL = re.compile(
    rb'<c\s+(?![^>]*t="str")(?:[^>]*?\s)?r="([A-Z]+)([0-9]+)"[^>]*>'
    rb"(?:<f[^>]*>[^<]*</f>|<f[^>]*/>)(?:<v></v>|<v ?/>)?</c>"
)
_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_REL_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"

UNCOMPUTED = "未计算的公式"


@dataclass(slots=True)
class Package:
    """What the pass found out; `broken` maps a part's name to its error cells by 0-based row."""

    date1904: bool = False
    macros: bool = False
    parts: dict[str, str] = field(default_factory=dict)
    broken: dict[str, dict[int, list[tuple[int, str]]]] = field(default_factory=dict)

    def broken_in(self, sheet: str) -> dict[int, list[tuple[int, str]]]:
        """The error cells of a sheet: 0-based row to (0-based column, what it shows)."""
        return self.broken.get(self.parts.get(sheet, ""), {})


def examine(data: bytes, *, max_unpacked: int, max_ratio: int, max_cells: int) -> Package:
    """What reading will need to know; DomainError if the package must not be read at all."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _examine(archive, data, max_unpacked, max_ratio, max_cells)
    except (zipfile.BadZipFile, zlib.error, ET.ParseError, KeyError, ValueError) as error:
        raise DomainError(DAMAGED, code="damaged") from error


def _examine(
    archive: zipfile.ZipFile, data: bytes, max_unpacked: int, max_ratio: int, max_cells: int
) -> Package:
    infos = {info.filename: info for info in archive.infolist()}
    _check_is_workbook(infos, archive)
    unpacked = sum(info.file_size for info in infos.values())
    if unpacked > max_unpacked or len(infos) > _MAX_PARTS:
        raise DomainError(BOMB, code="bomb")
    if unpacked > _FREE_RATIO_BELOW and unpacked > max_ratio * len(data):
        raise DomainError(BOMB, code="bomb")
    package = Package(macros="xl/vbaProject.bin" in infos)
    for name, info in infos.items():
        if name.endswith((".xml", ".rels")):
            _scan_part(package, name, _inflated(data, info), max_cells)
    _read_workbook_part(package, archive)
    return package


def _check_is_workbook(infos: dict[str, zipfile.ZipInfo], archive: zipfile.ZipFile) -> None:
    if any(info.flag_bits & 1 for info in infos.values()):
        raise DomainError(ENCRYPTED, code="encrypted")
    if "xl/workbook.xml" in infos:
        return
    if "xl/workbook.bin" in infos:
        raise DomainError(_NOT_READ_FORMAT.format(name="xlsb"), code="format")
    if any(name.startswith("content.xml") for name in infos):
        raise DomainError(_NOT_READ_FORMAT.format(name="ods"), code="format")
    raise DomainError(NOT_A_SPREADSHEET, code="not_a_spreadsheet")


def _inflated(data: bytes, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The part's real bytes; a directory that lies about their number is refused.

    zipfile would stop at the announced size, the reader would not.
    """
    header = info.header_offset
    if data[header : header + 4] != _LOCAL_HEADER:
        raise zipfile.BadZipFile("no local header")
    name_length = int.from_bytes(data[header + 26 : header + 28], "little")
    extra_length = int.from_bytes(data[header + 28 : header + 30], "little")
    start = header + 30 + name_length + extra_length
    packed = memoryview(data)[start : start + info.compress_size]
    if info.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if info.compress_type != zipfile.ZIP_DEFLATED:
        raise zipfile.BadZipFile("unusual compression")
    inflater = zlib.decompressobj(-15)
    total = 0
    pending: bytes | memoryview = packed
    while chunk := inflater.decompress(pending, _CHUNK):
        total += len(chunk)
        if total > info.file_size:
            raise DomainError(BOMB, code="bomb")
        yield chunk
        pending = inflater.unconsumed_tail


def _scan_part(package: Package, name: str, chunks: Iterator[bytes], max_cells: int) -> None:
    is_sheet = name.startswith("xl/worksheets/") and name.endswith(".xml")
    bottom, right = 1, 26  # what the two patterns below cannot exceed without a hit
    carry = b""
    for chunk in chunks:
        text = carry + chunk
        if b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise DomainError(DAMAGED, code="damaged")
        if is_sheet:
            wide, low = (_ODD_WIDE, _ODD_LOW) if _ODD.search(text) else (_WIDE, _LOW)
            right = max([right, *map(column_index, set(wide.findall(text)))])
            bottom = max([bottom, *map(int, set(low.findall(text)))])
            check_area(bottom, right, max_cells)
            _note_broken(package.broken.setdefault(name, {}), text)
        cut = text.rfind(b"</row>")
        carry = text[max(cut, len(text) - _OVERLAP, 0) :]
    if is_sheet and b"worksheet>" not in carry:
        raise DomainError(DAMAGED, code="damaged")  # the reader would take what there is of it


def check_area(bottom: int, right: int, max_cells: int) -> None:
    """DomainError if a block of so many rows and columns holds more cells than allowed."""
    if bottom * right > max_cells:
        raise DomainError(
            f"工作表的已用区域过大（到第 {bottom} 行、{column_letter(right - 1)} 列）。"
            "请删除表格右侧和下方多余的行列（选中后右键删除，不是按 Delete 键），保存后再上传。",
            code="too_wide",
        )


def _note_broken(broken: dict[int, list[tuple[int, str]]], text: bytes) -> None:
    if b't="e"' in text:
        for column, row, shown in _ERROR_CELL.findall(text):
            cell = (column_index(column) - 1, shown.decode("utf-8", "replace") or "#ERROR!")
            _add(broken, int(row) - 1, cell)
    if b"</f></c>" in text or b"<v></v></c>" in text or b"<v/></c>" in text or b"<v /></c>" in text:
        for column, row in _UNCOMPUTED_CELL.findall(text):
            _add(broken, int(row) - 1, (column_index(column) - 1, UNCOMPUTED))


def _add(broken: dict[int, list[tuple[int, str]]], row: int, cell: tuple[int, str]) -> None:
    cells = broken.setdefault(row, [])
    if cell not in cells:  # the overlap of two chunks shows some cells twice
        cells.append(cell)


def _read_workbook_part(package: Package, archive: zipfile.ZipFile) -> None:
    root = ET.fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - DTDs were refused above
    properties = root.find(f"{_MAIN}workbookPr")
    if properties is not None:
        package.date1904 = properties.get("date1904") in {"1", "true"}
    relations = ET.fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - as above
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    for sheet in root.iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_REL_ID), "")
        part = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        package.parts[sheet.get("name", "")] = part


def column_index(letters: bytes | str) -> int:
    """1 for A, 27 for AA."""
    text = letters.decode() if isinstance(letters, bytes) else letters
    number = 0
    for letter in text.upper():
        number = number * 26 + ord(letter) - 64
    return number


def column_letter(index: int) -> str:
    """A for 0, AA for 26."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
