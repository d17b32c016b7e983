"""What a report asks of the rest of the program: figures, targets, facts, texts."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol, TypeAlias

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period

When: TypeAlias = Period | date


class NotYet(DomainError):
    """The thing is known, but the line of work that yields it is not installed or has no data.

    A tag that meets this is printed as missing, not hidden and not an error of the author.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message, code="not_yet")


class Unknown(DomainError):
    """Nobody knows this name; `known` are the names to suggest from."""

    def __init__(self, what: str, name: str, known: Iterable[str] = ()) -> None:
        super().__init__(f"找不到{what}“{name}”", code="unknown")
        self.name = name
        self.known = tuple(known)


class Basis(StrEnum):
    """The period that an indicator is read for where a tag names none."""

    YEAR_TO_DATE = "年初至今"
    POINT = "时点"
    FIRST_HALF = "上半年"
    CAMPAIGN = "活动期"


class FigureKind(StrEnum):
    """What sort of number an indicator is."""

    FLOW = "flow"
    STOCK = "stock"
    DISTINCT = "distinct"
    RATIO = "ratio"
    YOY = "yoy"


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorInfo:
    """One entry of the indicator dictionary."""

    code: str
    name: str
    unit: str
    owner: str
    definition: str
    kind: FigureKind = FigureKind.FLOW
    default_basis: Basis = Basis.YEAR_TO_DATE


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureValue:
    """A figure as the ledger gives it; `value` is None where there is nothing to print.

    `marks` are what has to be said with it: that it is not from records, or cannot be compared.
    """

    value: Decimal | None
    records_count: int
    register: str
    period: str
    as_of: str
    url: str = ""
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetValue:
    """The target of an issuer in force at a day; `value` is None where none was set."""

    value: Decimal | None
    label: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedValue:
    """A field of one record: a number with its unit, or words."""

    value: Decimal | str
    unit: str
    label: str
    owner: str
    as_of: str
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """Some fields of the records behind a figure, in words, in the order of their days."""

    rows: tuple[tuple[str, ...], ...]
    register: str
    period: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FactValue:
    """Whether a fact holds, by which records, and what is wanting if it does not."""

    code: str
    true: bool
    evidence: str
    missing: str = ""
    owner: str = ""
    url: str = ""


class FigureSource(Protocol):
    """The source that a report is filled from.

    Every method raises `Unknown` for a name that nobody knows and `NotYet` where the line of
    work behind it is not there yet. Names come with half-width signs and no blanks.
    """

    def indicator(self, name: str) -> IndicatorInfo:
        """The indicator with this code, name or alias."""
        ...

    def names(self) -> list[str]:
        """All names and aliases, for suggestions."""
        ...

    def figure(
        self,
        code: str,
        when: When,
        org: str | None,
        part: str | None = None,
        *,
        beside: When | None = None,
    ) -> FigureValue:
        """A figure in a period, or of a stock at a day; no `org` means the whole city.

        One that is to be compared with that of a later period names it: `beside`.
        """
        ...

    def target(self, code: str, issuer: str, day: date, org: str | None) -> TargetValue:
        """The target for the year of a day."""
        ...

    def campaign(self, code: str) -> Period:
        """The window of a campaign."""
        ...

    def cite(self, register: str, record: str, fields: tuple[str, ...]) -> CitedValue:
        """A field of one record."""
        ...

    def listing(self, code: str, when: When, org: str | None, fields: tuple[str, ...]) -> Listing:
        """Fields of the records behind a figure."""
        ...

    def units(self, group: str, org: str | None) -> list[tuple[str, str | None]]:
        """Label and name of the whole and then of each organisation of a group such as 各县区."""
        ...

    def chosen(self) -> tuple[str, ...]:
        """The names of the indicators that the document chooses for its tables."""
        ...

    def fact(self, code: str) -> FactValue:
        """A fact that a sentence asserts."""
        ...

    def text(self, name: str) -> str:
        """A text variable, such as the speaker."""
        ...

    def day(self, name: str) -> date:
        """A date variable, such as the day of the meeting."""
        ...

    def org(self, name: str) -> str:
        """The full name of an organisation."""
        ...

    def previous(self, code: str, when: When, org: str | None) -> Decimal | None:
        """The value last published or of the last period; 突破 needs it."""
        ...
