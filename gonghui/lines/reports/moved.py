"""The hour before the meeting (会前一小时): figures that the ledger tells otherwise by now.

The document is filled again in memory, for the same days and with what is known now. Nothing is
kept: the cut-off stays unless the office swaps figures (`swapping`) or fills the document anew.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Hashable
from dataclasses import dataclass

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.uses import Edition, FigureUse, Truth
from gonghui.lines.reports.editing import RESTORED, edits_of
from gonghui.lines.reports.filling import row_of, source_of
from gonghui.lines.reports.models import ReportDoc, ReportFigure
from gonghui.lines.reports.publishing import figures_in_force


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A figure of the newest version, and what the same tag would print now.

    The phrase is empty where its words would not be true any more. `told` is the figure as it would
    be printed now; it is not to be saved.
    """

    figure: ReportFigure
    told: ReportFigure
    phrase: str
    keeps: str = ""

    @property
    def exact(self) -> str:
        """The exact value now."""
        return str(self.told.exact)

    @property
    def can_be_swapped(self) -> bool:
        """Whether the new phrase may stand in the place of the printed one; if not, `keeps` may say why."""
        return bool(self.phrase and not self.reads_the_same and not self.keeps)

    @property
    def reads_the_same(self) -> bool:
        """Whether the printed words stand although the value behind them moved."""
        return bool(self.phrase == self.figure.printed)


def moved_since(document: ReportDoc) -> list[Moved]:
    """The figures whose value moved since the document was filled, in the order of the text."""
    with acting(SYSTEM):
        source = source_of(document, clock.now())
        rendered = render(
            bytes(document.template.file.content),
            source,
            edition=Edition.FINAL,
            as_of=document.as_of,
        )
        now: dict[Hashable, deque[FigureUse]] = defaultdict(deque)
        for use in rendered.figures:
            now[_key(ReportFigure(**row_of(use, source)))].append(use)
        typed = {edit.figure_id for edit in edits_of([document]) if edit.state != RESTORED}
        found = []
        for figure in figures_in_force([document]):
            waiting = now[_key(figure)]
            if not waiting:
                continue
            use = waiting.popleft()
            told = ReportFigure(**row_of(use, source))
            if (told.value, told.exact) != (figure.value, figure.exact):
                phrase = use.printed if use.truth is Truth.TRUE else ""
                keeps = _why_it_stays(document, figure, typed)
                found.append(Moved(figure=figure, told=told, phrase=phrase, keeps=keeps))
    return found


def _why_it_stays(document: ReportDoc, figure: ReportFigure, typed: set[int]) -> str:
    """Why a figure is not swapped for itself alone."""
    if figure.pk in typed:
        return "已有人工改动，按“人工改动的数”办理"
    ranked = any(tag["kind"] == "表" and "名次" in tag["raw"] for tag in document.template.tags)
    if ranked and figure.about_id != document.org_id:
        return "名次随数变化，请重新取数"
    return ""


def _key(figure: ReportFigure) -> Hashable:
    """What makes two figures tell of the same thing."""
    days = (figure.period_from, figure.period_to)
    return figure.kind, figure.indicator, figure.about_id, figure.against, figure.word, days
