"""The kinds of tags, as the parser hands them over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, TypeAlias

from gonghui.base.errors import DomainError
from gonghui.base.wording import Word, Wording


class BadTag(DomainError):
    """A tag breaks the grammar; the message does not yet say where it stands."""

    def __init__(self, message: str) -> None:
        super().__init__(message, code="bad_tag")


PLAIN: Final = Wording()


class Compare(StrEnum):
    """What a figure is compared with."""

    YEAR = "同比"
    PREVIOUS = "环比"


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a number is to be printed: its wording, 达 before another word, the unit with it."""

    wording: Wording = PLAIN
    reach: bool = False
    with_unit: bool = False
    bare: bool = False

    @property
    def words(self) -> str:
        """The words that make a claim, as the author typed them; empty for a plain number."""
        word = "" if self.wording.word is Word.EXACT else self.wording.word.value
        return f"达{word}" if self.reach and word != "达" else word


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """Which figure is meant; the first of `names` that is an indicator is the indicator."""

    names: tuple[str, ...]
    period: str | None = None
    campaign: str | None = None
    part: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureTag:
    """数: a figure."""

    query: Query
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class RateTag:
    """率: the share of a target that has been reached."""

    query: Query
    issuer: str
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class RestTag:
    """差: what is still wanting to a target."""

    query: Query
    issuer: str
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class CompareTag:
    """比: the change against a year or a period earlier."""

    query: Query
    against: Compare
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class CiteTag:
    """引: a field of one record."""

    register: str
    record: str
    fields: tuple[str, ...]
    style: Style


@dataclass(frozen=True, slots=True, kw_only=True)
class ListTag:
    """名单: some fields of the records behind a figure."""

    query: Query
    fields: tuple[str, ...]


# In the place of a table's indicators: those that the document itself chooses.
CHOSEN: Final = "通报指标"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableTag:
    """表: figures of several organisations, with plan and rate where an issuer is named.

    A ranked one is in the order of the first figure, or of its rate where there is a plan.
    """

    queries: tuple[Query, ...]
    group: str
    issuer: str | None = None
    ranked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ChartTag:
    """图: a figure of several organisations as columns."""

    query: Query
    group: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """A comparison of a figure with a number or with another figure."""

    left: Query
    sign: str
    right: Query | Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class FactTag:
    """证: prints nothing; says that a fact, or a condition, holds."""

    fact: str | Condition


@dataclass(frozen=True, slots=True, kw_only=True)
class TextTag:
    """文: a text variable."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DayTag:
    """日期: a date variable."""

    name: str
    capital: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PendingTag:
    """待补: the place of sentences that the template does not have yet."""

    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """如有: whether the document has a text of a name."""

    name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IfTag:
    """如 and 如有: what follows is printed only if the condition holds."""

    condition: Condition | Given


@dataclass(frozen=True, slots=True)
class ElseTag:
    """否则: what follows is printed if the condition does not hold."""


@dataclass(frozen=True, slots=True)
class EndTag:
    """完: the end of a conditional text."""


Tag: TypeAlias = (
    FigureTag
    | RateTag
    | RestTag
    | CompareTag
    | CiteTag
    | ListTag
    | TableTag
    | ChartTag
    | FactTag
    | TextTag
    | DayTag
    | PendingTag
    | IfTag
    | ElseTag
    | EndTag
)
