"""Scores of a scheme, worked out from the ledger as of one moment, and the ranking they give."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from gonghui.base.errors import DomainError
from gonghui.base.wording import percent
from gonghui.kernel.ledger.reading import AsOf
from gonghui.kernel.orgs.models import Org
from gonghui.lines.goals.in_force import known_targets
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.models import (
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
    Comparator,
    Formula,
    Target,
    VetoEvent,
)
from gonghui.lines.goals.progress import Measured, measure

_CENT = Decimal("0.01")
MISSING_SHOWN = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The points of a unit for an item, and how they came about."""

    item: AssessmentItem
    unit: Org
    target_value: Decimal
    actual: Decimal
    score: Decimal
    explanation: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rank:
    """A unit's place in its group; a vetoed one keeps its points but gets no award."""

    unit: Org
    group: str
    total: Decimal
    full_count: int
    place: int
    is_eligible: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Later:
    """A score that would be another one with what was recorded since."""

    unit: Org
    item: AssessmentItem
    score: Decimal
    now: Decimal


def units_of(scheme: AssessmentScheme) -> list[AssessedUnit]:
    """The units that take part, by group."""
    found = AssessedUnit.objects.filter(scheme=scheme, voided_at=None).select_related("unit")
    return list(found.order_by("group", "unit__code", "pk"))


def items_of(scheme: AssessmentScheme) -> list[AssessmentItem]:
    """The items of a scheme in order."""
    return list(AssessmentItem.objects.filter(scheme=scheme, voided_at=None).order_by("seq", "pk"))


def score_table(scheme: AssessmentScheme, as_of: AsOf) -> list[Scored]:
    """What every unit gets for every item as of a moment; refused where a target or figure is missing."""
    scored, missing = _table(scheme, as_of)
    if missing:
        names = "、".join(missing[:MISSING_SHOWN]) + ("等" if len(missing) > MISSING_SHOWN else "")
        raise DomainError(f"{names}没有目标值或完成数，不能评分。")
    return scored


def scored_now(scheme: AssessmentScheme, unit: Org) -> list[Scored]:
    """What a unit would get with the records of today, as far as it can be told."""
    return _table(scheme, None, [unit])[0]


def _table(
    scheme: AssessmentScheme, as_of: AsOf, only: list[Org] | None = None
) -> tuple[list[Scored], list[str]]:
    units = only or [each.unit for each in units_of(scheme)]
    items = [item for item in items_of(scheme) if item.formula != Formula.VETO]
    found = known_targets(as_of).filter(
        year=scheme.year,
        indicator__in={item.indicator for item in items},
        org__in=[unit.pk for unit in units],
    )
    targets = {
        (target.indicator, target.issuer, target.org_id): target
        for target in found.select_related("org", "plan")
    }
    measured = measure(list(targets.values()), date(scheme.year, 12, 31), as_of)
    scored: list[Scored] = []
    missing: list[str] = []
    for item in items:
        for unit in units:
            target = targets.get((item.indicator, item.issuer, unit.pk))
            made = _scored(item, unit, target, measured) if target is not None else None
            if made is None:
                missing.append(f"{unit}“{item.title}”")
            else:
                scored.append(made)
    return scored, missing


def _scored(
    item: AssessmentItem, unit: Org, target: Target, measured: dict[int, Measured]
) -> Scored | None:
    found = measured[target.pk]
    value, actual = found.terms.value, found.actual
    if not value or actual is None or found.standing is None:
        return None
    is_met = found.standing.light is Light.DONE
    if item.formula == Formula.COMPLETION and target.comparator == Comparator.AT_LEAST:
        score, text = _by_completion(item, actual / value)
    else:
        score, text = (item.weight, "达标") if is_met else (Decimal(0), "未达标")
    return Scored(
        item=item,
        unit=unit,
        target_value=value,
        actual=round(actual, 4),
        score=score.quantize(_CENT, ROUND_HALF_UP),
        explanation=f"完成{actual.normalize():f}，目标{value.normalize():f}，{text}",
    )


def _by_completion(item: AssessmentItem, ratio: Decimal) -> tuple[Decimal, str]:
    if ratio < item.floor:
        return Decimal(0), f"完成率{percent(ratio, 1)}，低于起评线{percent(item.floor, 0)}，不得分"
    score = item.weight * min(max(ratio, Decimal(0)), item.cap)
    if item.bonus_max is not None:
        score = min(score, item.weight + item.bonus_max)
    return score, f"完成率{percent(ratio, 1)}，分值{item.weight.normalize():f}"


def ranking(scheme: AssessmentScheme) -> list[Rank]:
    """The units by group and place; equal points are parted by full marks, else they share a place."""
    scores: dict[int, list[AssessmentScore]] = defaultdict(list)
    found = AssessmentScore.objects.filter(scheme=scheme, voided_at=None).select_related("item")
    for score in found:
        scores[score.org_id].append(score)
    vetoed = set(
        VetoEvent.objects.filter(scheme=scheme, voided_at=None).values_list("unit_id", flat=True)
    )
    groups: dict[str, list[Rank]] = defaultdict(list)
    for each in units_of(scheme):
        groups[each.group].append(_unplaced(each, scores[each.unit_id], vetoed))
    return [rank for members in groups.values() for rank in _placed(members)]


def _unplaced(each: AssessedUnit, scores: list[AssessmentScore], vetoed: set[int]) -> Rank:
    return Rank(
        unit=each.unit,
        group=each.group,
        total=sum((score.score for score in scores), Decimal(0)),
        full_count=sum(score.score >= score.item.weight for score in scores),
        place=0,
        is_eligible=each.unit_id not in vetoed,
    )


def _placed(members: Iterable[Rank]) -> list[Rank]:
    ordered = sorted(members, key=lambda rank: (-rank.total, -rank.full_count, rank.unit.code))
    placed: list[Rank] = []
    for position, rank in enumerate(ordered, 1):
        same = placed and (placed[-1].total, placed[-1].full_count) == (rank.total, rank.full_count)
        placed.append(replace(rank, place=placed[-1].place if same else position))
    return placed


def changed_since(scheme: AssessmentScheme) -> list[Later]:
    """What would be scored otherwise with the records of today (事后变动); nothing is rewritten."""
    if scheme.basis_at is None:
        return []
    now = {(each.item.pk, each.unit.pk): each for each in _table(scheme, None)[0]}
    found = AssessmentScore.objects.filter(scheme=scheme, voided_at=None)
    later = []
    for score in found.order_by("item__seq", "org__code"):
        fresh = now.get((score.item_id, score.org_id))
        if fresh is not None and fresh.actual != score.actual:
            later.append(
                Later(unit=fresh.unit, item=fresh.item, score=score.score, now=fresh.score)
            )
    return later
