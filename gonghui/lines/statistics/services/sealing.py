"""Sealing periods, and whether what was sealed is still what it was."""

from __future__ import annotations

from dataclasses import dataclass

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import seals
from gonghui.kernel.registers.write import create
from gonghui.lines.statistics.models import SealedSet, StatPeriod
from gonghui.lines.statistics.services.periods import reported


def seal_period(period: StatPeriod, by: Actor) -> None:
    """Everything that all unions had in the period is kept for good."""
    last = latest(period)
    keep(period, 1 if last is None else last.version_no + 1, by)


def keep(period: StatPeriod, version_no: int, by: Actor) -> SealedSet:
    """A further version of a period's figures, as the ledger has them now."""
    codes = [each.code for each in reported() if each.is_posted]
    made = seals.seal(period.org, period.period, codes)
    return create(SealedSet, by=by, org=period.org, period=period, version_no=version_no, seal=made)


def copy_from_seal(kept: SealedSet) -> None:
    """The hash and who was missing are noted as they are at the moment of sealing."""
    if not kept.pk:
        made, period = kept.seal, kept.period
        kept.as_of, kept.figures_count = made.as_of, made.figures_count
        kept.hash, kept.previous_hash = made.hash, made.previous_hash
        kept.missing, kept.exceptions = period.missing, period.exceptions


def latest(period: StatPeriod) -> SealedSet | None:
    """The version of a period that holds."""
    found = SealedSet.objects.filter(period=period, voided_at=None).select_related("seal")
    return found.order_by("-version_no").first()


@dataclass(frozen=True, slots=True, kw_only=True)
class Tampered:
    """A sealed set that is not what was sealed, and how that shows."""

    sealed: SealedSet
    what: str


def tampered() -> list[Tampered]:
    """Sets whose figures, head or chain do not fit their hash, or whose hash is not the recorded one."""
    broken: dict[int, str] = {}
    for each in seals.broken_seals():
        cells = "、".join(f"{c.code}（工会{c.org_id}）" for c in each.cells[:5])
        broken[each.seal.pk] = each.what + (f"：{cells}" if cells else "")
    found = []
    for kept in SealedSet.objects.select_related("seal", "period").order_by("pk"):
        if kept.seal_id in broken:
            found.append(Tampered(sealed=kept, what=broken[kept.seal_id]))
        elif kept.seal.hash != kept.hash:
            found.append(Tampered(sealed=kept, what="校验值与封存时登记的不同"))
    return found
