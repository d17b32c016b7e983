"""The visible characters of a paragraph, whatever runs and marks they are scattered over."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from .names import XML_SPACE, Element, new, w

# What may stand between a paragraph and its runs. A deletion mark is not among them: text
# that somebody struck out is not there.
_WRAPPERS: Final = frozenset(
    w(name)
    for name in (
        "ins",
        "moveTo",
        "hyperlink",
        "smartTag",
        "customXml",
        "sdt",
        "sdtContent",
        "fldSimple",
    )
)
_RUN: Final = w("r")
_TEXT: Final = w("t")
_SINGLE: Final = {
    w("tab"): "\t",
    w("br"): "\n",
    w("cr"): "\n",
    w("noBreakHyphen"): "-",
}
_WORTHLESS: Final = frozenset(
    {w("rPr"), _TEXT, w("lastRenderedPageBreak"), w("softHyphen"), *_SINGLE}
)
_REVISED: Final = frozenset(w(name) for name in ("rPrChange", "ins", "del", "moveFrom", "moveTo"))


@dataclass(frozen=True, slots=True)
class Piece:
    """One element that yields characters, and where they begin in the paragraph's text."""

    run: Element
    element: Element
    start: int
    text: str


def _runs(parent: Element) -> Iterator[Element]:
    for child in parent:
        if child.tag == _RUN:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _runs(child)


def pieces(paragraph: Element) -> list[Piece]:
    """The visible text of a paragraph in order; nested text boxes are other paragraphs."""
    found: list[Piece] = []
    position = 0
    for run in _runs(paragraph):
        for child in run:
            text = child.text or "" if child.tag == _TEXT else _SINGLE.get(child.tag, "")
            if text:
                found.append(Piece(run, child, position, text))
                position += len(text)
    return found


def text_of(paragraph: Element) -> str:
    """What a reader sees of a paragraph."""
    return "".join(piece.text for piece in pieces(paragraph))


def format_at(paragraph: Element, position: int) -> Element | None:
    """A copy of the run format in force at a character, without revision marks."""
    return format_of(
        next(
            piece.run
            for piece in pieces(paragraph)
            if piece.start <= position < piece.start + len(piece.text)
        )
    )


def format_of(run: Element) -> Element | None:
    """A copy of a run's format without revision marks."""
    properties = run.find(w("rPr"))
    if properties is None:
        return None
    fresh = copy.deepcopy(properties)
    for child in list(fresh):
        if child.tag in _REVISED:
            fresh.remove(child)
    return fresh


def run_of(text: str, properties: Element | None) -> Element:
    """A run that prints a text in a given format; line breaks and tabs are kept."""
    run = new("r")
    if properties is not None:
        run.append(copy.deepcopy(properties))
    for index, line in enumerate(text.split("\n")):
        if index:
            run.append(new("br"))
        if line:
            element = new("t")
            element.text = line
            element.set(XML_SPACE, "preserve")
            run.append(element)
    return run


def replace(paragraph: Element, start: int, end: int, content: Sequence[Element]) -> None:
    """Put run-level elements in place of the characters from `start` to `end`.

    What is not text, such as a picture or a footnote mark, is kept.
    """
    _split(paragraph, start)
    _split(paragraph, end)
    covered = [p for p in pieces(paragraph) if p.start >= start and p.start + len(p.text) <= end]
    anchor = covered[0].run
    _loosen(anchor)
    for element in content:
        anchor.addprevious(element)
    runs = list(dict.fromkeys(piece.run for piece in covered))
    for run in runs:
        if all(child.tag in _WORTHLESS for child in run):
            run.getparent().remove(run)
        else:
            for piece in covered:
                if piece.run is run:
                    run.remove(piece.element)


def _split(paragraph: Element, position: int) -> None:
    """Make a run begin at a position."""
    for piece in pieces(paragraph):
        if not piece.start <= position < piece.start + len(piece.text):
            continue
        if position == piece.start and _is_first(piece):
            return
        _cut(piece, position - piece.start)
        return


def _is_first(piece: Piece) -> bool:
    before = piece.element.getprevious()
    return before is None or before.tag == w("rPr")


def _cut(piece: Piece, offset: int) -> None:
    run = piece.run
    tail = new("r")
    properties = run.find(w("rPr"))
    if properties is not None:
        tail.append(copy.deepcopy(properties))
    following = list(piece.element.itersiblings())
    if offset == 0:
        tail.append(piece.element)
    else:
        rest = new("t")
        rest.text = piece.text[offset:]
        rest.set(XML_SPACE, "preserve")
        piece.element.text = piece.text[:offset]
        piece.element.set(XML_SPACE, "preserve")
        tail.append(rest)
    tail.extend(following)
    run.addnext(tail)


def _loosen(run: Element) -> None:
    """A plain-text control may hold no other control: make those around a run rich ones."""
    for ancestor in run.iterancestors(w("sdt")):
        settings = ancestor.find(w("sdtPr"))
        if settings is not None:
            for name in ("text", "dataBinding"):
                for child in settings.findall(w(name)):
                    settings.remove(child)


_BEHIND_COLOUR: Final = frozenset(
    w(name)
    for name in [
        "spacing",
        "w",
        "kern",
        "position",
        "sz",
        "szCs",
        "highlight",
        "u",
        "effect",
        "bdr",
        "shd",
        "fitText",
        "vertAlign",
        "rtl",
        "cs",
        "em",
        "lang",
        "eastAsianLayout",
        "specVanish",
        "oMath",
    ]
)


def coloured(properties: Element | None, colour: str) -> Element:
    """A copy of a run format in another colour."""
    fresh = new("rPr") if properties is None else copy.deepcopy(properties)
    for old in fresh.findall(w("color")):
        fresh.remove(old)
    mark = new("color", val=colour)
    behind = next((child for child in fresh if child.tag in _BEHIND_COLOUR), None)
    if behind is None:
        fresh.append(mark)
    else:
        behind.addprevious(mark)
    return fresh
