"""Conditional texts: matching 如, 否则 and 完, and taking a stretch of text away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import takewhile
from typing import Final

from .kinds import ElseTag, EndTag, IfTag, Tag
from .names import Element, w
from .places import Located
from .tags import Span
from .text import pieces, replace, text_of

_LOST: Final = "没有配对的"


@dataclass(frozen=True, slots=True)
class Found:
    """A tag at its place; `tag` is None where it could not be read, and `error` says why."""

    where: Located
    span: Span
    tag: Tag | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """A conditional text: its beginning, its turning point if there is one, its end."""

    start: Found
    otherwise: Found | None
    end: Found


@dataclass(frozen=True, slots=True)
class Unmatched:
    """A mark that has no partner."""

    mark: Found
    message: str


def blocks(found: Iterable[Found]) -> Iterator[Block | Unmatched]:
    """The conditional texts of one part, inner ones first, and marks without a partner.

    Marks find each other only inside one paragraph or among paragraphs side by side.
    """
    waiting: dict[Element, list[tuple[Found, Found | None]]] = {}
    for mark in found:
        open_marks = waiting.setdefault(mark.where.element.getparent(), [])
        if isinstance(mark.tag, IfTag):
            open_marks.append((mark, None))
        elif isinstance(mark.tag, ElseTag):
            if not open_marks or open_marks[-1][1] is not None:
                yield Unmatched(mark, f"“否则”{_LOST}“如”")
            else:
                open_marks[-1] = (open_marks[-1][0], mark)
        elif isinstance(mark.tag, EndTag):
            if not open_marks:
                yield Unmatched(mark, f"“完”{_LOST}“如”")
            else:
                start, otherwise = open_marks.pop()
                yield Block(start, otherwise, mark)
    for open_marks in waiting.values():
        for start, otherwise in open_marks:
            for mark in (start, *([otherwise] if otherwise else [])):
                yield Unmatched(mark, f"“{'如' if mark is start else '否则'}”{_LOST}“完”")


@dataclass(frozen=True, slots=True)
class Cut:
    """Characters to take away: from one place in a paragraph to one in the same or a later."""

    first: Element
    start: int
    last: Element
    end: int


def cuts(block: Block, *, holds: bool) -> list[Cut]:
    """What to take away of a conditional text, marks included, later stretches first."""
    start, turn, end = block.start, block.otherwise, block.end
    if holds:
        return [_cut(turn or end, end), _cut(start, start)]
    return [_cut(end, end), _cut(start, turn)] if turn else [_cut(start, end)]


def _cut(first: Found, last: Found) -> Cut:
    return Cut(first.where.element, first.span.start, last.where.element, last.span.end)


def take_away(cut: Cut) -> None:
    """Remove the characters of a cut, and the paragraphs and tables that lie inside it."""
    if cut.first is cut.last:
        replace(cut.first, cut.start, cut.end, ())
        drop_if_empty(cut.first)
        return
    for element in list(takewhile(lambda other: other is not cut.last, cut.first.itersiblings())):
        _drop(element)
    replace(cut.first, cut.start, len(text_of(cut.first)), ())
    replace(cut.last, 0, cut.end, ())
    drop_if_empty(cut.first)
    drop_if_empty(cut.last)


def drop_if_empty(paragraph: Element) -> None:
    """Remove a paragraph that no longer shows anything."""
    if not pieces(paragraph) and next(paragraph.iter(w("drawing"), w("pict")), None) is None:
        _drop(paragraph)


def _drop(element: Element) -> None:
    """Remove a block, unless it carries the page layout or is the last one of a cell."""
    parent = element.getparent()
    if parent is None or element.find(f"{w('pPr')}/{w('sectPr')}") is not None:
        return
    others = [child for child in parent if child.tag == w("p") and child is not element]
    if element.tag == w("p") and not others:
        return
    parent.remove(element)
