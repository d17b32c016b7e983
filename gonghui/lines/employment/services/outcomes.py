"""What became of those who were trained: the way from the list to the kept job, read from the records."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q

from gonghui.base.periods import Period
from gonghui.kernel.orgs.models import NODE_LEVELS, Org
from gonghui.lines.employment.models import Enrolment, Placement, TrainingSession
from gonghui.lines.employment.models.placement import COUNTED
from gonghui.lines.employment.models.training import EnrolmentResult
from gonghui.lines.employment.services.training import CLOSED

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(slots=True, kw_only=True)
class Way:
    """How many went how far, of one or several sessions; heads count once per session."""

    sessions: int = 0
    enrolled: int = 0
    attended: int = 0
    completed: int = 0
    placed: int = 0
    sustained: int = 0
    fees: Decimal = field(default=_NOTHING)

    def add(self, other: Way) -> None:
        """Take another way in."""
        for each in fields(self):
            setattr(self, each.name, getattr(self, each.name) + getattr(other, each.name))

    @property
    def cost(self) -> Decimal | None:
        """What a kept job cost; unknown while none is kept or nothing was paid."""
        if not self.sustained or not self.fees:
            return None
        return (self.fees / self.sustained).quantize(_CENT, ROUND_HALF_UP)


def ways(org: Org, period: Period) -> list[tuple[TrainingSession, Way]]:
    """The closed sessions of an org's subtree that ended in a period, with what became of their learners."""
    sessions = TrainingSession.objects.filter(
        org__path__startswith=org.path,
        end_on__gte=period.start,
        end_on__lte=period.end,
        state__in=CLOSED,
        voided_at=None,
    )
    found = {
        session.pk: (session, Way(sessions=1, fees=session.settled_amount or _NOTHING))
        for session in sessions.select_related("org").order_by("end_on", "pk")
    }
    for steps in (_learners(found), _placed(found)):
        for pk, counts in steps.items():
            for step, count in counts.items():
                setattr(found[pk][1], step, count)
    return list(found.values())


def _learners(sessions: Iterable[int]) -> dict[int, dict[str, int]]:
    rows = (
        Enrolment.objects.filter(session__in=list(sessions), voided_at=None)
        .order_by()
        .values("session_id")
        .annotate(
            enrolled=Count("pk"),
            attended=Count("pk", filter=Q(hours_present__gt=0)),
            completed=Count("pk", filter=Q(result=EnrolmentResult.COMPLETED)),
        )
    )
    return {row.pop("session_id"): row for row in rows}


def _placed(sessions: Iterable[int]) -> dict[int, dict[str, int]]:
    rows = (
        Placement.objects.filter(
            enrolment__session__in=list(sessions), state__in=COUNTED, voided_at=None
        )
        .order_by()
        .values("enrolment__session_id")
        .annotate(
            placed=Count("person_id", distinct=True),
            sustained=Count("person_id", distinct=True, filter=Q(sustained_on__isnull=False)),
        )
    )
    return {row.pop("enrolment__session_id"): row for row in rows}


def by_part(org: Org, found: Iterable[tuple[TrainingSession, Way]]) -> list[tuple[Org | None, Way]]:
    """The same by the orgs next below; None is the org's own level."""
    parts = list(Org.objects.filter(superior=org, level__in=NODE_LEVELS).order_by("code"))
    sums: dict[int | None, Way] = {}
    for session, way in found:
        part = next((each for each in parts if session.org.path.startswith(each.path)), None)
        sums.setdefault(part.pk if part else None, Way()).add(way)
    stood: list[tuple[Org | None, Way]] = [(p, sums[p.pk]) for p in parts if p.pk in sums]
    return [*stood, (None, sums[None])] if None in sums else stood


def by_occupation(found: Iterable[tuple[TrainingSession, Way]]) -> list[tuple[str, Way]]:
    """The same by what was taught; sessions without an occupation by their kind."""
    sums: dict[str, Way] = {}
    for session, way in found:
        sums.setdefault(session.occupation or session.get_kind_display(), Way()).add(way)
    return sorted(sums.items(), key=lambda item: (-item[1].completed, item[0]))


def total_of(found: Iterable[tuple[Any, Way]]) -> Way:
    """All of them together."""
    whole = Way()
    for _, way in found:
        whole.add(way)
    return whole
