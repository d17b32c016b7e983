"""How the employees of the city are spread over its unionised employers.

Two sums of the report must come out of the one series of headcounts: the employers under a wage
agreement (704,386 employees) and those in the harmony campaign (800,000); all of them together have
836,000. The three groups lie one in the other. Which employers are in a group follows from their
order alone (`groups_of`), so that the lines that need a group later ask here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from typing import Protocol

from gonghui.base.money import split


@dataclass(frozen=True, slots=True, kw_only=True)
class Sizes:
    """How many employers and employees the groups have."""

    wage_enterprises: int = 5_931
    wage_others: int = 258
    harmony: int = 6_437
    wage_employees: int = 704_386
    harmony_employees: int = 800_000
    employees: int = 836_000

    def times(self, scale: int) -> Sizes:
        """The same city several times as large."""
        return Sizes(
            wage_enterprises=self.wage_enterprises * scale,
            wage_others=self.wage_others * scale,
            harmony=self.harmony * scale,
            wage_employees=self.wage_employees * scale,
            harmony_employees=self.harmony_employees * scale,
            employees=self.employees * scale,
        )


class Sized(Protocol):
    """What this module has to know of an employer."""

    @property
    def is_enterprise(self) -> bool:
        """Whether it counts as an enterprise."""

    @property
    def least(self) -> int:
        """The smallest headcount it can have."""

    @property
    def fixed(self) -> int:
        """Its headcount, where that is given; else 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Groups:
    """Positions of employers: under a wage agreement, in the harmony campaign beyond those, the rest."""

    wage: tuple[int, ...]
    harmony_only: tuple[int, ...]
    rest: tuple[int, ...]


def groups_of(employers: Sequence[Sized], sizes: Sizes) -> Groups:
    """The groups of employers in their order: the first enterprises and the first others have signed."""
    enterprises = [i for i, each in enumerate(employers) if each.is_enterprise]
    others = [i for i, each in enumerate(employers) if not each.is_enterprise]
    signed = [*enterprises[: sizes.wage_enterprises], *others[: sizes.wage_others]]
    left = [*enterprises[sizes.wage_enterprises :], *others[sizes.wage_others :]]
    more = sizes.harmony - len(signed)
    return Groups(
        wage=tuple(sorted(signed)),
        harmony_only=tuple(left[:more]),
        rest=tuple(left[more:]),
    )


def assign(employers: Sequence[Sized], sizes: Sizes, chance: Random) -> list[int]:
    """A headcount for each employer, so that the groups have exactly their sums."""
    groups = groups_of(employers, sizes)
    found = [0] * len(employers)
    sums = (
        (groups.wage, sizes.wage_employees),
        (groups.harmony_only, sizes.harmony_employees - sizes.wage_employees),
        (groups.rest, sizes.employees - sizes.harmony_employees),
    )
    for positions, whole in sums:
        members = [employers[i] for i in positions]
        open_ones = [i for i in positions if not employers[i].fixed]
        spare = whole - sum(each.fixed or each.least for each in members)
        if spare < 0:
            raise ValueError(f"a group of {len(members)} employers needs {-spare} employees more")
        # Few large and many small ones.
        weights = [int(min(1 + 60 * chance.paretovariate(1.6), 1_500)) for _ in open_ones]
        for i, more in zip(open_ones, split(spare, weights), strict=True):
            found[i] = employers[i].least + int(more)
        for i in positions:
            found[i] = found[i] or employers[i].fixed
    return found
