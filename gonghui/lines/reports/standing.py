"""Where the figures of a document stand in its text, also after an office program dropped their marks."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import Final

from gonghui.kernel.docx.controls import Passage, passages_of
from gonghui.kernel.docx.linting import rank_of
from gonghui.lines.reports.aligning import align
from gonghui.lines.reports.models import ReportFigure

_SENTENCE_ENDS: Final = "。！？；;\n"
_CLAUSE_ENDS: Final = f"{_SENTENCE_ENDS}，,：:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A figure in a passage of the text, from `start` up to but not including `end`.

    Sections are counted by headings of either rank.
    """

    figure: ReportFigure
    passage: Passage
    start: int
    end: int
    section: int = 0

    @property
    def place(self) -> str:
        """The paragraph, as users count."""
        return str(self.passage.place)

    @property
    def sentence(self) -> str:
        """The sentence that it stands in."""
        return self._around(_SENTENCE_ENDS)

    @property
    def clause(self) -> str:
        """The part of the sentence between two commas."""
        return self._around(_CLAUSE_ENDS)

    @property
    def before(self) -> str:
        """What the sentence says before it."""
        return re.split(f"[{_SENTENCE_ENDS}]", self.passage.text[: self.start])[-1]

    def _around(self, ends: str) -> str:
        before = re.split(f"[{ends}]", self.passage.text[: self.start])[-1]
        after = re.split(f"[{ends}]", self.passage.text[self.end :])[0]
        return f"{before}{self.passage.text[self.start : self.end]}{after}"


def standing(
    docx: bytes, figures: Iterable[ReportFigure], original: bytes | None = None
) -> list[Standing]:
    """The figures that stand in a document, in the order of its text.

    Those without a control are looked for by the words around them in the `original` that they were
    printed into.
    """
    by_tag = {figure.tag_id: figure for figure in figures}
    passages = passages_of(docx)
    found = list(_marked(passages, by_tag))
    lost = by_tag.keys() - {each.figure.tag_id for each in found}
    if lost and original is not None:
        found += _unmarked(original, passages, {tag_id: by_tag[tag_id] for tag_id in lost})
    order = {passage: number for number, passage in enumerate(passages)}
    sections = list(accumulate(rank_of(passage.text) != "文" for passage in passages))
    return sorted(
        (replace(each, section=sections[order[each.passage]]) for each in found),
        key=lambda each: (order[each.passage], each.start),
    )


def _marked(passages: Sequence[Passage], by_tag: dict[str, ReportFigure]) -> Iterator[Standing]:
    for passage in passages:
        for start, end, tag_id in passage.controls:
            if tag_id in by_tag:
                yield Standing(figure=by_tag[tag_id], passage=passage, start=start, end=end)


def _unmarked(
    original: bytes, passages: Sequence[Passage], lost: dict[str, ReportFigure]
) -> Iterator[Standing]:
    for old, new in align(passages_of(original), passages):
        if old.tag_id in lost and new is not None and not new.tag_id:
            start, end = new.inside(old)
            yield Standing(figure=lost[old.tag_id], passage=new.passage, start=start, end=end)
