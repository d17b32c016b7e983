"""What happens to a sealed period afterwards: late changes are listed, corrections make a further version."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Max

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.ledger import catalogue, seals
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records import locks
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change, create_many, perform_many
from gonghui.lines.statistics.models import CorrectionRequest, LateChange, SealedSet
from gonghui.lines.statistics.services.sealing import keep, latest


def list_late_changes() -> int:
    """Every late entry of the sets that hold is listed once; how many rows are new."""
    with transaction.atomic():
        locks.hold("statistics.late_changes")
        # Up to here everything is committed, so that nothing slips in behind what was listed.
        up_to = seals.last_entry()
        rows = [row for kept in _in_force() for row in _late_rows(kept, up_to)]
        must(create_many(LateChange, rows, by=SYSTEM))
    return len(rows)


def _in_force() -> list[SealedSet]:
    """The latest version of every period."""
    found = SealedSet.objects.filter(voided_at=None).select_related("seal", "period")
    newest = {kept.period_id: kept for kept in found.order_by("version_no")}
    return list(newest.values())


def _late_rows(kept: SealedSet, up_to: int) -> list[dict[str, Any]]:
    listed = LateChange.objects.filter(sealed_set=kept).aggregate(last=Max("last_entry"))["last"]
    groups: dict[tuple[int, str, date], list[seals.LateEntry]] = defaultdict(list)
    for entry in seals.late_entries(kept.seal, after=listed or 0, up_to=up_to):
        day = entry.recorded_at.astimezone(clock.ZONE).date()
        groups[entry.org_id, entry.code, day].append(entry)
    orgs = Org.objects.in_bulk({org for org, _, _ in groups})
    rows = (
        {"org": orgs[org], "sealed_set": kept, **_late_row(code, day, entries)}
        for (org, code, day), entries in sorted(groups.items())
    )
    return [row for row in rows if row["change"]]


def _late_row(code: str, day: date, entries: list[seals.LateEntry]) -> dict[str, Any]:
    declared = catalogue.indicator(code)
    records = {entry.record_id for entry in entries}
    return {
        "indicator": code,
        "name": declared.name,
        "unit": declared.unit,
        "change": sum(entry.value for entry in entries),
        "recorded_on": day,
        "records_count": len(records),
        "register": catalogue.source_of(code)[0],
        "record_id": records.pop() if len(records) == 1 else None,
        "last_entry": entries[-1].entry,
    }


def check_is_explained(late: LateChange) -> None:
    """Why something came late is said in words."""
    if not late.explanation.strip():
        raise DomainError("请填写说明。", field="explanation")


def find_set(request: CorrectionRequest) -> None:
    """The set that holds for the sheet's period."""
    if request.submission_id and not request.sealed_set_id:
        request.sealed_set = latest(request.submission.period)


def check_has_a_set(request: CorrectionRequest) -> None:
    """Only what is sealed is corrected this way."""
    if request.sealed_set_id:
        return
    if request.submission_id:
        raise DomainError(
            "该统计期尚未封存，请退回上报单，更正台账后重新签认。", field="submission"
        )
    raise DomainError("请选择要更正的数据上报单或封存集。", field="submission")


def check_may_be_corrected(request: CorrectionRequest) -> None:
    """The set still holds, and the records have been put right: there is something to correct."""
    kept = request.sealed_set
    if latest(kept.period) != kept:
        raise Conflict(f"“{kept}”之后已有新的版次，请按新版次重新申请。")
    if not seals.drift(kept.seal):
        raise DomainError("台账现在的数与封存的数一致，没有可更正的内容；请先更正台账记录。")


def seal_again(request: CorrectionRequest, by: Actor) -> None:
    """The figures as they are now become the next version; the old one stays."""
    old = request.sealed_set
    new = keep(old.period, old.version_no + 1, by)
    change(request, by=by, new_set=new)
    # Later entries of the old version are the new one's own.
    list_up_to(old, new.seal.last_entry)
    taken_up = LateChange.objects.filter(sealed_set=old, voided_at=None).exclude(state="corrected")
    with by_rule():
        must(perform_many(list(taken_up), "correct", by=by))


def list_up_to(kept: SealedSet, up_to: int) -> None:
    """As `list_late_changes`, for one set up to an entry."""
    must(create_many(LateChange, _late_rows(kept, up_to), by=SYSTEM))
