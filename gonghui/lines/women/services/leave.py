"""How many days of maternity leave a woman has, by the national table of the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from gonghui.base.errors import DomainError
from gonghui.kernel.parameters.values import number_of


class Event(StrEnum):
    """What happened."""

    BIRTH = "birth"
    EARLY = "early"  # a miscarriage before four months
    LATE = "late"  # a miscarriage of four months and later


EVENTS = (
    (Event.BIRTH, "生育"),
    (Event.EARLY, "怀孕未满4个月流产"),
    (Event.LATE, "怀孕满4个月流产"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Days by law from a day on; `before` are those of a birth that may be taken before it."""

    valid_from: date
    source: str
    birth: int
    before: int
    difficult: int
    further_child: int
    early: int
    late: int


TABLES = (
    Table(
        valid_from=date(1988, 9, 1),
        source="女职工劳动保护规定（1988年）",
        birth=90,
        before=15,
        difficult=15,
        further_child=15,
        early=15,
        late=42,
    ),
    Table(
        valid_from=date(2012, 4, 28),
        source="女职工劳动保护特别规定第七条",
        birth=98,
        before=15,
        difficult=15,
        further_child=15,
        early=15,
        late=42,
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leave:
    """The days with what they are made of, (words, days)."""

    table: Table
    parts: tuple[tuple[str, int], ...]

    @property
    def days(self) -> int:
        """All days together."""
        return sum(days for _, days in self.parts)

    def last_day(self, first: date) -> date:
        """The last day of a leave that begins on a day."""
        return first + timedelta(self.days - 1)


def table_on(day: date) -> Table:
    """The table of a day; DomainError before there was one."""
    found = [table for table in TABLES if table.valid_from <= day]
    if not found:
        raise DomainError("1988年9月1日以前的产假不能计算。", field="on")
    return found[-1]


def leave_for(event: Event, on: date, *, is_difficult: bool = False, children: int = 1) -> Leave:
    """The leave for an event on a day; what the province adds is a dated parameter."""
    table = table_on(on)
    if event is not Event.BIRTH:
        days = table.early if event is Event.EARLY else table.late
        return Leave(table=table, parts=((dict(EVENTS)[event], days),))
    if not 1 <= children <= 9:
        raise DomainError("胎儿数须在1至9之间。", field="children")
    parts = [(f"产假（产前可休{table.before}天）", table.birth)]
    if is_difficult:
        parts.append(("难产", table.difficult))
    if children > 1:
        parts.append((f"多胞胎，多{children - 1}个婴儿", table.further_child * (children - 1)))
    extra = number_of("women.leave_extra_days", on=on)
    if extra:
        parts.append(("地方增加", extra))
    return Leave(table=table, parts=tuple(parts))
