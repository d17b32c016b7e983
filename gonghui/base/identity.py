"""Numbers that name a person or an organisation: checking, tidying, masking and making them.

Resident identity numbers follow GB 11643, unified social credit codes GB 32100 and the
organisation codes inside them GB 11714.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from gonghui.base import clock
from gonghui.base.errors import DomainError

Sex = Literal["male", "female"]

CONVERTED = "15位旧号已自动升位，请核对"
DAMAGED_BY_EXCEL = "证件号码被Excel改成数字，请用模板（文本格式）重新填写"

_ID_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS = "10X98765432"
_USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
_ORGANISATION_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u202a-\u202e\u2060\ufeff'’‘`]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class IdNumber:
    """A resident identity number that has passed every check; `value` has 18 characters."""

    value: str
    born_on: date
    sex: Sex
    converted: bool = False

    @property
    def warning(self) -> str:
        """What the user should still look at, or nothing."""
        return CONVERTED if self.converted else ""

    def must_match(self, *, sex: Sex | None = None, born_on: date | None = None) -> None:
        """Refuse a sex or a birthday that the number contradicts; None is not compared."""
        if sex is not None and sex != self.sex:
            raise DomainError("性别与身份证号不一致", field="sex", code="sex_mismatch")
        if born_on is not None and born_on != self.born_on:
            raise DomainError("出生日期与身份证号不一致", field="born_on", code="birth_mismatch")


def normalise_id(text: str) -> str:
    """The text in half width and upper case, without blanks, invisible marks and apostrophes."""
    return _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).upper()


def id_check_char(first17: str) -> str:
    """The 18th character that belongs to the first 17 digits."""
    total = sum(int(digit) * weight for digit, weight in zip(first17, _ID_WEIGHTS, strict=True))
    return _ID_CHECKS[total % 11]


def parse_id_number(text: str | int | float) -> IdNumber:
    """The number with what it tells about its holder; old 15-digit numbers are lengthened.

    A float is always refused: a spreadsheet has then already lost the last digits.
    """
    if isinstance(text, float):
        raise DomainError(DAMAGED_BY_EXCEL, field="id_number", code="damaged")
    read = _read_id_number(normalise_id(str(text)))
    if read.born_on > clock.today():
        raise DomainError("出生日期不存在（晚于今天）", field="id_number", code="birth")
    return read


@lru_cache(maxsize=4096)
def _read_id_number(value: str) -> IdNumber:
    """The checks that do not depend on the day; a sheet's numbers are read more than once each."""
    _refuse_rounded(value)
    converted = re.fullmatch(r"[0-9]{15}", value) is not None
    if converted:
        value = f"{value[:6]}19{value[6:]}"
        value += id_check_char(value)
    if not re.fullmatch(r"[0-9]{17}[0-9X]", value):
        raise DomainError(
            f"身份证号应为18位（末位可为X），现有{len(value)}位或含其他字符，请核对",
            field="id_number",
            code="format",
        )
    born_on = _birthday(value[6:14])
    if id_check_char(value[:17]) != value[17]:
        raise DomainError("身份证号第18位校验不符，请核对", field="id_number", code="check")
    return IdNumber(
        value=value,
        born_on=born_on,
        sex="male" if int(value[16]) % 2 else "female",
        converted=converted,
    )


def _refuse_rounded(value: str) -> None:
    """Refuse what a spreadsheet makes of a long number: 15 digits kept, the rest zero."""
    scientific = re.fullmatch(r"[0-9]+(\.[0-9]+)?E\+?[0-9]+", value)
    shortened = re.fullmatch(r"[0-9]{15}0{1,2}", value)
    rounded = re.fullmatch(r"[0-9]{15}000", value) and id_check_char(value[:17]) != value[17]
    if scientific or shortened or rounded:
        raise DomainError(DAMAGED_BY_EXCEL, field="id_number", code="damaged")


def _birthday(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise DomainError("出生日期不存在", field="id_number", code="birth") from None


def make_id_number(division: str, born_on: date, sequence: int) -> str:
    """A well-formed number for synthetic data; an odd sequence (0-999) is a man's."""
    if not re.fullmatch(r"[0-9]{6}", division) or not 0 <= sequence <= 999:
        raise ValueError(f"no identity number from division {division!r}, sequence {sequence}")
    first17 = f"{division}{born_on:%Y%m%d}{sequence:03d}"
    return first17 + id_check_char(first17)


def uscc_check_char(first17: str) -> str:
    """The 18th character of a unified social credit code."""
    pairs = zip(first17, _USCC_WEIGHTS, strict=True)
    total = sum(_USCC_ALPHABET.index(char) * weight for char, weight in pairs)
    return _USCC_ALPHABET[-total % 31]


def organisation_check_char(first8: str) -> str:
    """The 9th character of an organisation code (组织机构代码)."""
    # GB 11714 counts letters A=10 to Z=35, without the gaps of GB 32100.
    pairs = zip(first8, _ORGANISATION_WEIGHTS, strict=True)
    total = sum(_ORGANISATION_ALPHABET.index(char) * weight for char, weight in pairs)
    return "0123456789X0"[11 - total % 11]


def parse_uscc(text: str, *, union: bool | None = None) -> str:
    """The tidied credit code; `union` says whether it must (not) be that of a union."""
    value = normalise_id(text)
    if len(value) != 18 or any(char not in _USCC_ALPHABET for char in value):
        raise DomainError(
            "统一社会信用代码应为18位数字或字母（不含I、O、Z、S、V），请核对",
            field="uscc",
            code="format",
        )
    if (
        uscc_check_char(value[:17]) != value[17]
        or organisation_check_char(value[8:16]) != value[16]
    ):
        raise DomainError("统一社会信用代码校验不符", field="uscc", code="check")
    if union is False and value[0] == "8":
        raise DomainError(
            "该代码是工会法人代码（8开头），请填用人单位代码", field="uscc", code="union_code"
        )
    if union is True and value[0] != "8":
        raise DomainError(
            "该代码不是工会法人代码（8开头），请填工会的统一社会信用代码",
            field="uscc",
            code="employer_code",
        )
    return value


def parse_organisation_code(text: str) -> str:
    """The tidied 9-character code that employers had before October 2015."""
    value = normalise_id(text).replace("-", "")
    if not re.fullmatch(r"[0-9A-Z]{8}[0-9X]", value):
        raise DomainError(
            "组织机构代码应为9位数字或字母，请核对", field="legacy_code", code="format"
        )
    if organisation_check_char(value[:8]) != value[8]:
        raise DomainError("组织机构代码校验不符，请核对", field="legacy_code", code="check")
    return value


def make_uscc(prefix: str, division: str, body: str) -> str:
    """A well-formed credit code for synthetic data from its first 2, next 6 and next 8 characters."""
    first16 = prefix + division + body
    if len(first16) != 16 or any(char not in _USCC_ALPHABET for char in first16):
        raise ValueError(f"no credit code from {first16!r}")
    first17 = first16 + organisation_check_char(body)
    return first17 + uscc_check_char(first17)


def checked_phone(text: str) -> str:
    """The tidied number of a mobile telephone or of a fixed line with or without area code."""
    value = re.sub(r"[-()]", "", normalise_id(text))
    value = re.sub(r"^(\+86|0086|86(?=1[3-9][0-9]{9}$))", "", value)
    if re.fullmatch(r"1[3-9][0-9]{9}", value):
        return value
    fixed = re.fullmatch(r"(0(?:10|2[0-9]|[3-9][0-9]{2}))?([2-8][0-9]{6,7})", value)
    if fixed is None:
        raise DomainError(
            "电话应为11位手机号或固定电话（如0375-2662588），请核对", field="phone", code="phone"
        )
    return "-".join(part for part in fixed.groups() if part)


def mask_id(value: str) -> str:
    """An identity number with its birthday hidden; other papers show only their two ends."""
    if len(value) in {15, 18}:
        return f"{value[:6]}{'*' * (len(value) - 10)}{value[-4:]}"
    shown = 2 if len(value) >= 8 else 0
    return value[:shown] + "*" * (len(value) - 2 * shown) + value[len(value) - shown :]


def mask_phone(value: str) -> str:
    """A telephone number with its middle (or, if short, its beginning) hidden."""
    if len(value) >= 11:
        return f"{value[:3]}{'*' * (len(value) - 7)}{value[-4:]}"
    return "*" * (len(value) - 3) + value[-3:] if len(value) > 3 else "*" * len(value)


def mask_name(value: str) -> str:
    """The first character of a name and a star for each of the others."""
    return value[:1] + "*" * (len(value) - 1)
