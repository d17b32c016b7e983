"""Finding every figure in a Chinese text, and leaving out the numbers that count nothing.

A figure is a quantity somebody could check: 547家, 近140万元, 30%以上, 近百万元, 1-2个. Dates,
ordinals, numbers of documents and hotlines, titles in 《》 and set phrases (十八大, 十二件实事) are
none. What is a set phrase or a unit is data: see `scanning.txt`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from pathlib import Path
from typing import Final

from gonghui.base.errors import DomainError
from gonghui.base.numerals import NUMERAL_CHARACTERS, read_numeral
from gonghui.base.printed import Printed, Word, read

_FILE: Final = Path(__file__).with_name("scanning.txt")


class Script(StrEnum):
    """How a figure is written."""

    ARABIC = "阿拉伯数字"
    CHINESE = "汉字数字"


@dataclass(frozen=True, slots=True, kw_only=True)
class TextFigure:
    """A figure as it stands in a text, from `start` up to but not including `end`.

    `value` is the printed number, a ratio for percentages; None, with a `problem`, where the
    writing has no single meaning (3亿4千万). `upper` is the other end of a range.
    """

    start: int
    end: int
    text: str
    script: Script
    unit: str
    word: Word = Word.EXACT
    value: Decimal | None = None
    upper: Decimal | None = None
    percent: bool = False
    problem: str = ""


def scan(text: str, phrases: Iterable[str] = ()) -> list[TextFigure]:
    """All figures of a text in their order; `phrases` are further set phrases to leave out."""
    plain = text.translate(_HALF_WIDTH)
    taken = [match.span() for pattern in _NAMES for match in pattern.finditer(plain)]
    taken += [match.span() for one in phrases for match in _phrase(one).finditer(plain)]
    return [
        _figure(text, match)
        for match in _candidates(plain)
        if not any(_overlap(match.span("core"), span) for span in taken)
    ]


_LONGEST: Final = 40  # characters of a figure that is worth reading

# One character each, so that positions in the translated text are positions in the text. The
# full-width comma stays: it separates figures, where the half-width one groups digits.
_HALF_WIDTH: Final = str.maketrans("０１２３４５６７８９％．－−～", "0123456789%.--~")


def _entries(key: str) -> list[str]:
    lines = _FILE.read_text(encoding="utf-8").splitlines()
    return [line[2:] for line in lines if line.startswith(f"{key} ")]


def _any_of(words: Iterable[str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_COUNTING: Final = frozenset(_entries("量"))
_COUNTING_MANY: Final = frozenset(_entries("众"))
_UNIT: Final = _any_of(_COUNTING | _COUNTING_MANY | frozenset(_entries("度")))

_N: Final = NUMERAL_CHARACTERS
_DIGITS: Final = r"(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
_NUMERAL: Final = rf"[{_N}]+(?:点[零〇一二三四五六七八九]+)?"
_SCALE: Final = r"(?:万亿|千万|百万|亿|万|千(?![克米瓦])|百)"
_TO: Final = r"(?:[-—–~至到]+)"
# 最近, 合约, 到达 end in a word that looks like one of ours.
_BEFORE: Final = (
    r"(?:大约|多达|达到|突破|(?<!不)超过|(?<![最附将邻临])近|(?<![合契节条公预签])约"
    r"|(?<![到抵])达|(?<!不)超)"
)
# Words that limit a figure in a way the grammar of printed figures does not know.
_LIMIT: Final = r"(?:不超过|不少于|不低于|不高于|不足|不到|不满|至少|最多|逾|上(?=[百千万]))"
_VAGUE: Final = r"(?:(?<![人户总件次家个参基多少])数|几)(?=[十百千万亿])"

_FIGURE: Final = re.compile(
    rf"(?P<limit>{_LIMIT})?(?P<before>{_BEFORE}{{0,3}})(?P<vague>{_VAGUE})?"
    r"(?P<core>"
    rf"(?:(?P<whole>{_NUMERAL}|[0-9]+)分之(?P<part>{_NUMERAL}|{_DIGITS}))"
    rf"|(?P<over>[0-9]+)/(?P<under>[0-9]+)"
    rf"|(?P<low>{_DIGITS}(?:%|{_SCALE})?){_TO}(?P<high>{_DIGITS}(?:余|多)?{_SCALE}?)"
    rf"|(?P<low_numeral>[{_N}]+)[至到](?P<high_numeral>[{_N}]+)"
    rf"|{_DIGITS}(?:余|多)?{_SCALE}*(?:(?<=[百千万亿]){_DIGITS}{_SCALE}*)*(?:余|多)?"
    rf"|(?P<numeral>{_NUMERAL})(?:余|多)?{_SCALE}?(?:余|多)?"
    r")"
    rf"(?P<unit>{_UNIT})?(?P<after>(?:以上|左右)*)"
)


def _phrase(phrase: str) -> re.Pattern[str]:
    """A set phrase where it stands for itself: not the end of a numeral (三百项成果), not a count."""
    body = re.escape(phrase).replace("…", "[^，,。；;、：:！？]{0,12}?")
    if phrase.isdecimal():
        return re.compile(rf"(?<![0-9.]){body}(?![0-9.%余多]|{_SCALE}|{_UNIT})")
    ends = rf"(?![{_N}])" if phrase[-1] in _N else ""
    return re.compile(rf"(?<![{_N}0-9]){body}{ends}")


_DAY: Final = r"[0-9]{1,2}(?:日|号)(?!内|以内|之内)"
_NAMES: Final = (
    *(_phrase(one) for one in _entries("词")),
    re.compile("《[^》]*》"),
    # A short name in quotes that begins with a small numeral: “六型”, “三走访、三服务”.
    re.compile("“[一二两三四五六七八九十]{1,3}[^“”0-9百千万亿]{1,8}”"),
    re.compile(rf"第(?:[0-9]+|[{_N}]+)"),
    re.compile(rf"(?<![0-9{_N}])(?:[0-9]+|[{_N}]+)届(?:(?:[0-9]+|[{_N}]+)次)?"),
    re.compile(r"〔[0-9]{4}〕|[\[（(](?:19|20)[0-9]{2}[\]）)](?=第?[0-9]+号)"),
    re.compile(r"(?<![0-9])[0-9]+号"),
    # Days and times.
    re.compile(rf"(?<![0-9])(?:(?:19|20)[0-9]{{2}}{_TO})?(?:19|20)[0-9]{{2}}(?:学?年|届)"),
    re.compile(r"(?<![0-9])(?:19|20)[0-9]{2}([-./])[0-9]{1,2}\1[0-9]{1,2}(?![0-9])"),
    re.compile(rf"(?<![0-9])(?:[0-9]{{1,2}}月?{_TO})?[0-9]{{1,2}}月(?:{_DAY})?"),
    re.compile(rf"(?<![0-9])(?:[0-9]{{1,2}}日?{_TO})?{_DAY}"),
    re.compile(r"(?<![0-9])[0-9]{1,2}[:：][0-9]{2}(?![0-9])"),
    re.compile(r"(?<![0-9])[0-9]{1,2}[时点](?:[0-9]{1,2}分)?(?![0-9])"),
    re.compile(r"(?<![0-9])(?:[5-9][05]|0[05]|10)后"),
    # Telephones, names with letters (A4, GB/T 9704-2012), numbers of paragraphs.
    re.compile(r"(?<![0-9])(?:0[0-9]{2,3}-[0-9]{7,8}|1[3-9][0-9]{9})(?![0-9])"),
    re.compile(r"(?:(?<![A-Za-z/])[A-Za-z][A-Za-z/]*|(?:GB(?:/T)?|DB|ISO)\s)[0-9][0-9.\-—]*"),
    re.compile(r"(?<![0-9A-Za-z])[0-9]+[A-Z](?![A-Za-z])"),
    re.compile(r"(?m)^[ \t\u3000]*[（(]?[0-9]{1,2}(?:[)）.、](?![0-9]))"),
)


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _candidates(plain: str) -> Iterator[re.Match[str]]:
    for match in _FIGURE.finditer(plain):
        if re.search("[0-9]", match["core"]) or match["part"] or _is_quantity(match):
            yield match


def _is_quantity(match: re.Match[str]) -> bool:
    """Whether a Chinese numeral counts something; 一 and 二 by themselves hardly ever do."""
    numeral = match["numeral"] or match["high_numeral"]
    bare = match["core"] == numeral
    small = bare and numeral in set("一二两三四五六七八九零〇")
    if small:
        return numeral not in set("一二零〇") and match["unit"] in _COUNTING
    if match["unit"]:
        return match["unit"] in _COUNTING | _COUNTING_MANY
    return not bare or bool(match["after"])


def _figure(text: str, match: re.Match[str]) -> TextFigure:
    start, end = match.span()
    minus = _has_minus(match)
    chinese = re.search("[0-9]", match["core"]) is None
    percent_words = match["whole"] == "百"
    found = TextFigure(
        start=start - minus,
        end=end,
        text=text[start - minus : end],
        script=Script.CHINESE if chinese else Script.ARABIC,
        unit="%" if percent_words else (match["unit"] or ""),
    )
    if match["vague"]:
        return _with(found, problem=f"“{found.text}”只是约数，无法核对")
    try:
        printed, upper = _read(match)
    except DomainError as error:
        return _with(found, problem=error.message)
    problem = f"“{match['limit']}”的说法系统不能判断，请人工核对" if match["limit"] else ""
    return _with(found, printed, upper, minus=minus, problem=problem)


def _with(
    found: TextFigure,
    printed: Printed | None = None,
    upper: Decimal | None = None,
    *,
    minus: bool = False,
    problem: str,
) -> TextFigure:
    return TextFigure(
        start=found.start,
        end=found.end,
        text=found.text,
        script=found.script,
        unit=found.unit,
        word=printed.word if printed else Word.EXACT,
        value=(-printed.number if minus else printed.number) if printed else None,
        upper=upper,
        percent=printed.percent if printed else False,
        problem=problem,
    )


def _has_minus(match: re.Match[str]) -> bool:
    """Whether a minus sign stands before the figure, and not a dash between two things."""
    before = match.string[: match.start()]
    return before.endswith("-") and re.search(r"[长增降为是率了]-$", before) is not None


def _read(match: re.Match[str]) -> tuple[Printed, Decimal | None]:
    """The printed figure (the lower end of a range) and the upper end."""
    before, unit, after = match["before"], match["unit"] or "", match["after"]
    if len(match["core"]) > _LONGEST:
        raise DomainError(f"“{match['core'][:_LONGEST]}…”太长，不像一个数")
    if match["part"]:
        return _fraction(match["whole"], match["part"], before, after), None
    if match["under"]:
        return _fraction(match["under"], match["over"], before, after), None
    if match["high"]:
        return _range(match["low"], match["high"], unit)
    if match["high_numeral"]:
        return _range(match["low_numeral"], match["high_numeral"], unit)
    core = match["core"]
    if match["numeral"]:
        core = _arabic(match["numeral"]) + core.removeprefix(match["numeral"])
    return read(f"{before}{core}{unit}{after}", unit), None


def _arabic(numeral: str) -> str:
    """Chinese decimals in digits (三点五 is 3.5), all else unchanged."""
    whole, point, rest = numeral.partition("点")
    if not point:
        return numeral
    try:
        return f"{read_numeral(whole)}.{''.join(str(read_numeral(one)) for one in rest)}"
    except ValueError:
        raise DomainError(f"看不懂“{numeral}”这个数的写法") from None


def _fraction(whole: str, part: str, before: str, after: str) -> Printed:
    if whole == "百":
        return read(f"{before}{_arabic(part)}%{after}")
    below = read(_arabic(whole)).number
    if not below:
        raise DomainError(f"“{whole}分之{part}”的分母为零")
    above = read(f"{before}{_arabic(part)}{after}")
    return Printed(
        number=above.number / below,
        word=above.word,
        place=above.place / below,
        room=above.room / below,
        scale="",
        percent=False,
    )


def _range(low: str, high: str, unit: str) -> tuple[Printed, Decimal]:
    """Both ends in the scale and the unit of the end that names them (10-20万元, 50%至60%)."""
    upper = read(high + unit, unit)
    own = low if re.search(f"%|{_SCALE}$", low) else low + upper.scale
    lower = read(own if own.endswith("%") else own + unit, "" if own.endswith("%") else unit)
    return lower, upper.number
