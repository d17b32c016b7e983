"""What an indicator meant when (指标版本): a line keeps the definitions, the ledger knows no line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue

INCOMPARABLE = "口径调整，不可比"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A definition from a day on; `is_comparable` tells whether figures go on from those before it."""

    number: int
    valid_from: date
    counted: str
    not_counted: str
    boundary: str
    change_note: str
    is_comparable: bool


Provider = Callable[[], Mapping[str, Sequence[Version]]]
_providers: list[Provider] = []


def provide(provider: Provider) -> None:
    """`provider()` gives the versions in force by code, the oldest first."""
    _providers[:] = [provider]


def version_on(code: str, day: date) -> Version | None:
    """The definition that held on a day; None where only the declared one is known."""
    held = [version for version in _of(code) if version.valid_from <= day]
    return held[-1] if held else None


def are_comparable(code: str, earlier: Period, later: Period) -> bool:
    """Whether a figure meant the same in two periods, with all that it is made of."""
    return not any(
        _lies_between(version.valid_from, each, earlier, later)
        for each in _behind(code)
        for version in _of(each)
        if not version.is_comparable
    )


def _lies_between(day: date, code: str, earlier: Period, later: Period) -> bool:
    """Whether a change of that day parts the periods; a stock is read on their last days."""
    first = earlier.end if catalogue.indicator(code).is_stock else earlier.start
    return first < day <= later.end


def _of(code: str) -> Sequence[Version]:
    return _providers[0]().get(code, ()) if _providers else ()


def _behind(code: str) -> Iterator[str]:
    """An indicator and whatever it is made of."""
    yield code
    for source in catalogue.indicator(code).over:
        yield from _behind(source)
