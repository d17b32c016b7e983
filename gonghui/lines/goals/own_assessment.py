"""What a unit is assessed by, and how it stands: its own scores, its place, the quarters of its group.

A scheme is the city's and its rows do not exist for the units below; they read this instead. Of
others nothing is told but the quarters of the group, once the time for appeals is over.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from statistics import quantiles

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org
from gonghui.lines.goals import planned
from gonghui.lines.goals.assessment import items_of, ranking, scored_now
from gonghui.lines.goals.models import (
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
)

ANNOUNCED = ("published", "scored", "notified", "settled")
_CENT = Decimal("0.01")
RANKED = ("notified", "settled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item with what the unit has made of it; `score_id` once it is scored."""

    item: AssessmentItem
    indicator: str
    score: Decimal | None
    explanation: str
    score_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Own:
    """A scheme as one of its units sees it; before the scoring its lines are what today would give."""

    scheme: AssessmentScheme
    group: str
    lines: Sequence[Line]
    place: int | None
    units: int
    quarters: Sequence[Decimal]

    @property
    def is_scored(self) -> bool:
        """Whether the scores are those of the year's end."""
        return self.scheme.basis_at is not None

    @property
    def total(self) -> Decimal:
        """The points of all items that can be told."""
        return sum((line.score for line in self.lines if line.score is not None), Decimal(0))


def assessments_of(org: Org) -> list[Own]:
    """The announced schemes in which an organisation takes part, the latest first."""
    with acting(SYSTEM):
        found = AssessedUnit.objects.filter(
            unit=org, voided_at=None, scheme__voided_at=None, scheme__state__in=ANNOUNCED
        ).select_related("scheme")
        return [_own(each, org) for each in found.order_by("-scheme__year", "-pk")]


def _own(each: AssessedUnit, org: Org) -> Own:
    scheme = each.scheme
    lines = _scores(scheme, org) if scheme.basis_at is not None else _as_of_today(scheme, org)
    group = [rank for rank in ranking(scheme) if rank.group == each.group]
    mine = next(rank for rank in group if rank.unit.pk == org.pk)
    is_ranked = scheme.state in RANKED
    totals = [rank.total for rank in group] if is_ranked else []
    quarters = quantiles(totals, n=4, method="inclusive") if len(totals) > 1 else []
    return Own(
        scheme=scheme,
        group=each.group,
        lines=lines,
        place=mine.place if is_ranked else None,
        units=len(group),
        quarters=[quarter.quantize(_CENT, ROUND_HALF_UP) for quarter in quarters],
    )


def _scores(scheme: AssessmentScheme, org: Org) -> list[Line]:
    found = AssessmentScore.objects.filter(scheme=scheme, org=org, voided_at=None)
    scores = {score.item_id: score for score in found}
    return [
        _line(item, score.score, score.explanation, score.pk)
        if (score := scores.get(item.pk)) is not None
        else _line(item)
        for item in items_of(scheme)
    ]


def _as_of_today(scheme: AssessmentScheme, org: Org) -> list[Line]:
    found = {each.item.pk: each for each in scored_now(scheme, org)}
    return [
        _line(item, made.score, made.explanation)
        if (made := found.get(item.pk)) is not None
        else _line(item)
        for item in items_of(scheme)
    ]


def _line(
    item: AssessmentItem,
    score: Decimal | None = None,
    explanation: str = "",
    score_id: int | None = None,
) -> Line:
    name = planned.named(item.indicator)[0] if item.indicator else ""
    return Line(item=item, indicator=name, score=score, explanation=explanation, score_id=score_id)
