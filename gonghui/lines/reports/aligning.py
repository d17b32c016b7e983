"""Finding the figures of a document again where an office program dropped their controls.

A sentence of the printed document is looked for among those of the edited one with all figures
masked, so that a changed number does not hide where it stood; inside the sentence the words on both
sides tell which figure is which.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Final

from gonghui.kernel.docx.controls import Passage
from gonghui.kernel.docx.scanner import TextFigure, scan

_MASK: Final = "\0"
_ALIKE: Final = 0.6  # of two masked sentences that are taken for the same one
_SENTENCE: Final = re.compile(r"[^。！？；;\n]+[。！？；;]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A figure in a passage: what is printed there, and the control around it if there is one.

    `before` and `after` are what the figure as a reader sees it has around the control (the 家 of
    547家 stands behind its control).
    """

    passage: Passage
    figure: TextFigure
    tag_id: str = ""
    before: str = ""
    after: str = ""

    @property
    def place(self) -> str:
        """The paragraph, as users count."""
        return str(self.passage.place)

    def inside(self, old: Spot) -> tuple[int, int]:
        """From where to where in the passage stands what the control of the same figure held before."""
        start, end, text = self.figure.start, self.figure.end, self.figure.text
        if text.startswith(old.before) and text.endswith(old.after):
            return start + len(old.before), end - len(old.after)
        return start, end


@dataclass(frozen=True, slots=True)
class _Sentence:
    masked: str
    spots: tuple[Spot, ...]

    def spot_at(self, position: int) -> Spot:
        """The figure whose mask stands at a position."""
        return self.spots[self.masked.count(_MASK, 0, position)]


def spots_of(passages: Iterable[Passage]) -> list[Spot]:
    """Every figure of a text."""
    return [spot for sentence in _sentences(passages) for spot in sentence.spots]


def align(printed: Iterable[Passage], edited: Iterable[Passage]) -> list[tuple[Spot, Spot | None]]:
    """Each figure of the printed text with the one that stands in its place now, if any."""
    there = list(_sentences(edited))
    free: dict[str, list[int]] = defaultdict(list)
    for index, sentence in enumerate(there):
        free[sentence.masked].append(index)
    pairs: list[tuple[Spot, Spot | None]] = []
    changed = []
    for sentence in _sentences(printed):
        if not sentence.spots:
            continue
        if free[sentence.masked]:
            pairs += _inside(sentence, there[free[sentence.masked].pop(0)])
        else:
            changed.append(sentence)
    left = {index for indexes in free.values() for index in indexes}
    for sentence in changed:
        place = _most_alike(sentence, {i: there[i] for i in sorted(left)})
        if place is None:
            pairs += [(spot, None) for spot in sentence.spots]
        else:
            left.remove(place)
            pairs += _inside(sentence, there[place])
    return pairs


def _sentences(passages: Iterable[Passage]) -> Iterator[_Sentence]:
    for passage in passages:
        figures = scan(passage.text)
        for match in _SENTENCE.finditer(passage.text):
            start, end = match.span()
            inside = [figure for figure in figures if start <= figure.start < end]
            yield _Sentence(
                _masked(passage.text, start, end, inside),
                tuple(_spot(passage, figure) for figure in inside),
            )


def _masked(text: str, start: int, end: int, figures: list[TextFigure]) -> str:
    parts, position = [], start
    for figure in figures:
        parts += ["".join(text[position : figure.start].split()), _MASK]
        position = figure.end
    return "".join([*parts, *text[position:end].split()])


def _spot(passage: Passage, figure: TextFigure) -> Spot:
    for start, end, tag_id in passage.controls:
        if start < figure.end and figure.start < end:
            return Spot(
                passage=passage,
                figure=figure,
                tag_id=tag_id,
                before=passage.text[figure.start : start],
                after=passage.text[end : figure.end],
            )
    return Spot(passage=passage, figure=figure)


def _most_alike(sentence: _Sentence, candidates: dict[int, _Sentence]) -> int | None:
    matcher = SequenceMatcher(None, b=sentence.masked, autojunk=False)
    best, found = _ALIKE, None
    for index, other in candidates.items():
        matcher.set_seq1(other.masked)
        if (
            other.spots
            and matcher.real_quick_ratio() > best
            and matcher.quick_ratio() > best
            and (ratio := matcher.ratio()) > best
        ):
            best, found = ratio, index
    return found


def _inside(sentence: _Sentence, other: _Sentence) -> list[tuple[Spot, Spot | None]]:
    matcher = SequenceMatcher(None, sentence.masked, other.masked, autojunk=False)
    found = {
        block.a + n: block.b + n
        for block in matcher.get_matching_blocks()
        for n in range(block.size)
    }
    positions = [match.start() for match in re.finditer(_MASK, sentence.masked)]
    return [
        (spot, other.spot_at(found[position]) if position in found else None)
        for spot, position in zip(sentence.spots, positions, strict=True)
    ]
