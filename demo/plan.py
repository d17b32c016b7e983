"""What the demonstration city consists of: pure values that follow from a seed number alone.

Unions, employers and their headcounts are planned here before anything is written, so that the
printed figures hold by construction: 6,320 basic unions (60 of them joint, covering 540 employers),
6,800 employers with 836,000 employees, 547 new unions of the first half of 2012. A scale multiplies
all of these and the yearly plan; the administrative tree and the special cases stay as they are.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from demo import names
from gonghui.kernel.people.models import ENTERPRISES, EmployerType

BASIC_UNIONS, JOINT_UNIONS, JOINT_EMPLOYERS, OTHERS = 6_320, 60, 540, 288
OPENED = date(2011, 10, 20)  # the day on which the older unions were entered
_HOLIDAYS = {
    *(date(2012, 1, day) for day in (2, 3, 23, 24, 25, 26, 27)),
    date(2012, 4, 2),
    date(2012, 4, 3),
    date(2012, 4, 4),
    date(2012, 4, 30),
    date(2012, 5, 1),
    date(2012, 6, 22),
}


class Story(StrEnum):
    """What becomes of a union in the demonstration."""

    OPENING = "opening"  # there before 2012 and still there
    NEW = "new"  # one of the 547
    RENAME = "rename"  # an older union under a new name
    BACKFILL = "backfill"  # founded long ago, entered now
    SPLIT = "split"  # part of an older one
    REBUILT = "rebuilt"  # its employer had a union until a few months ago
    LATER = "later"  # approved in July or August
    LATE = "late"  # approved earlier, recorded on 20 August
    FORMER = "former"  # ends when it is renamed
    MERGED = "merged"  # ends in another union
    DISSOLVED = "dissolved"  # ends with its employer in 2012
    ENDS_LATE = "ends_late"  # ended earlier, recorded on 20 August
    GONE = "gone"  # ended in October 2011


FORMED = (
    Story.NEW,
    Story.RENAME,
    Story.BACKFILL,
    Story.SPLIT,
    Story.REBUILT,
    Story.LATER,
    Story.LATE,
)
# Alive on 15 August as it was known then.
ALIVE = (
    Story.OPENING,
    Story.NEW,
    Story.RENAME,
    Story.BACKFILL,
    Story.SPLIT,
    Story.REBUILT,
    Story.LATER,
    Story.ENDS_LATE,
)


@dataclass(slots=True, kw_only=True)
class Workplace:
    """An employer; the headcount is filled in when all are known."""

    serial: int
    unit: str
    township: str
    kind: EmployerType
    name: str
    opened_on: date
    least: int
    fixed: int = 0
    area: str = ""
    is_dispatch_agency: bool = False
    employees: int = 0

    @property
    def is_enterprise(self) -> bool:
        """Whether it counts as an enterprise."""
        return self.kind in ENTERPRISES

    @property
    def uscc(self) -> str:
        """Its credit code."""
        return names.employer_uscc(self.serial, self.unit, self.kind)


@dataclass(slots=True, kw_only=True)
class Union:
    """A basic union: what it covers, when it was approved and what becomes of it.

    `superior` is a township's code, "area:" or "industry:" with a place in the list, or "city".
    `founders` is how many join with the founding, `former` the union it comes from.
    """

    serial: int
    story: Story
    kind: str
    unit: str
    superior: str
    workplaces: list[Workplace]
    approved_on: date
    recorded_on: date
    founders: int = 0
    former: Union | None = None
    tags: tuple[str, ...] = ()
    name: str = ""

    @property
    def ends_on(self) -> date | None:
        """The day on which it is dissolved, where that is known beforehand."""
        return _ENDS.get(self.story)


_ENDS = {
    Story.GONE: date(2011, 10, 27),
    Story.MERGED: date(2012, 4, 18),
    Story.DISSOLVED: date(2012, 5, 23),
}
LATE_RECORDED = date(2012, 8, 20)


@dataclass(slots=True)
class City:
    """The whole plan; `spare` are employers without a union, for the census."""

    seed: int
    scale: int
    unions: list[Union] = field(default_factory=list)
    spare: list[Workplace] = field(default_factory=list)

    def of(self, *stories: Story) -> list[Union]:
        """The unions of some stories, in order."""
        return [union for union in self.unions if union.story in stories]

    def covered(self) -> list[Workplace]:
        """The employers with a union on 15 August as it was known then, in the order of the groups."""
        alive = [u for u in self.unions if u.story in ALIVE or u.story is Story.MERGED]
        ordered = sorted(alive, key=lambda union: union.superior != "city")
        found = [(union, each) for union in ordered for each in union.workplaces]
        late = [each for union, each in found if union.story is Story.ENDS_LATE]
        return [each for union, each in found if union.story is not Story.ENDS_LATE] + late


def working_day(day: date) -> date:
    """The day itself, or the next one on which offices are open."""
    while day.weekday() > 4 or day in _HOLIDAYS:
        day += timedelta(days=1)
    return day


def last_working_day(day: date) -> date:
    """The day itself, or the one before it on which offices were open."""
    while day.weekday() > 4 or day in _HOLIDAYS:
        day -= timedelta(days=1)
    return day
