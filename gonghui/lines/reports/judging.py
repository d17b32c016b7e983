"""What is judged of a document by its text and its figures: words, time, sums, length, format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from gonghui.base.wording import percent
from gonghui.kernel.docx.linting import lint_format
from gonghui.kernel.docx.speech import characters_of, minutes_of, parts_of
from gonghui.kernel.parameters.values import number_of
from gonghui.lines.reports.models import DocType, ReportDoc, ReportFigure
from gonghui.lines.reports.overlapping import overlap_problems
from gonghui.lines.reports.problems import WHOLE, Problem
from gonghui.lines.reports.speaking import speed_for
from gonghui.lines.reports.standing import Standing, standing
from gonghui.lines.reports.timing import time_problems

# 平均, 人均, 首都, 都市 and the like say nothing of a whole.
_ALL: Final = re.compile(r"(?<![平人户月年日])均(?![衡价摊])|(?<![首成])都(?![市会])")
_COVERED: Final = re.compile("全覆盖")
# A plan, or a whole that is not claimed to be one; and slogans in quotes.
_GUARDED: Final = re.compile("基本|接近|力争|争取|努力|逐步|确保")
_SLOGAN: Final = re.compile("“[^”]{4,}”")
# Kinds of documents of which the hour of a main report is asked, and those that may be longer.
_SPOKEN: Final = frozenset({DocType.WORK_REPORT.value})
_COMPREHENSIVE: Final = frozenset({DocType.HALF_YEAR.value, DocType.STATISTICS.value})


def judge(
    docx: bytes,
    figures: Sequence[ReportFigure],
    document: ReportDoc,
    original: bytes | None = None,
) -> list[Problem]:
    """Everything that a file shows by itself; `original` is the file that an edited one was made from."""
    there = standing(docx, figures, original)
    return [
        *_coverage(there),
        *_wording(there),
        *_marks(there),
        *time_problems(there, document.as_of),
        *overlap_problems(there, document.cut_off),
        *_length(docx, document),
        *_format(docx),
    ]


def _wording(there: Iterable[Standing]) -> Iterator[Problem]:
    """Words that are true of a figure and could be better."""
    for each in there:
        if each.figure.hint:
            yield Problem(
                place=each.place,
                rule="说法",
                says=f"“{each.figure.name}”{each.figure.printed}：{each.figure.hint}",
                is_error=False,
            )


def _marks(there: Iterable[Standing]) -> Iterator[Problem]:
    """What has to be said with a figure stands in no control: the author says it in words."""
    for each in there:
        if each.figure.marks:
            yield Problem(
                place=each.place,
                rule="标明",
                says=f"“{each.figure.name}”{each.figure.printed}须标明：{each.figure.marks}。",
                remedy="请在文中或附注中写明。",
                is_error=False,
            )


def _coverage(there: Iterable[Standing]) -> Iterator[Problem]:
    """C08: 全覆盖, 均 and 都 stand beside a ratio that is whole, or not at all."""
    for each in there:
        figure = each.figure
        is_ratio = figure.kind == "率" or (figure.kind == "数" and figure.unit == "%")
        if not is_ratio or figure.value is None or figure.value >= 1:
            continue
        word = _claim(each)
        if word:
            yield Problem(
                place=each.place,
                rule="C08",
                says=f"“{word}”与“{figure.name}”{percent(figure.value, 2)}不符，不是百分之百。",
                remedy="请改用“基本”“大部分”等说法，或补齐台账后重新取数。",
            )


def _claim(there: Standing) -> str:
    """The word by which the text around a ratio claims a whole: 全覆盖 in its sentence, 均 or 都 in its clause."""
    clauses = re.split("[，,：:]", _SLOGAN.sub("", there.sentence))
    for pattern, texts in ((_COVERED, clauses), (_ALL, [there.clause])):
        for text in texts:
            found = pattern.search(text)
            if found and not _GUARDED.search(text):
                return found[0]
    return ""


def _length(docx: bytes, document: ReportDoc) -> Iterator[Problem]:
    """No longer than the rules against formalism allow: an hour to be read out, or so many characters."""
    doc_type, characters = document.template.doc_type, characters_of(parts_of(docx))
    if doc_type in _SPOKEN:
        most = number_of("reports.speech_minutes", on=document.speak_on, org=document.org)
        minutes = minutes_of(characters, speed_for(document))
        if minutes > most:
            yield Problem(
                place=WHOLE,
                rule="篇幅",
                says=f"共{characters}字，约讲{minutes}分钟，会议主报告不超过{most}分钟。",
                remedy="请压缩。",
            )
        return
    kind = "comprehensive" if doc_type in _COMPREHENSIVE else "special"
    most = number_of(f"reports.{kind}_characters", on=document.as_of, org=document.org)
    if characters > most:
        label = DocType(doc_type).label
        yield Problem(
            place=WHOLE,
            rule="篇幅",
            says=f"共{characters}字，{label}不超过{most}字。",
            remedy="请压缩。",
        )


def _format(docx: bytes) -> Iterator[Problem]:
    for departure in lint_format(docx):
        yield Problem(
            place=departure.place, rule="格式", says=f"{departure.message}。", remedy="请改正格式。"
        )
