"""Normalising one cell: what it means, what was changed to get there, or why it means nothing."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from gonghui.base import identity, money
from gonghui.base.errors import DomainError
from gonghui.kernel.excel.dates import read_date, read_month
from gonghui.kernel.excel.headers import FoundColumn
from gonghui.kernel.excel.kinds import CellKind, Heading
from gonghui.kernel.excel.plain import (
    HIDDEN,
    SPACES,
    WIDTH,
    Scratch,
    narrow,
    narrow_alnum,
    says_nothing,
    text_of,
    visible,
    without_spaces,
)
from gonghui.kernel.excel.rows import is_blank
from gonghui.kernel.excel.sheets import SheetRead, SheetRow

MERGED = "合并单元格，沿用上方的值"

_YES = frozenset(
    (
        "是",
        "有",
        "对",
        "真",
        "√",
        "✓",
        "✔",
        "☑",
        "●",
        "y",
        "yes",
        "1",
        "true",
        "t",
        "v",
        "已",
        "对号",
    )
)
_NO = frozenset(
    (
        "否",
        "无",
        "没有",
        "不是",
        "错",
        "假",
        "×",
        "✗",
        "✘",
        "✕",
        "☒",
        "☐",
        "□",
        "○",
        "n",
        "no",
        "0",
        "false",
        "f",
        "x",
        "未",
        "错号",
    )
)
_COUNTERS = "人次|人|名|个|家|户|次|份|件|天|岁|年|届|元|%"
_INTEGER = re.compile(rf"([-+]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+))(?:\.0*)?({_COUNTERS})?")
_DECIMAL = re.compile(rf"([-+]?(?:\d{{1,3}}(?:,\d{{3}})+|\d+)(?:\.\d+)?)({_COUNTERS})?")
_CHOICE_NOISE = re.compile(r"[\s()\[\]、,，。.:：]+")
_CHOICE_TAILS = frozenset({"性", "族", "级", "类", "型", "人员", "户口", "户"})
_MIDDLE_DOTS = re.compile("[•・‧∙⋅･●.．。]")
_HAN = "\u2e80-\u2fdf\u3005\u3007\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_GAP = re.compile(f"(?<=[{_HAN}·])\\s+(?=[{_HAN}·])")
_OWN_MADE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")
_NAME = re.compile(
    f"[{_HAN}〇\ue000-\uf8ff\U000f0000-\U0010ffff]+(?:·[{_HAN}〇]+)*|[A-Za-zÀ-ɏ][A-Za-zÀ-ɏ' ·,-]+"
)
_OLD_ID_DIGITS = range(10**14, 10**15)
_EXACT = 10**15  # Excel keeps fifteen digits of a number
_CARD_DIGITS = range(16, 20)
_SHOWN_CHOICES = 12


@dataclass(frozen=True, slots=True)
class Normalised:
    """What a cell means (None: nothing), and in Chinese what was changed to read it."""

    value: object
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CellRemark:
    """Something to tell about one cell: its address, its column's label, and the words."""

    address: str
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRead:
    """A whole record normalised: values by label, what was changed, and what is wrong."""

    number: int
    values: dict[str, object]
    notes: tuple[CellRemark, ...]
    errors: tuple[CellRemark, ...]


def normalise(
    raw: object, heading: Heading, *, unit: str | None = None, date1904: bool = False
) -> Normalised:
    """The cell's meaning under its heading; DomainError, in Chinese, if it has none.

    Blank gives None, and is an error only in a required column. `unit` is that of the sheet's
    own heading, if it names one.
    """
    scratch = visible(raw)
    if not scratch.text:
        return _nothing(heading, "")
    if says_nothing(scratch.text) and not _means_something(scratch.text, heading):
        return _nothing(heading, f"“{scratch.text}”按未填写处理")
    if heading.kind is CellKind.MONEY:
        return _money(raw, unit or heading.unit)
    if heading.kind in {CellKind.DATE, CellKind.MOMENT}:
        return Normalised(*read_date(raw, date1904=date1904))
    if heading.kind is CellKind.MONTH:
        return Normalised(*read_month(raw, date1904=date1904))
    return _READERS[heading.kind](raw, heading)


def normalise_row(read: SheetRead, row: SheetRow) -> RowRead:
    """All wanted cells of a record; every fault is reported, not only the first."""
    return Normaliser(read).row(row)


class Normaliser:
    """Normalises the records of one sheet, and remembers what it has made of values that repeat."""

    def __init__(self, read: SheetRead) -> None:
        self._date1904 = read.book.date1904
        self._known: dict[tuple[str, type, object], Normalised | DomainError] = {}

    def row(self, row: SheetRow) -> RowRead:
        """All wanted cells of a record; every fault is reported, not only the first."""
        values: dict[str, object] = {}
        notes: list[CellRemark] = []
        errors: list[CellRemark] = []
        for label, column in row.columns.items():
            normalised = self._cell(row[label], column)
            if isinstance(normalised, DomainError):
                text = normalised.message
                errors.append(CellRemark(address=row.address(label), label=label, text=text))
                continue
            values[label] = normalised.value
            if normalised.note or row.filled:
                said = [normalised.note, MERGED if label in row.filled else ""]
                text = "；".join(part for part in said if part)
                if text:
                    notes.append(CellRemark(address=row.address(label), label=label, text=text))
        return RowRead(number=row.number, values=values, notes=tuple(notes), errors=tuple(errors))

    def _cell(self, raw: object, column: FoundColumn) -> Normalised | DomainError:
        if raw == "" and not column.heading.required:
            return _NOTHING
        if column.heading.kind in _HARDLY_REPEATED or not isinstance(raw, Hashable):
            return self._read(raw, column)
        # The type belongs to the key: 1, 1.0 and True are equal and do not mean the same.
        key = (column.letter, type(raw), raw)
        known = self._known.get(key)
        if known is None:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            known = self._known[key] = self._read(raw, column)
        return known

    def _read(self, raw: object, column: FoundColumn) -> Normalised | DomainError:
        if is_blank(raw) and not column.heading.required:
            return _NOTHING
        try:
            return normalise(raw, column.heading, unit=column.unit, date1904=self._date1904)
        except DomainError as error:
            return error


_NOTHING = Normalised(None)
_REMEMBERED = 20_000
_HARDLY_REPEATED = frozenset({CellKind.ID_NUMBER, CellKind.PHONE, CellKind.USCC, CellKind.ACCOUNT})


def _nothing(heading: Heading, note: str) -> Normalised:
    if heading.required:
        raise DomainError(f"“{heading.label}”必填，不能为空。", code="required")
    return Normalised(None, note)


def _means_something(text: str, heading: Heading) -> bool:
    """无 is an answer to a yes-or-no question, and may be one of the choices; a text is a text."""
    if heading.kind is CellKind.FLAG:
        return text.lower() in _NO
    if heading.kind is CellKind.CHOICE:
        return any(text in pair for pair in heading.choices)
    return heading.kind is CellKind.TEXT


def _text(raw: object, _heading: Heading) -> Normalised:
    scratch = visible(raw)
    narrow_alnum(scratch)
    return Normalised(scratch.text, scratch.note)


def _id_number(raw: object, _heading: Heading) -> Normalised:
    text, numeric = _digits_kept(raw)
    scratch = _code(text)
    number = identity.parse_id_number(scratch.text)
    scratch.text = number.value
    said = [scratch.note, numeric, number.warning]
    return Normalised(number.value, "；".join(part for part in said if part))


def _digits_kept(raw: object) -> tuple[str | object, str]:
    """A number of 15 digits is an old identity number whole: Excel keeps exactly so many."""
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        if float(raw).is_integer() and int(raw) in _OLD_ID_DIGITS:
            return str(int(raw)), "数字转文本"
        raise DomainError(identity.DAMAGED_BY_EXCEL, code="damaged")
    return raw, ""


def _uscc(raw: object, heading: Heading) -> Normalised:
    if isinstance(raw, int | float) and not isinstance(raw, bool):
        raise DomainError("代码被Excel改成数字，请用模板（文本格式）重新填写", code="damaged")
    scratch = _code(raw)
    value = identity.parse_uscc(scratch.text, union=heading.union)
    return Normalised(value, scratch.note)


def _account(raw: object, _heading: Heading) -> Normalised:
    """A bank account or card; passbooks have numbers of their own, so Luhn's check only warns."""
    is_number = isinstance(raw, int | float) and not isinstance(raw, bool)
    if is_number and abs(float(str(raw))) >= _EXACT:
        raise DomainError(_ACCOUNT_DAMAGED, code="damaged")
    scratch = _code(raw)
    scratch.become(re.sub("[-－—]", "", scratch.text), "去掉短横线")
    if re.fullmatch(r"\d+(\.\d+)?E\+?\d+", scratch.text):
        raise DomainError(_ACCOUNT_DAMAGED, code="damaged")
    if not re.fullmatch(r"\d{8,32}", scratch.text):
        raise DomainError(
            f"银行账号应为8至32位数字，填的是“{scratch.text}”，请核对。", code="account"
        )
    if len(scratch.text) in _CARD_DIGITS and not _luhn(scratch.text):
        scratch.notes.append("卡号校验位不符，请核对（存折账号不必理会）")
    return Normalised(scratch.text, scratch.note)


_ACCOUNT_DAMAGED = "银行账号疑被Excel改成数字，末几位已丢失，请设为文本格式后重填"


def _luhn(digits: str) -> bool:
    doubled = (int(d) * (1 + i % 2) for i, d in enumerate(reversed(digits)))
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _phone(raw: object, _heading: Heading) -> Normalised:
    scratch = _code(raw)
    if len(re.findall(r"1[3-9]\d{9}", scratch.text)) > 1:
        raise DomainError("一格里有几个电话，请只填一个。", code="phone")
    if isinstance(raw, int | float) and re.fullmatch(r"[3-9]\d{9}", scratch.text):
        raise DomainError(
            f"“{scratch.text}”像是区号前的 0 被Excel去掉了，请用文本格式重新填写。", code="phone"
        )
    return Normalised(identity.checked_phone(scratch.text), scratch.note)


def _code(raw: object) -> Scratch:
    scratch = narrow(raw)
    without_spaces(scratch)
    scratch.become(scratch.text.upper(), "小写转大写")
    return scratch


def _integer(raw: object, heading: Heading) -> Normalised:
    number = _number(raw, _INTEGER, f"“{heading.label}”应为整数")
    return Normalised(int(number.text), number.note)


def _decimal(raw: object, heading: Heading) -> Normalised:
    number = _number(raw, _DECIMAL, f"“{heading.label}”应为数字")
    return Normalised(Decimal(number.text), number.note)


def _number(raw: object, pattern: re.Pattern[str], expected: str) -> Scratch:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise DomainError(f"{expected}，填的是“{text_of(raw)}”，请核对。", code="number")
    scratch = narrow(_exactly(raw))
    without_spaces(scratch)
    match = pattern.fullmatch(scratch.text)
    if match is None:
        raise DomainError(f"{expected}，填的是“{scratch.text}”，请核对。", code="number")
    if match.group(2):
        scratch.become(match.group(1), f"去掉“{match.group(2)}”")
    scratch.text = match.group(1).replace(",", "").lstrip("+")
    return scratch


def _exactly(raw: float | str) -> str:
    """0.1 + 0.2 is 0.3 for whoever sees the sheet: fifteen digits, never scientific."""
    return f"{Decimal(text_of(raw)):f}" if isinstance(raw, float) else str(raw)


def _money(raw: object, unit: str) -> Normalised:
    if isinstance(raw, bool) or not isinstance(raw, int | float | str):
        raise DomainError(f"金额“{text_of(raw)}”不是数字，请核对。", code="amount")
    scratch = narrow(_exactly(raw))
    without_spaces(scratch)
    amount = money.parse_amount(scratch.text, unit)
    bare = re.fullmatch(r"[-−￥¥\d.,]+", scratch.text)
    if unit != "元" and bare:
        scratch.notes.append(f"按{unit}换算为 {amount:,.2f} 元")
    elif re.search("[百千万亿]", scratch.text):
        scratch.notes.append(f"换算为 {amount:,.2f} 元")
    return Normalised(amount, scratch.note)


def _flag(raw: object, heading: Heading) -> Normalised:
    scratch = narrow(raw)
    without_spaces(scratch)
    word = scratch.text.lower()
    if word in _YES:
        return Normalised(True)
    if word in _NO:
        return Normalised(False)
    raise DomainError(f"“{heading.label}”只能填“是”或“否”，填的是“{scratch.text}”。", code="flag")


def _choice(raw: object, heading: Heading) -> Normalised:
    scratch = narrow(raw)
    word = _choice_key(scratch.text)
    labels = {
        _choice_key(label): (value, label) for value, label in heading.choices + heading.synonyms
    }
    hit = labels.get(word) or {v.lower(): (v, text) for v, text in heading.choices}.get(word)
    if hit is not None:
        return Normalised(hit[0])
    near = _near(word, labels)
    if len(near) == 1:
        value, label = near[0]
        return Normalised(value, f"“{scratch.text}”按“{label}”处理")
    options = [label for _value, label in heading.choices]
    shown = "、".join(options[:_SHOWN_CHOICES]) + ("等" if len(options) > _SHOWN_CHOICES else "")
    raise DomainError(f"“{heading.label}”只能填：{shown}，填的是“{scratch.text}”。", code="choice")


def _near(word: str, labels: dict[str, tuple[str, str]]) -> Sequence[tuple[str, str]]:
    """汉 for 汉族, 男性 for 男; never the middle of a word: 农业 is not 非农业."""
    if not word:
        return ()
    return [
        pair
        for key, pair in labels.items()
        if key.startswith(word) or (word.startswith(key) and word[len(key) :] in _CHOICE_TAILS)
    ]


def _choice_key(text: str) -> str:
    return _CHOICE_NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()


def _name(raw: object, heading: Heading) -> Normalised:
    scratch = visible(raw)
    scratch.become(unicodedata.normalize("NFKC", scratch.text), WIDTH)
    if re.search(f"[{_HAN}]", scratch.text):
        scratch.become(_MIDDLE_DOTS.sub("·", scratch.text), "间隔号统一为“·”")
    scratch.become(_HAN_GAP.sub("", scratch.text), SPACES)
    scratch.become(re.sub(r"\s+", " ", scratch.text), SPACES)
    if not _NAME.fullmatch(scratch.text):
        raise DomainError(
            f"“{heading.label}”里有不属于姓名的内容：“{scratch.text}”。"
            "请只填一个人的姓名，职务、电话等填在别的列。",
            code="name",
        )
    if _OWN_MADE.search(scratch.text):
        scratch.notes.append("含有自造字，别的电脑可能显示不出，请核对")
    return Normalised(scratch.text, scratch.note)


_READERS: dict[CellKind, Callable[[object, Heading], Normalised]] = {
    CellKind.TEXT: _text,
    CellKind.ID_NUMBER: _id_number,
    CellKind.USCC: _uscc,
    CellKind.ACCOUNT: _account,
    CellKind.PHONE: _phone,
    CellKind.INTEGER: _integer,
    CellKind.DECIMAL: _decimal,
    CellKind.FLAG: _flag,
    CellKind.CHOICE: _choice,
    CellKind.NAME: _name,
}
__all__ = [
    "HIDDEN",
    "MERGED",
    "CellRemark",
    "Normalised",
    "Normaliser",
    "RowRead",
    "normalise",
    "normalise_row",
]
