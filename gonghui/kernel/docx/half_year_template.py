"""The shipped template of the half-year work report, and what it cannot say yet.

Its text lies in `half_year.txt`, sentence by sentence. A sentence that a line of work does not
supply yet is kept there too: the template prints a red note in its place and `STILL_MISSING`
lists it, so that nobody takes the report for complete.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Final

from .page import Level, Paragraph, build_report

_FILE: Final = Path(__file__).with_name("half_year.txt")
_LEVELS: Final = {"呼": Level.FLUSH, "一": Level.ONE, "二": Level.TWO}


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the report: with tags, or not yet fillable, with the figures it quotes."""

    section: str
    text: str
    covered: bool
    figures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportParagraph:
    """A heading or a paragraph with its sentences."""

    level: Level
    sentences: list[Sentence] = field(default_factory=list)

    def text(self) -> str:
        """The text with tags; a run of sentences that are wanting becomes one note."""
        return "".join(
            "".join(sentence.text for sentence in group) if covered else _pending(group)
            for covered, group in groupby(self.sentences, key=lambda sentence: sentence.covered)
        )


@dataclass(frozen=True, slots=True)
class Outline:
    """The whole report as the text file has it."""

    title: tuple[str, ...]
    subtitle: str
    reporter: str
    date: str
    paragraphs: tuple[ReportParagraph, ...]


def _pending(sentences: Iterable[Sentence]) -> str:
    wanting = list(sentences)
    figures = [identity for sentence in wanting for identity in sentence.figures]
    what = _ranges(figures) if figures else f"{len(wanting)}句"
    return f"{{{{待补 第{wanting[0].section}节 {what}}}}}"


def _ranges(figures: Sequence[str]) -> str:
    """The ids with neighbours drawn together: A01—A03、B02."""
    runs: list[list[str]] = []
    for identity in figures:
        last = runs[-1][-1] if runs else ""
        if last[:1] == identity[0] and int(last[1:]) + 1 == int(identity[1:]):
            runs[-1].append(identity)
        else:
            runs.append([identity])
    return "、".join(run[0] if len(run) == 1 else f"{run[0]}—{run[-1]}" for run in runs)


def _lines() -> Iterator[tuple[str, str]]:
    for line in _FILE.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line[0], line[2:]


def _outline() -> Outline:
    heads: dict[str, list[str]] = {"题": [], "副": [], "人": [], "期": []}
    paragraphs: list[ReportParagraph] = []
    section = ""
    for key, text in _lines():
        if key in heads:
            heads[key].append(text)
        elif key in _LEVELS:
            paragraphs.append(ReportParagraph(_LEVELS[key], [Sentence(section, text, True)]))
        elif key == "段":
            section = text
            paragraphs.append(ReportParagraph(Level.BODY))
        elif key == "句":
            paragraphs[-1].sentences.append(Sentence(section, text, True))
        else:
            figures, _, wanting = text.partition(" ")
            known = () if figures == "-" else tuple(figures.split(","))
            paragraphs[-1].sentences.append(Sentence(section, wanting, False, known))
    return Outline(
        title=tuple(heads["题"]),
        subtitle="".join(heads["副"]),
        reporter="".join(heads["人"]),
        date="".join(heads["期"]),
        paragraphs=tuple(paragraphs),
    )


OUTLINE: Final = _outline()


def _still_missing() -> dict[str, tuple[Sentence, ...]]:
    wanting: dict[str, list[Sentence]] = {}
    for paragraph in OUTLINE.paragraphs:
        for sentence in paragraph.sentences:
            if not sentence.covered:
                wanting.setdefault(sentence.section, []).append(sentence)
    return {section: tuple(sentences) for section, sentences in wanting.items()}


STILL_MISSING: Final = _still_missing()


def half_year_template() -> bytes:
    """The template as a docx in the official page format."""
    return build_report(
        OUTLINE.title,
        OUTLINE.subtitle,
        OUTLINE.reporter,
        OUTLINE.date,
        [Paragraph(paragraph.level, paragraph.text()) for paragraph in OUTLINE.paragraphs],
    )
