"""Finding the header in the first rows of a sheet, and which column is which heading."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from gonghui.base.errors import DomainError
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.package import column_letter
from gonghui.kernel.excel.workbook import Merge

LOOK_IN_ROWS = 20
MAX_DEPTH = 3
FAULT_LABEL = "错误原因"
ROW_LABEL = "原行号"
SERIAL_LABELS = frozenset({"序号", "编号", "行号", "no", "no."})
# Columns that we or the template added ourselves; nobody needs to hear of them.
_OUR_OWN = frozenset({FAULT_LABEL, ROW_LABEL, "序号"})

_UNITS = frozenset(
    {"元", "百元", "千元", "万元", "百万元", "千万元", "亿元"}
)  # as money knows them
_COUNTERS = {"人", "个", "家", "户", "次", "份", "名", "天", "岁", "人次", "%"}
_REMARKS = re.compile(
    r"\((?:必填|选填|必填项|非必填|可选|可不填|文本格式|数字|日期格式|下拉选择|单选|多选)\)"
)
_UNIT_MARK = re.compile(r"\((?:单位[:：]?)?([^()]{1,4})\)|[/,]([百千]?万元|[百千]?元|亿元)$")
_PARENTHESES = re.compile(r"\([^()]*\)")
_NOISE = re.compile(r"[\s*＊★☆※:：\u200b\u200c\u200d\ufeff\u00ad]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundColumn:
    """Where a heading was found: 0-based column, its letter, the text found, the unit of money."""

    heading: Heading
    index: int
    letter: str
    text: str
    unit: str = "元"


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A recognised header: 0-based first and last row, the columns, and what else stands there."""

    top: int
    bottom: int
    columns: tuple[FoundColumn, ...]
    unknown: tuple[str, ...]
    texts: tuple[tuple[str, ...], ...]

    @property
    def score(self) -> int:
        """How many of the wanted headings were found."""
        return len(self.columns)

    @property
    def labels(self) -> set[str]:
        """The labels of the headings that were found."""
        return {column.heading.label for column in self.columns}


def key_of(text: str) -> str:
    """What remains of a heading when layout, width, marks and units are taken away."""
    plain = _REMARKS.sub("", _NOISE.sub("", unicodedata.normalize("NFKC", text))).lower()
    return _UNIT_MARK.sub(_without_unit, plain)


def _without_unit(match: re.Match[str]) -> str:
    unit = match.group(1) or match.group(2)
    return "" if unit in _UNITS or unit in _COUNTERS else match.group(0)


def unit_of(text: str) -> str | None:
    """The unit of money that a heading such as 金额（万元） names, or None."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text))
    for match in _UNIT_MARK.finditer(plain):
        unit: str = match.group(1) or match.group(2)
        if unit in _UNITS:
            return unit
    return None


def find_header(
    rows: Sequence[Sequence[object]], merges: Sequence[Merge], headings: Sequence[Heading]
) -> Header | None:
    """The rows among the first ones that fit the headings best, or None where nothing fits.

    One heading found is enough only where no more than two are wanted: a title such as
    "姓名" alone above a letter is no header.
    """
    best: Header | None = None
    for depth in range(1, MAX_DEPTH + 1):  # the shallowest header that fits as well as any
        for top in range(min(len(rows) - depth + 1, LOOK_IN_ROWS)):
            found = _header_at(rows, merges, headings, top, depth)
            if best is None or found.score > best.score:
                best = found
    if best is None or best.score < min(2, (len(headings) + 1) // 2):
        return None
    return _without_duplicates(best)


def _header_at(
    rows: Sequence[Sequence[object]],
    merges: Sequence[Merge],
    headings: Sequence[Heading],
    top: int,
    depth: int,
) -> Header:
    bottom = min(max(top + depth - 1, _merged_bottom(merges, top)), len(rows) - 1)
    lines = [_texts(rows[number]) for number in range(top, bottom + 1)]
    width = max(map(len, lines))
    candidates = [_candidates(lines, column) for column in range(width)]
    columns = _matched(candidates, headings)
    taken = {column.index for column in columns}
    unknown = tuple(
        options[0]
        for index, options in enumerate(candidates)
        if options and index not in taken and key_of(options[0]) not in _OUR_OWN
    )
    return Header(
        top=top,
        bottom=bottom,
        columns=columns,
        unknown=unknown,
        texts=tuple(tuple(line) for line in lines),
    )


def _merged_bottom(merges: Sequence[Merge], top: int) -> int:
    """A heading merged downwards (姓名 beside 人数 over 男 and 女) shows how deep the header is."""
    ends = [
        bottom
        for first, left, bottom, right in merges
        if first == top and left == right and bottom < top + MAX_DEPTH
    ]
    return max(ends, default=top)


def _texts(row: Sequence[object]) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in row]


def _candidates(lines: Sequence[Sequence[str]], column: int) -> list[str]:
    """The names a column may go by, fullest first: group/child, child, group."""
    own = [line[column] if column < len(line) else "" for line in lines]
    given = [text for text in own if text]
    if not given:
        return []
    path = [
        text or (_group_to_the_left(line, column) if any(own[level + 1 :]) else "")
        for level, (text, line) in enumerate(zip(own, lines, strict=True))
    ]
    full = "/".join(text for text in path if text)
    names = [full, "/".join(given), given[-1]]
    if not _heads_a_group(lines, column):
        names.append(given[0])  # a heading in two languages, one below the other
    return list(dict.fromkeys(names))


def _heads_a_group(lines: Sequence[Sequence[str]], column: int) -> bool:
    """Whether the top cell also stands over the next column (人数 over 男 and 女)."""
    right = [line[column + 1] if column + 1 < len(line) else "" for line in lines]
    return not right[0] and any(right)


def _group_to_the_left(line: Sequence[str], column: int) -> str:
    return next((text for text in reversed(line[:column]) if text), "")


def _matched(
    candidates: Sequence[Sequence[str]], headings: Sequence[Heading]
) -> tuple[FoundColumn, ...]:
    """Best matches first: the label itself, then an alias, then either without parentheses."""
    found: dict[int, list[FoundColumn]] = {}
    taken: set[int] = set()
    for rank in range(3):
        wanted = _wanted(headings, rank, frozenset(found))
        hits = [
            (index, number, text)
            for index, options in enumerate(candidates)
            if index not in taken
            for number, text in [_first_hit(options, wanted, loosely=rank == 2)]
            if number is not None
        ]
        for index, number, text in hits:
            taken.add(index)
            found.setdefault(number, []).append(_column(headings[number], index, text))
    return tuple(column for number in sorted(found) for column in found[number])


def _wanted(headings: Sequence[Heading], rank: int, done: frozenset[int]) -> dict[str, int]:
    wanted: dict[str, int] = {}
    for number, heading in enumerate(headings):
        if number in done:
            continue
        names = {0: (heading.label,), 1: heading.aliases}.get(
            rank, (heading.label, *heading.aliases)
        )
        for name in names:
            key = key_of(name)
            wanted.setdefault(_PARENTHESES.sub("", key) if rank == 2 else key, number)
    wanted.pop("", None)
    return wanted


def _first_hit(
    options: Sequence[str], wanted: dict[str, int], *, loosely: bool
) -> tuple[int | None, str]:
    for text in options:
        key = key_of(text)
        number = wanted.get(_PARENTHESES.sub("", key) if loosely else key)
        if number is not None:
            return number, text
    return None, ""


def _column(heading: Heading, index: int, text: str) -> FoundColumn:
    unit = unit_of(text) if heading.kind is CellKind.MONEY else None
    return FoundColumn(
        heading=heading,
        index=index,
        letter=column_letter(index),
        text=text,
        unit=heading.unit if unit is None else unit,
    )


def _without_duplicates(header: Header) -> Header:
    counts = Counter(column.heading.label for column in header.columns)
    for label, count in counts.items():
        if count > 1:
            letters = "、".join(
                f"{column.letter} 列" for column in header.columns if column.heading.label == label
            )
            raise DomainError(
                f"“{label}”一列出现了 {count} 次（{letters}），无法判断以哪一列为准。"
                "请删去或改名多余的一列后再上传。",
                code="duplicate_column",
            )
    return header


def check_required(header: Header, headings: Sequence[Heading], sheet: str) -> None:
    """DomainError naming the required columns that are missing and what was found instead."""
    missing = [h.label for h in headings if h.required and h.label not in header.labels]
    if not missing:
        return
    found = [column.text for column in header.columns] + list(header.unknown)
    raise DomainError(
        f"工作表“{sheet}”第 {header.top + 1} 行的表头缺少必填列：{'、'.join(missing)}。"
        f"已找到的列：{'、'.join(found)}。请对照模板补上或改正列名后再上传。",
        code="missing_columns",
    )
