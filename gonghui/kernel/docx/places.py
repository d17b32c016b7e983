"""Where a paragraph stands in a document, in words that the author understands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from .names import MC, Element, w
from .package import Package
from .text import text_of

BODY: Final = "正文"
BOX: Final = "文本框"
_OTHER_PARTS: Final = (
    ("header", "页眉"),
    ("footer", "页脚"),
    ("footnotes", "脚注"),
    ("endnotes", "尾注"),
)


@dataclass(frozen=True, slots=True)
class Place:
    """The number of a paragraph among those of its story that have text."""

    story: str
    number: int

    def __str__(self) -> str:
        return f"第{self.number}段" if self.story == BODY else f"{self.story}第{self.number}段"


@dataclass(frozen=True, slots=True)
class Located:
    """A paragraph, the part that holds it, and its place.

    An echo is the copy of a text box that is kept for old programs.
    """

    part: str
    element: Element
    place: Place
    echo: bool


def located(package: Package) -> Iterator[Located]:
    """Every paragraph of the body, headers, footers and notes, with its place."""
    yield from _of_part(package, package.main, BODY)
    for kind, label in _OTHER_PARTS:
        for name in dict.fromkeys(package.related(package.main, kind)):
            yield from _of_part(package, name, label)


def stands_apart(paragraph: Element) -> bool:
    """Whether a paragraph is in a table or a frame, not in the running text."""
    in_table = next(paragraph.iterancestors(w("tbl")), None) is not None
    return in_table or paragraph.find(f"{w('pPr')}/{w('framePr')}") is not None


def _of_part(package: Package, part: str, label: str) -> Iterator[Located]:
    counts: dict[str, int] = {}
    for paragraph in package.part(part).iter(w("p")):
        story, echo = _story(paragraph, label)
        if text_of(paragraph).strip() and not echo:
            counts[story] = counts.get(story, 0) + 1
        yield Located(part, paragraph, Place(story, max(counts.get(story, 0), 1)), echo)


def _story(paragraph: Element, label: str) -> tuple[str, bool]:
    story, echo = label, False
    for ancestor in paragraph.iterancestors():
        if ancestor.tag == w("txbxContent"):
            story = BOX
        elif ancestor.tag == f"{{{MC}}}Fallback":
            echo = True
    return story, echo
