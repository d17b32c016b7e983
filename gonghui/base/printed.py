"""The grammar of printed figures: what 近百万元, 20余万 or 30%以上 says, before asking if it is true."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from gonghui.base.errors import DomainError
from gonghui.base.numerals import NUMERAL_CHARACTERS, read_numeral


class Word(StrEnum):
    """The words that may stand with a figure; the values are what users type in tags."""

    EXACT = "精确"
    NEAR = "近"
    OVER_YU = "余"
    OVER_DUO = "多"
    ABOUT = "约"
    AROUND = "左右"
    ABOVE = "以上"
    BEYOND = "突破"
    EXCEED = "超过"
    REACH = "达"


OVER = frozenset({Word.OVER_YU, Word.OVER_DUO})
PERCENT_UNITS = frozenset({"%", "个百分点"})
SCALES = {
    "": 1,
    "百": 100,
    "千": 1000,
    "万": 10**4,
    "百万": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "万亿": 10**12,
}

_BEFORE = {
    "近": Word.NEAR,
    "约": Word.ABOUT,
    "大约": Word.ABOUT,
    "突破": Word.BEYOND,
    "超": Word.EXCEED,
    "超过": Word.EXCEED,
    "达": Word.REACH,
    "达到": Word.REACH,
    "多达": Word.REACH,
}
_WORDS = re.compile("大约|多达|达到|突破|超过|以上|左右|近|约|超|达|余|多")
_PHRASE = re.compile(
    r"(?P<before>(?:大约|多达|达到|突破|超过|近|约|超|达)*)"
    rf"(?P<digits>(?:[0-9]{{1,3}}(?:,[0-9]{{3}})+|[0-9]+)(?:\.[0-9]+)?|[{NUMERAL_CHARACTERS}]+)"
    r"(?P<mid>余|多)?"
    r"(?P<scale>万亿|千万|百万|亿|万|千|百)?"
    r"(?P<late>余|多)?"
    rf"(?P<unit>(?![{NUMERAL_CHARACTERS}])[^0-9.余多]*?)"
    r"(?P<after>(?:以上|左右)*)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Printed:
    """A printed figure; percentages are ratios here, so 114% has the number 1.14."""

    number: Decimal
    word: Word
    place: Decimal  # what one unit of the last printed digit is worth
    room: Decimal  # how far above the number 余 and 多 reach
    scale: str
    percent: bool


def read(text: str, unit: str = "") -> Printed:
    """The parts of a printed figure; a DomainError says what is wrong with its form.

    `unit` is only needed to tell a scale from a unit that begins like one (千克, 万元).
    """
    tidy = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if re.search(r"[0-9][百千万亿]+[0-9]", tidy):
        raise DomainError(f"“{text}”把数字和单位混着写，同一个数只能用一个“万”或“亿”")
    parts = _PHRASE.fullmatch(_without_unit(tidy, unit))
    if parts is None:
        raise DomainError(f"看不懂“{text}”这个数的写法")
    percent = parts["unit"] in PERCENT_UNITS
    if unit and parts["unit"] and parts["unit"] != unit:
        raise DomainError(f"“{text}”的单位应为“{unit}”")
    scale = Decimal(SCALES[parts["scale"] or ""])
    base = scale / 100 if percent else scale
    digits, place = _value(parts["digits"], text)
    word = _word_of(parts, text)
    if digits == 0 and word not in {Word.EXACT, Word.REACH}:
        raise DomainError(f"“{text}”：零不能与概数词连用")
    return Printed(
        number=digits * base,
        word=word,
        place=place * base,
        room=_room(parts, digits, text) * base if word in OVER else Decimal(0),
        scale=parts["scale"] or "",
        percent=percent,
    )


def _without_unit(tidy: str, unit: str) -> str:
    if not unit or unit in PERCENT_UNITS:
        return tidy
    after = re.search(r"(?:以上|左右)*$", tidy)
    end = after.start() if after else len(tidy)
    return tidy[:end].removesuffix(unit) + tidy[end:]


def _value(digits: str, text: str) -> tuple[Decimal, Decimal]:
    if not digits[0].isascii():
        try:
            return Decimal(read_numeral(digits)), Decimal(1)
        except ValueError:
            raise DomainError(f"看不懂“{text}”中的“{digits}”") from None
    value = Decimal(digits.replace(",", ""))
    return value, Decimal(1).scaleb(-len(digits.partition(".")[2]))


def _word_of(parts: re.Match[str], text: str) -> Word:
    """The one word of the phrase; 达 may lead 以上, 余 and 多, every other pair is refused."""
    found = [_BEFORE[word] for word in _WORDS.findall(parts["before"])]
    found += [Word(parts[name]) for name in ("mid", "late") if parts[name]]
    found += [Word(word) for word in _WORDS.findall(parts["after"])]
    if len(found) == 2 and found[0] is Word.REACH and found[1] in OVER | {Word.ABOVE}:
        return found[1]
    if len(found) > 1:
        raise DomainError(f"“{text}”连用了两个概数词，只能留一个")
    return found[0] if found else Word.EXACT


def _room(parts: re.Match[str], digits: Decimal, text: str) -> Decimal:
    """How far 余 or 多 reaches, in units of the scale."""
    if "." in parts["digits"]:
        raise DomainError(f"“{text}”：小数后面不能用“余”“多”")
    if parts["late"]:
        return Decimal(1)
    written = parts["digits"]
    if written[-1] in "万亿" and written not in SCALES:
        return Decimal(SCALES[written[-1]])  # 二十万余 reaches as far as 20万余
    zeros = len(str(digits)) - len(str(digits).rstrip("0"))
    if zeros == 0:
        raise DomainError(f"“{text}”：“余”“多”前一位必须是0，例如“980多”“20余万”")
    return Decimal(10) ** zeros
