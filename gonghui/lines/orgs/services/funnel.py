"""Who has no union yet, and how far the forming of unions has come: read from records, never kept."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    Exists,
    F,
    Func,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.fields.json import KT
from django.db.models.functions import Coalesce

from gonghui.base.periods import Period
from gonghui.kernel.ledger import reading
from gonghui.kernel.orgs.models import NODE_LEVELS, Org
from gonghui.kernel.records.models import History
from gonghui.lines.orgs.models import CensusUnit, OrgCoverage, UnionFormation

# Of the census: neither founded nor cancelled.
_WITHOUT = ("uncontacted", "mobilising", "preparing", "not_eligible", "refused")


def without_union(day: date) -> QuerySet[CensusUnit]:
    """The enterprises in scope that no union covers on a day, each by its newest round of the census."""
    covered = OrgCoverage.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=day),
        employer_id=OuterRef("employer_id"),
        valid_from__lte=day,
        voided_at=None,
    )
    newer = CensusUnit.objects.filter(
        employer_id=OuterRef("employer_id"), pk__gt=OuterRef("pk"), voided_at=None
    )
    rows: QuerySet[CensusUnit] = CensusUnit.objects.filter(
        ~Exists(covered),
        ~Exists(newer),
        state__in=_WITHOUT,
        is_enterprise=True,
        delisted_on=None,
        voided_at=None,
    )
    return rows


def formations_on(day: date, org: Org) -> QuerySet[Any]:
    """The formations of an org's subtree that were recorded by the end of a day.

    `state_then` is the state in which each stood; those that were voided then are left out.
    """
    # Rows of the history are newest by their key, whatever clock wrote them.
    versions = History.objects.filter(
        table=UnionFormation._meta.db_table,
        record_id=OuterRef("pk"),
        at__lt=reading.Window(period=Period(day, day), as_of=day).before,
    ).order_by("-id")
    then = Case(
        When(condition=Q(gone=""), then=KT("row__state")), default=None, output_field=CharField()
    )
    rows: QuerySet[Any] = UnionFormation.objects.filter(org__path__startswith=org.path).annotate(
        state_then=Subquery(
            versions.annotate(
                gone=Coalesce(KT("row__voided_at"), Value(""), output_field=CharField())
            ).values_list(then)[:1]
        )
    )
    return rows.exclude(state_then=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """How many formations of a subtree stood in each state; `part` is None for the org's own."""

    part: Org | None
    counts: dict[str, int]


def stages(day: date, org: Org) -> list[Stage]:
    """The funnel of an org by the orgs next below it; every formation is in exactly one of them."""
    parts = {part.pk: part for part in _parts(org).order_by("code")}
    found = (
        formations_on(day, org)
        .annotate(below=_next_of_path(org))
        .order_by()
        .values_list("below", "state_then")
        .annotate(count=Count("pk"))
    )
    counts: dict[int, dict[str, int]] = {}
    for below, state, count in found:
        # Unions that are being formed right at this level are no level of their own.
        key = int(below or 0) if int(below or 0) in parts else 0
        row = counts.setdefault(key, {})
        row[state] = row.get(state, 0) + count
    stood = [Stage(part=part, counts=counts[key]) for key, part in parts.items() if key in counts]
    return [*stood, Stage(part=None, counts=counts[0])] if 0 in counts else stood


def at_own_level(rows: QuerySet[Any], org: Org) -> QuerySet[Any]:
    """Of formations in an org's subtree those that belong to none of the orgs next below."""
    keys = [str(key) for key in _parts(org).values_list("pk", flat=True)]
    left: QuerySet[Any] = rows.annotate(below=_next_of_path(org)).exclude(below__in=keys)
    return left


def _parts(org: Org) -> QuerySet[Org]:
    rows: QuerySet[Org] = Org.objects.filter(superior=org, level__in=NODE_LEVELS)
    return rows


def total_of(rows: Iterable[Stage]) -> dict[str, int]:
    """The sums of several stages by state."""
    sums: dict[str, int] = {}
    for row in rows:
        for state, count in row.counts.items():
            sums[state] = sums.get(state, 0) + count
    return sums


def _next_of_path(org: Org) -> Any:
    """The key of the org next below an org on the path of a formation, as text; empty at the org."""
    place = Value(len(org.chain) + 1)
    return Func(F("org__path"), Value("/"), place, function="split_part", output_field=CharField())
