"""The sentences of part one of the report of 2012 by section, and which of them the program prints.

The outline of the shipped template names the sections and the order; where it has tags, the words
that must come out are those of the report itself.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from gonghui.kernel.docx.half_year_template import OUTLINE, Sentence
from gonghui.kernel.docx.page import Level

_REPORT = Path(__file__).with_name("work_report_2012.txt")
_RECORD = Path(__file__).with_name("sentences_reached.json")
_TAG = re.compile(r"\{\{(.*?)\}\}")


@dataclass(frozen=True, slots=True)
class Expected:
    """A sentence of the report: where it stands, its words, and whether the template fills it."""

    section: str
    words: str
    covered: bool


def _pattern(sentence: Sentence) -> re.Pattern[str]:
    """What the report has in the place of a sentence; an assertion (证) prints nothing."""
    parts = _TAG.split(sentence.text)
    fixed, tags = parts[::2], parts[1::2]
    pattern = re.escape(fixed[0])
    for tag, text in zip(tags, fixed[1:], strict=True):
        pattern += ("" if tag.startswith("证") else ".+?") + re.escape(text)
    return re.compile(pattern)


def part_one() -> list[Expected]:
    """Every sentence of part one in its order; raises where outline and report differ."""
    report = re.sub(r"\s", "", _REPORT.read_text(encoding="utf-8"))
    found: list[Expected] = []
    at = report.index("一、关于今年以来的主要工作")
    for paragraph in OUTLINE.paragraphs:
        for sentence in paragraph.sentences if paragraph.level is Level.BODY else ():
            if not sentence.section.startswith("1"):
                continue
            match = _pattern(sentence).search(report, at)
            if match is None:
                raise AssertionError(f"not in the report from here on: {sentence.text}")
            found.append(Expected(sentence.section, match[0], sentence.covered))
            at = match.end()
    return found


def reached(sentences: list[Expected], printed: str) -> dict[str, int]:
    """How many sentences of each section are printed character for character."""
    counts: dict[str, int] = {each.section: 0 for each in sentences}
    for each in sentences:
        counts[each.section] += each.words in printed
    return counts


def recorded() -> dict[str, int]:
    """How many were reached when the record was last written; it may only grow."""
    return dict(json.loads(_RECORD.read_text(encoding="utf-8")))


def record(counts: dict[str, int]) -> None:
    """Write the record anew."""
    _RECORD.write_text(json.dumps(counts, indent=1) + "\n", encoding="utf-8")


def table(sentences: list[Expected], counts: dict[str, int]) -> list[str]:
    """The lines of the table: section, reached, missing."""
    lines = ["section   reached  missing"]
    for section, count in counts.items():
        whole = sum(each.section == section for each in sentences)
        lines.append(f"{section:<9} {count:>7}  {whole - count:>7}")
    lines.append(
        f"{'part one':<9} {sum(counts.values()):>7}  {len(sentences) - sum(counts.values()):>7}"
    )
    return lines
