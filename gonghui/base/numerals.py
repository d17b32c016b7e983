"""Chinese numerals, written (capital form) and read, and rounding of exact decimals."""

from __future__ import annotations

from decimal import ROUND_HALF_EVEN, ROUND_HALF_UP, Decimal
from typing import Literal

RoundMode = Literal["half_up", "half_even"]

_MODES = {"half_up": ROUND_HALF_UP, "half_even": ROUND_HALF_EVEN}
_CAPITALS = "零壹贰叁肆伍陆柒捌玖"
_SIZES = ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾"))
_PLAIN = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟〇两萬億", "一二三四五六七八九十百千零二万亿")
_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_READ_SIZES = ((10**8, "亿"), (10**4, "万"), (1000, "千"), (100, "百"), (10, "十"))

NUMERAL_CHARACTERS = "零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟萬億"


def rounded(x: Decimal, place: Decimal, mode: RoundMode = "half_up") -> Decimal:
    """The multiple of `place` nearest to x, rounded once."""
    return (x / place).to_integral_value(rounding=_MODES[mode]) * place


def capital(number: int) -> str:
    """A number that is not negative in the characters used on cheques: 105 is 壹佰零伍."""
    for size, name in _SIZES:
        if number >= size:
            high, low = divmod(number, size)
            gap = "零" if 0 < low < size // 10 else ""
            return capital(high) + name + gap + (capital(low) if low else "")
    return _CAPITALS[number]


def read_numeral(text: str) -> int:
    """The value of a numeral (两千, 近百万 without 近); ValueError if it is not written in full.

    两千五 is refused: people mean 2,500 by it, and the grammar says 2,005.
    """
    return _read(text.translate(_PLAIN))


def _read(text: str) -> int:
    for size, name in _READ_SIZES:
        if name in text:
            before, _, after = text.rpartition(name)
            high = _read(before) if before else 1
            # Within a group each place holds one digit; only 亿 may count 万 in turn.
            if not high or (size < 10**8 and high >= (10**4 if size == 10**4 else 10)):
                raise ValueError(text)
            return high * size + _read_rest(after, size)
    if text not in _DIGITS:
        raise ValueError(text)
    return _DIGITS[text]


def _read_rest(text: str, size: int) -> int:
    if not text:
        return 0
    skips = text.startswith("零")
    low = _read(text.removeprefix("零"))
    bare = text.removeprefix("零")[0] in "百千万"
    if bare or low >= size or (low < size // 10) != skips:
        raise ValueError(text)
    return low
