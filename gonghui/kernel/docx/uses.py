"""What a rendered report says about itself: its figures, its gaps, and its errors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Final

from .places import Place

_LIKE: Final = 0.5
_AS_GOOD: Final = 0.12


class Edition(StrEnum):
    """Which form of a report is wanted."""

    FINAL = "正式版"
    REVIEW = "核稿版"


class Truth(StrEnum):
    """Whether the printed text holds of the exact value."""

    TRUE = "成立"
    UNTRUE = "不成立"
    EDITED = "人工改动"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureUse:
    """A figure as a document prints it, with all that is needed to stand up for it.

    `value` is the exact value behind the printed text: for a plan ratio or a change the ratio,
    for a quotation of words None. `against` names what a ratio or a change is measured by: the issuer
    of a plan, the period compared with. `marks` is what has to be said with it, such as 历史数据. `voucher` is who stands up for the figure. `tag_id` is the tag of its content control.
    """

    tag_id: str
    place: Place
    kind: str
    code: str
    name: str
    unit: str
    owner: str
    definition: str
    org: str
    period: str
    as_of: str
    value: Decimal | None
    exact: str
    printed: str
    word: str
    truth: Truth
    hint: str = ""
    basis: str = ""
    against: str = ""
    marks: str = ""
    voucher: str = ""
    records_count: int = 0
    register: str = ""
    url: str = ""

    @property
    def paragraph(self) -> int:
        """The number of the paragraph in its story."""
        return self.place.number


@dataclass(frozen=True, slots=True, kw_only=True)
class FactUse:
    """A fact that a sentence asserts, and the records that bear it out."""

    place: Place
    code: str
    evidence: str
    owner: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MissingTag:
    """A tag that cannot be filled yet; the document prints a red note in its place."""

    place: Place
    raw: str
    what: str

    def __str__(self) -> str:
        return f"{self.place}：{self.what}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TagError:
    """A tag that its author must mend: a slip of grammar, an unknown name, an untrue phrase."""

    place: Place
    raw: str
    message: str
    value: Decimal | None = None
    suggestions: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.place} {self.raw}：{self.message}{did_you_mean(self.suggestions)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rendered:
    """A filled document; it may become final only if nothing is missing and nothing is wrong.

    `text` holds the paragraphs of the body as they read, without what the review edition adds.
    """

    docx: bytes
    figures: list[FigureUse]
    facts: list[FactUse]
    missing: list[MissingTag]
    errors: list[TagError]
    text: list[str]

    @property
    def complete(self) -> bool:
        """Whether every tag was filled and every phrase is true."""
        return not self.missing and not self.errors


def did_you_mean(suggestions: tuple[str, ...]) -> str:
    """The question that ends an error message, or nothing."""
    if not suggestions:
        return ""
    return "，您是否要" + "或".join(f"“{name}”" for name in suggestions) + "？"


def unbraced(text: str) -> str:
    """The text with tags quoted instead of braced, so that it can stand in a document."""
    for brace, quote in (("{{", "“"), ("｛｛", "“"), ("}}", "”"), ("｝｝", "”")):
        text = text.replace(brace, quote)
    return text


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """The known names that look most like a mistyped one, at most three, best first."""
    scores = {other: _likeness(name, other) for other in known}
    best = max(scores.values(), default=0.0)
    close = [other for other in scores if scores[other] >= max(_LIKE, best - _AS_GOOD)]
    return tuple(sorted(close, key=lambda other: (-scores[other], other))[:3])


def _likeness(name: str, other: str) -> float:
    ratio = SequenceMatcher(None, name, other).ratio()
    part = len(name) > 1 and (name in other or other in name)
    return max(ratio, _LIKE) if part else ratio
