"""How the practical matters (实事) of a year stand on a day: the worst of their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from gonghui.kernel.ledger.reading import AsOf
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.models import MatterPart, PracticalMatter
from gonghui.lines.goals.progress import Measured, measure

NOT_ISSUED = "任务书尚未下达"
NO_PARTS = "尚未列入目标，不能判断进度。"
CANCELLED = "已取消。"

# What cannot be judged is not called green.
_WORST_FIRST = (Light.RED, Light.YELLOW, Light.GREY, Light.GREEN, Light.DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class PartStanding:
    """A target of a matter; `has_begun` is false before its window, when it says nothing yet."""

    part: MatterPart
    light: Light
    reason: str
    share: Decimal | None
    has_begun: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class MatterStanding:
    """A matter on a day; `share` is None where a part cannot be told."""

    matter: PracticalMatter
    light: Light
    reason: str
    share: Decimal | None
    parts: list[PartStanding]


def matters_of(
    year: int, on: date, as_of: AsOf = None, *, org_id: int | None = None
) -> list[MatterStanding]:
    """The published matters of a year in the scope in force, in their order."""
    found = PracticalMatter.objects.filter(
        year=year, published_on__isnull=False, voided_at=None
    ).order_by("org_id", "seq")
    if org_id is not None:
        found = found.filter(org_id=org_id)
    return standings(list(found), on, as_of)


def standings(
    matters: Iterable[PracticalMatter], on: date, as_of: AsOf = None
) -> list[MatterStanding]:
    """How some matters stand, all read at once."""
    matters = list(matters)
    parts = list(
        MatterPart.objects.filter(matter__in=matters, voided_at=None)
        .select_related("target__plan", "target__org")
        .order_by("matter_id", "target__code", "pk")
    )
    issued = [part.target for part in parts if part.target.plan.issued_at is not None]
    measured = measure(issued, on, as_of)
    by_matter: dict[int, list[PartStanding]] = defaultdict(list)
    for part in parts:
        by_matter[part.matter_id].append(_part(part, measured.get(part.target_id), on))
    return [_matter(matter, by_matter[matter.pk]) for matter in matters]


def _part(part: MatterPart, found: Measured | None, on: date) -> PartStanding:
    if found is None:
        return PartStanding(part=part, light=Light.GREY, reason=f"{NOT_ISSUED}。", share=None)
    if found.standing is None:
        return PartStanding(part=part, light=Light.GREY, reason=f"{found.note}。", share=None)
    return PartStanding(
        part=part,
        light=found.standing.light,
        reason=found.standing.reason,
        share=found.share,
        has_begun=on >= part.target.window_from,
    )


def _matter(matter: PracticalMatter, parts: list[PartStanding]) -> MatterStanding:
    if matter.state == "cancelled":
        return MatterStanding(
            matter=matter, light=Light.GREY, reason=CANCELLED, share=None, parts=parts
        )
    if not parts:
        return MatterStanding(
            matter=matter, light=Light.GREY, reason=NO_PARTS, share=None, parts=parts
        )
    begun = [part for part in parts if part.has_begun] or parts
    worst = min(begun, key=lambda part: _WORST_FIRST.index(part.light))
    return MatterStanding(
        matter=matter,
        light=worst.light,
        reason=f"{worst.part.target.code}：{worst.reason}",
        share=_share(parts),
        parts=parts,
    )


def _share(parts: list[PartStanding]) -> Decimal | None:
    whole = sum((part.part.weight for part in parts), Decimal(0))
    done = Decimal(0)
    for part in parts:
        if part.share is None:
            return None
        done += part.part.weight * part.share
    return done / whole
