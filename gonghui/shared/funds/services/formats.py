"""Files as each bank wants them, and answers as each bank gives them, read by its template.

Both sides meet in the same rows: a file is made of cells by what they hold, an answer is turned into
a plain sheet with the columns that `bank` knows.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.files.kinds import XLSX
from gonghui.shared.funds.models.template import BankTemplate, Direction, FileType, Unit

OUT_CONTENTS = ("序号", "户名", "账号", "开户行", "联行号", "金额", "附言")
RETURN_CONTENTS = ("序号", "账号", "金额", "结果", "原因")
NEEDED = {
    Direction.OUT: frozenset({"序号", "户名", "账号", "金额"}),
    Direction.RETURN: frozenset({"序号", "账号", "金额", "结果"}),
}
CENTS = 100
# A workbook bears the day it was made; the same batch must give the same bytes at every download.
_MADE = datetime(2000, 1, 1)  # noqa: DTZ001  a workbook knows no zones
_KINDS = {"序号": CellKind.INTEGER, "金额": CellKind.MONEY}
_TYPES = {
    FileType.CSV: ("csv", "text/csv"),
    FileType.TXT: ("txt", "text/plain"),
    FileType.XLSX: ("xlsx", XLSX),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Payment:
    """What a file says of one payment, by the name of the content."""

    cells: Mapping[str, Any]
    amount: Decimal


def columns_of(template: BankTemplate) -> list[tuple[str, str]]:
    """The columns as (heading, content); raises where a line is not “列名=内容”."""
    found = []
    for text in _lines(template.columns):
        label, sign, content = (part.strip() for part in text.partition("="))
        if not (label and sign and content):
            raise DomainError(f"“{text}”应写成“列名=内容”。", field="columns")
        found.append((label, content))
    return found


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.replace("＝", "=").splitlines() if line.strip()]


def check(template: Any) -> None:
    """A template knows only contents of its direction, and has those without which nothing can be matched."""
    direction = Direction(template.direction)
    known = OUT_CONTENTS if direction == Direction.OUT else (*RETURN_CONTENTS, "")
    contents = [content for _, content in columns_of(template)]
    unknown = [content for content in contents if content not in known and content != "不用"]
    if unknown:
        choice = "、".join(each for each in known if each)
        raise DomainError(f"没有“{unknown[0]}”这一项，内容可填：{choice}、不用。", field="columns")
    missing = sorted(NEEDED[direction] - set(contents))
    if missing:
        raise DomainError(f"缺少内容：{'、'.join(missing)}。", field="columns")
    codes_of(template)


def codes_of(template: BankTemplate) -> dict[str, str]:
    """The bank's failure codes and what they mean."""
    codes = {}
    for text in _lines(template.fail_codes):
        code, sign, reason = (part.strip() for part in text.partition("="))
        if not (code and sign and reason):
            raise DomainError(f"“{text}”应写成“返回码=原因”。", field="fail_codes")
        codes[code] = reason
    return codes


def successes_of(template: BankTemplate) -> frozenset[str]:
    """The bank's codes for a payment that arrived."""
    text = template.success_codes
    for sign in "，,；;/":
        text = text.replace(sign, "、")
    return frozenset(part.strip() for part in text.split("、") if part.strip())


def check_size(template: BankTemplate, count: int) -> None:
    """A bank takes so many payments in one file."""
    if template.most_rows is not None and count > template.most_rows:
        raise DomainError(
            f"{template.bank}每个文件最多{template.most_rows}笔，本批{count}笔，请拆成几个批次。"
        )


def written(template: BankTemplate, payments: Iterable[Payment]) -> bytes:
    """The file of some payments, the same bytes for the same payments."""
    columns = columns_of(template)
    rows: list[Sequence[Any]] = [
        [_shown(template, content, payment) for _, content in columns] for payment in payments
    ]
    if template.has_header:
        rows.insert(0, [label for label, _ in columns])
    if template.file_type == FileType.XLSX:
        return _workbook(rows)
    out = io.StringIO()
    if template.file_type == FileType.CSV:
        csv.writer(out, lineterminator="\r\n").writerows(rows)
    else:
        for row in rows:
            out.write(_joined(template, row) + "\r\n")
    return out.getvalue().encode(template.encoding)


def _joined(template: BankTemplate, row: Sequence[Any]) -> str:
    texts = [str(cell) for cell in row]
    spoilt = next((text for text in texts if template.delimiter in text), None)
    if spoilt is not None:
        raise DomainError(f"“{spoilt}”中含有分隔符“{template.delimiter}”，请先改正。")
    return str(template.delimiter.join(texts))


def _shown(template: BankTemplate, content: str, payment: Payment) -> str:
    if content == "金额":
        is_cent = template.unit == Unit.CENT
        return f"{int(payment.amount * CENTS)}" if is_cent else f"{payment.amount:.2f}"
    return str(payment.cells.get(content, ""))


def _workbook(rows: Sequence[Sequence[Any]]) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, {"in_memory": True})
    book.set_properties({"created": _MADE})
    sheet = book.add_worksheet()
    for number, row in enumerate(rows):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, str(cell))
    book.close()
    return target.getvalue()


def as_sheet(template: BankTemplate, data: bytes) -> bytes:
    """The bank's answer as a sheet with headings, whatever its separators and encoding."""
    if template.file_type == FileType.XLSX:
        return data
    try:
        text = data.decode(template.encoding)
    except UnicodeDecodeError:
        raise DomainError(
            f"文件不是{template.get_encoding_display()}编码，请核对银行文件模板。"
        ) from None
    if template.file_type == FileType.CSV:
        try:
            rows = list(csv.reader(io.StringIO(text)))
        except csv.Error:
            raise DomainError("文件不是CSV格式，请核对银行文件模板。") from None
    else:
        rows = [line.split(template.delimiter) for line in text.splitlines() if line.strip()]
    if not template.has_header:
        rows.insert(0, [label for label, _ in columns_of(template)])
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue().encode()


def headings_of(template: BankTemplate) -> tuple[Heading, ...]:
    """The columns that `bank` looks for, by the names that this bank gives them."""
    return tuple(
        Heading(
            label=content,
            aliases=(label,),
            required=content in NEEDED[Direction.RETURN],
            kind=_KINDS.get(content, CellKind.TEXT),
        )
        for label, content in columns_of(template)
        if content != "不用"
    )


def name_and_type(template: BankTemplate | None) -> tuple[str, str]:
    """The ending of a file's name, and its type for the browser."""
    if template is None:
        return "csv", "text/csv; charset=gb18030"
    ending, kind = _TYPES[FileType(template.file_type)]
    is_text = template.file_type != FileType.XLSX
    return ending, f"{kind}; charset={template.encoding}" if is_text else kind
