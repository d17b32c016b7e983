"""The day from which somebody may retire by law: flat ages until 2024, rising step by step since.

From 1 January 2025 the age rises by one month for every four months of reaching the old age later
(every two for women whose old age is 50), up to three and five years (国务院关于渐进式延迟法定退休年龄的办法).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from gonghui.base.periods import add_months

Category = Literal["man", "woman", "woman_worker"]
_RISES_FROM: Final = date(2025, 1, 1)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    years: int
    step: int
    most: int


_RULES: Final[dict[Category, _Rule]] = {
    "man": _Rule(years=60, step=4, most=36),
    "woman": _Rule(years=55, step=4, most=36),
    "woman_worker": _Rule(years=50, step=2, most=60),
}


def category_of(sex: str) -> Category:
    """The category of a person whose post is not known: of a woman the later age."""
    return "woman" if sex == "female" else "man"


def retires_on(born_on: date, category: Category) -> date:
    """The day on which the statutory retirement age is reached."""
    rule = _RULES[category]
    old = add_months(born_on, 12 * rule.years)
    if old < _RISES_FROM:
        return old
    months = (old.year - _RISES_FROM.year) * 12 + old.month - _RISES_FROM.month
    return add_months(born_on, 12 * rule.years + min(months // rule.step + 1, rule.most))


def age_on(born_on: date, day: date) -> int:
    """Completed years on a day."""
    return day.year - born_on.year - ((day.month, day.day) < (born_on.month, born_on.day))
