"""Whether a text that somebody printed or typed is true of an exact value."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from gonghui.base.printed import PERCENT_UNITS
from gonghui.base.wording import judge

_DIRECTIONS: Final = {"增加": 1, "提高": 1, "下降": -1}


def holds(text: str, value: Decimal | None) -> bool:
    """True of a value, of a ratio for percentages; a change may stand with or without its direction."""
    bare = text.strip()
    if value is None or not bare:
        return False
    if bare == "持平":
        return value == 0
    for word, sign in _DIRECTIONS.items():
        if bare.startswith(word):
            return value * sign > 0 and holds(bare.removeprefix(word), abs(value))
    unit = next((unit for unit in PERCENT_UNITS if bare.endswith(unit)), "")
    return judge(bare, abs(value), unit=unit).true
