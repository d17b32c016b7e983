"""Which rows below a header are records, and which are sums, notes, signatures or repetitions."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum
from itertools import chain, repeat

from gonghui.kernel.excel.headers import SERIAL_LABELS, Header, key_of
from gonghui.kernel.excel.plain import shown


class Skip(StrEnum):
    """Why a row is not read as a record; the value is what the user is told."""

    BLANK = "空行"
    ONLY_SERIAL = "只有序号，没有内容"
    TOTAL = "合计行"
    NOTE = "表下说明"
    SIGNATURE = "签字行"
    HEADER = "重复的表头"
    NUMBERING = "栏次行"
    EXAMPLE = "示例行"


_SPACES = re.compile(r"[\s\u200b\u200c\u200d\ufeff]+")
_TOTAL = re.compile(
    r"(?:本页|本表|全市|全县|全区|全部)?(?:合计|小计|总计|累计|共计|总合计)(?:[:(].*)?"
    r"|.{1,15}(?:合计|小计|总计)|合计\d.*"
)
_NOTE = re.compile(
    r"(?:备注|附注|注|说明|注意)\d?[:、.]|(?:填表|填报|填写|使用)(?:说明|要求|须知)|注意事项"
    r"|第\d+页.*共\d+页"
)
_SIGN_WORDS = (
    "(?:单位|部门|主要|工会|分管)?(?:负责人|领导|主席)|(?:填表|制表|填报|审核|复核|经办|联系)人?(?:员)?"
    "|(?:填报|填表|制表|上报)(?:单位|日期|时间)|联系电话|单位公章|盖章|日期"
)
_SIGNATURE = re.compile(
    rf"(?:{_SIGN_WORDS})(?:\([^)]*\))?(?:签字|签章|签名|盖章)?(?:\([^)]*\))?:"
    rf"|(?:{_SIGN_WORDS})?\(?(?:签字|签章|签名|盖章|公章)\)?"
)
# A made-up name may begin with 示例; an example row says so in brackets, before a colon, or alone.
_EXAMPLE = re.compile(
    r"[(【\[](?:示例|样例|例如|范例|填写示例|例[:)])|(?:例如|例|示例|样例):"
    r"|(?:填写)?(?:示例|样例|范例|例如)行?$"
)
_CHINESE_NUMBERING = "甲乙丙丁戊己庚辛"
_NUMBERING_LABELS = frozenset({"栏次", "行次"})


def is_blank(value: object) -> bool:
    """Nothing, or nothing that can be seen."""
    if isinstance(value, str):
        return value == "" or (not value.isalnum() and not _SPACES.sub("", value))
    return value is None


class Sieve:
    """Judges the rows below one header in their order; a note lends its meaning to what follows."""

    def __init__(self, header: Header) -> None:
        self._columns = [column.index for column in header.columns]
        self._content = [
            column.index
            for column in header.columns
            if key_of(column.heading.label) not in SERIAL_LABELS
        ] or self._columns
        self._header_rows = {
            tuple(key_of(text) for text in line) for line in header.texts if any(line)
        }
        self._first = header.bottom + 1
        self._below_notes = False

    def judge(self, index: int, cells: Sequence[object]) -> Skip | None:
        """Why the row with this 0-based index is no record, or None if it is one."""
        given = [cell for cell in cells if not is_blank(cell)]
        if not given:
            return Skip.BLANK
        plain = _plain(next((c for c in given if not isinstance(c, int | float)), ""))
        reason = self._by_words(plain, given)
        if reason is None and self._is_header(cells):
            reason = Skip.HEADER
        if reason is None and index <= self._first + 1 and _is_numbering(given):
            reason = Skip.NUMBERING
        if reason is None:
            reason = self._by_content(cells)
        return reason

    def _by_words(self, plain: str, given: Sequence[object]) -> Skip | None:
        if _TOTAL.fullmatch(plain):
            return Skip.TOTAL
        if _NOTE.match(plain):
            self._below_notes = True
            return Skip.NOTE
        if _is_signature(plain, given):
            self._below_notes = True
            return Skip.SIGNATURE
        if _EXAMPLE.match(plain):
            return Skip.EXAMPLE
        return None

    def _is_header(self, cells: Sequence[object]) -> bool:
        return any(self._repeats(line, cells) for line in self._header_rows)

    @staticmethod
    def _repeats(line: Sequence[str], cells: Sequence[object]) -> bool:
        texts = (cell if isinstance(cell, str) else "" for cell in cells)
        pairs = zip(line, chain(texts, repeat("")), strict=False)
        return all(key_of(text) == key for key, text in pairs) and sum(map(bool, line)) > 1

    def _by_content(self, cells: Sequence[object]) -> Skip | None:
        filled = self._count(cells, self._content)
        if self._below_notes and filled < min(2, len(self._content)):
            return Skip.NOTE
        if filled == 0:
            return Skip.ONLY_SERIAL
        return None

    @staticmethod
    def _count(cells: Sequence[object], columns: Sequence[int]) -> int:
        return sum(1 for column in columns if column < len(cells) and not is_blank(cells[column]))


def _plain(value: object) -> str:
    return _SPACES.sub("", unicodedata.normalize("NFKC", shown(value)))


def _is_signature(plain: str, given: Sequence[object]) -> bool:
    """A person's row has many cells; a row for signatures begins with the word and says little."""
    match = _SIGNATURE.match(plain)
    if match is None:
        return False
    return plain[match.end() - 1] == ":" or (match.end() == len(plain) and len(given) <= 4)


def _is_numbering(given: Sequence[object]) -> bool:
    """The row 甲 乙 1 2 3 that statistical tables have under their header."""
    texts = [_numbered(cell) for cell in given]
    texts = texts[1:] if texts and texts[0] in _NUMBERING_LABELS else texts
    letters = 0
    while letters < len(texts) and texts[letters] == _CHINESE_NUMBERING[letters : letters + 1]:
        letters += 1
    numbers = texts[letters:]
    wanted = [str(number + 1) for number in range(len(numbers))]
    return len(texts) >= 3 and numbers == wanted


def _numbered(cell: object) -> str:
    return _plain(cell).strip("()")
