"""The truth about figures in plain Python: records, dated superiors, and how both stood at a moment."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

from gonghui.base import clock


@dataclass(frozen=True)
class Row:
    """One record as it stands."""

    kind: str
    org: int
    start: date | None
    end: date | None = None
    amount: Decimal | None = None
    subject: int | None = None
    good: bool = False
    voided: bool = False


@dataclass
class State:
    """Everything known at a moment."""

    rows: dict[tuple[str, int], Row] = field(default_factory=dict)
    superiors: dict[int, dict[date, int]] = field(default_factory=dict)

    def superior(self, org: int, day: date) -> int | None:
        """The last superior that began by that day, or the first of all."""
        steps = self.superiors.get(org)
        if not steps:
            return None
        begun = [start for start in steps if start <= day]
        return steps[max(begun)] if begun else steps[min(steps)]

    def above(self, org: int, day: date) -> list[int]:
        """The organisation and everyone above it on a day."""
        found: list[int] = []
        at: int | None = org
        while at is not None:
            if at in found:
                raise ValueError("circle")
            found.append(at)
            at = self.superior(at, day)
        return found

    def has_circle(self) -> bool:
        """Whether some day has a circle of superiors."""
        days = {start for steps in self.superiors.values() for start in steps} | {date(1, 1, 1)}
        try:
            for day in days:
                for org in self.superiors:
                    self.above(org, day)
        except ValueError:
            return True
        return False

    def figure(self, code: str, org: int, start: date, end: date) -> Decimal:
        """A sample indicator's figure."""
        return _INDICATORS[code](self, org, start, end)

    def rows_of(self, code: str, org: int, start: date, end: date) -> list[int]:
        """The ids of the records that make it."""
        return sorted(
            key[1] for key, row in self.rows.items() if _counts(self, code, row, org, start, end)
        )


_FILTERS: dict[str, tuple[str, Callable[[Row], bool]]] = {
    "sample.good_visits": ("visit", lambda row: row.good),
    "sample.visit_amount": ("visit", lambda row: bool(row.amount)),
    "sample.visited": ("visit", lambda row: row.subject is not None),
    "sample.stations": ("station", lambda row: True),
    "sample.seats": ("station", lambda row: bool(row.amount)),
    "sample.places": ("station", lambda row: row.subject is not None),
}


def _counts(state: State, code: str, row: Row, org: int, start: date, end: date) -> bool:
    kind, condition = _FILTERS[code]
    if row.kind != kind or row.voided or row.start is None or not condition(row):
        return False
    if kind == "visit":
        return start <= row.start <= end and org in state.above(row.org, row.start)
    is_open = row.start <= end and (row.end is None or row.end > end)
    return is_open and org in state.above(row.org, end)


def _counting(
    code: str, of: Callable[[Row], Decimal]
) -> Callable[[State, int, date, date], Decimal]:
    def total(state: State, org: int, start: date, end: date) -> Decimal:
        rows = [row for row in state.rows.values() if _counts(state, code, row, org, start, end)]
        return sum((of(row) for row in rows), Decimal(0))

    return total


def _subjects(code: str) -> Callable[[State, int, date, date], Decimal]:
    def total(state: State, org: int, start: date, end: date) -> Decimal:
        rows = [row for row in state.rows.values() if _counts(state, code, row, org, start, end)]
        return Decimal(len({row.subject for row in rows}))

    return total


_INDICATORS = {
    "sample.good_visits": _counting("sample.good_visits", lambda row: Decimal(1)),
    "sample.visit_amount": _counting("sample.visit_amount", lambda row: row.amount or Decimal(0)),
    "sample.visited": _subjects("sample.visited"),
    "sample.stations": _counting("sample.stations", lambda row: Decimal(1)),
    "sample.seats": _counting("sample.seats", lambda row: row.amount or Decimal(0)),
    "sample.places": _subjects("sample.places"),
}
CODES = tuple(_INDICATORS)


@dataclass
class Truth:
    """The present state and every earlier one."""

    now: State = field(default_factory=State)
    past: list[tuple[datetime, State]] = field(default_factory=list)

    def keep(self, moment: datetime) -> None:
        """Remember how things stand at a moment."""
        self.past.append((moment, copy.deepcopy(self.now)))

    def as_of(self, as_of: date | datetime | None) -> State:
        """How things stood at a moment, at the end of a day, or now."""
        if as_of is None:
            return self.now
        known = [
            state
            for moment, state in self.past
            if (moment <= as_of if isinstance(as_of, datetime) else moment < clock.end_of(as_of))
        ]
        return known[-1]

    def change(self, key: tuple[str, int], **values: object) -> None:
        """Alter one record."""
        self.now.rows[key] = replace(self.now.rows[key], **values)  # type: ignore[arg-type]
