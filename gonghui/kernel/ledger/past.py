"""Figures of the time before the records (历史数据): a line keeps them, the ledger knows no line.

They stand in for the ledger only where somebody asks for exactly their indicator, organisation and
days; whatever is made of one says so by a mark.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gonghui.base.periods import Period
from gonghui.kernel.ledger.reading import AsOf

HISTORICAL = "历史数据"
WITH_HISTORICAL = "含历史数据"

Found = dict[tuple[str, int], Decimal]


@dataclass(frozen=True, slots=True)
class Keeper:
    """`starts_on` gives the first day that has records, None where nobody set it; `read` the figures."""

    starts_on: Callable[[], date | None]
    read: Callable[[Sequence[str], Sequence[int], Period, AsOf], Found]


_keepers: list[Keeper] = []


def provide(keeper: Keeper) -> None:
    """The line that keeps such figures says how they are found."""
    _keepers[:] = [keeper]


def figures_of(codes: Sequence[str], org_ids: Sequence[int], period: Period, as_of: AsOf) -> Found:
    """What is kept of a period before the records; nothing is looked up for any later one."""
    if not _keepers:
        return {}
    start = _keepers[0].starts_on()
    if start is None or period.end >= start:
        return {}
    return _keepers[0].read(codes, org_ids, period, as_of)
