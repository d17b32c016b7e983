"""Where the numbers of a Word file of any origin come from, as far as signed reports tell."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from gonghui.kernel.docx.controls import passages_of
from gonghui.lines.reports.aligning import Spot, spots_of
from gonghui.lines.reports.models import ReportFigure

_VOUCHED = ("signed", "issued", "archived")
_NEWEST = 3  # reports that are named beside a number


@dataclass(frozen=True, slots=True)
class CheckedNumber:
    """A number of the text, and the figures of signed reports that it is equal to."""

    place: str
    text: str
    sources: tuple[str, ...]


def numbers_of(docx: bytes) -> list[CheckedNumber]:
    """Every number of a text that counts something; of signed reports those the actor may see."""
    spots = spots_of(passages_of(docx))
    values = {spot.figure.value for spot in spots if spot.figure.value is not None}
    known: dict[tuple[Decimal | None, str], list[str]] = defaultdict(list)
    figures = (
        ReportFigure.objects.filter(version_of__document__state__in=_VOUCHED, value__in=values)
        .select_related("version_of__document")
        .order_by("-id")
    )
    for figure in figures:
        source = f"《{figure.version_of.document.title}》{figure.name}"
        sources = known[figure.value, figure.unit]
        if source not in sources:
            sources.append(source)
    return [_checked(spot, known.get((spot.figure.value, spot.figure.unit), [])) for spot in spots]


def _checked(spot: Spot, sources: list[str]) -> CheckedNumber:
    return CheckedNumber(spot.place, spot.figure.text, tuple(sources[:_NEWEST]))
