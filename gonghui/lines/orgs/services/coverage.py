"""Which union covers an employer: copying, refusing a second union, and what follows."""

from __future__ import annotations

import zlib
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import prefetch_related_objects

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.people.models import ENTERPRISES, Employer
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import OrgCoverage
from gonghui.lines.orgs.services import census, own
from gonghui.lines.orgs.services.trees import COVERING_KINDS, approvers_for

Site = tuple[int, int]


def site_key_of(site: str) -> int:
    """The number by which a site is compared; 0 is the whole employer."""
    tidy = "".join(site.split()).upper()
    return zlib.crc32(tidy.encode()) if tidy else 0


def covering(employer_ids: Iterable[int], day: date | None = None) -> dict[Site, Any]:
    """Per employer and site the coverage in force on a day, or the open one."""
    rows = OrgCoverage.objects.filter(
        employer_id__in=set(employer_ids), voided_at=None
    ).select_related("org", "employer")
    found: dict[Site, Any] = {}
    for row in rows:
        has_begun = day is None or row.valid_from <= day
        goes_on = row.valid_to is None or (day is not None and row.valid_to > day)
        if has_begun and goes_on:
            found[row.employer_id, row.site_key] = row
    return found


def unionised(employer_ids: Iterable[int], day: date) -> dict[int, int]:
    """For each employer with a live union on a day the union's id."""
    return {
        employer_id: row.org_id for (employer_id, _), row in covering(employer_ids, day).items()
    }


def covered_twice(one: Employer, other: Employer) -> tuple[Any, Any] | None:
    """A coverage of each of two employers that holds for the same site at the same time."""
    rows = OrgCoverage.objects.filter(employer__in=[one, other], voided_at=None)
    found = list(rows.select_related("org").order_by("valid_from", "pk"))
    return next(
        (
            (a, b)
            for a in found
            for b in found
            if a.employer_id == one.pk
            and b.employer_id == other.pk
            and a.site_key == b.site_key
            and _overlap(a, b)
        ),
        None,
    )


def covered_message(row: Any) -> str:
    """Who covers an employer since when, and what to do."""
    code = row.employer.uscc or row.employer.legacy_code
    return (
        f"该单位（代码{code}）已由“{row.org.name}”涵盖，自{row.valid_from.isoformat()}起。"
        "请先办理转出。"
    )


def derive_coverages(rows: list[Any]) -> None:
    """Copy what the figures need from the employers."""
    prefetch_related_objects(rows, "org", "employer")
    employers = Employer.objects.in_bulk({row.employer_id for row in rows})
    newest = own.newest_headcounts(employers)
    known = set(
        OrgCoverage.objects.filter(employer_id__in=employers, voided_at=None).values_list(
            "employer_id", flat=True
        )
    )
    for row in rows:
        employer = employers[row.employer_id]
        row.site_key = site_key_of(row.site)
        row.valid_from = row.valid_from or clock.today()
        row.is_enterprise = employer.type in ENTERPRISES
        row.is_private = employer.is_private
        row.in_area = employer.area_id is not None
        if row.pk is None:
            row.is_first = row.employer_id not in known
            known.add(row.employer_id)
        if not row.site_key and row.employer_id in newest:
            row.employees = newest[row.employer_id].employees


def check_coverages(rows: list[Any]) -> dict[int, DomainError]:
    """A covering union, days in order, and no second union at a time."""
    others = OrgCoverage.objects.filter(
        employer_id__in={row.employer_id for row in rows}, voided_at=None
    ).select_related("org", "employer")
    by_site: dict[Site, list[Any]] = {}
    for other in others:
        by_site.setdefault((other.employer_id, other.site_key), []).append(other)
    errors: dict[int, DomainError] = {}
    for index, row in enumerate(rows):
        problem = _problem(row, by_site.get((row.employer_id, row.site_key), []))
        if problem is not None:
            errors[index] = problem
    return errors


def _problem(row: Any, others: list[Any]) -> DomainError | None:
    if row.org.kind not in COVERING_KINDS:
        return DomainError(
            f"“{row.org.name}”是{row.org.get_kind_display()}，不直接涵盖单位，请选择基层工会。",
            field="org",
        )
    if row.employer.merged_into_id is not None:
        return DomainError(
            f"“{row.employer.name}”已并入“{row.employer.merged_into.name}”，请选择后者。",
            field="employer",
        )
    if row.valid_to is not None and row.valid_to < row.valid_from:
        return DomainError("终止日期不能早于起始日期。", field="valid_to")
    for other in others:
        if other.pk != row.pk and _overlap(row, other):
            return Conflict(covered_message(other), field="employer", code="covered")
    return None


def _overlap(one: Any, other: Any) -> bool:
    return (one.valid_to is None or other.valid_from < one.valid_to) and (
        other.valid_to is None or one.valid_from < other.valid_to
    )


def follow_coverages(rows: list[Any], created: bool, by: Actor) -> None:
    """Employers become rows of the union that covers them, and the census learns of it."""
    open_rows = [row for row in rows if row.valid_to is None]
    ended = [row for row in rows if row.valid_to is not None and not created]
    if open_rows:
        employers = Employer.objects.in_bulk({row.employer_id for row in open_rows})
        pairs = [
            (employers[row.employer_id], {"org": row.org})
            for row in {row.employer_id: row for row in open_rows}.values()
            if employers[row.employer_id].org_id != row.org_id
        ]
        must(write.change_many(pairs, by=by))
    if created:
        census.note_unionised(rows, by)
    if ended:
        _free(ended, by)


def follow_voided(rows: list[Any], by: Actor) -> None:
    """What was never covered is where it was before: with its county and in the census."""
    _free(rows, by)


def _free(rows: list[Any], by: Actor) -> None:
    """Employers without any union left go back to their county and to the census."""
    still = {employer_id for employer_id, _ in covering(row.employer_id for row in rows)}
    lost = {row.employer_id: row for row in rows if row.employer_id not in still}
    if not lost:
        return
    homes = approvers_for({row.org_id: row.org for row in lost.values()}.values())
    for org_id in {row.org_id for row in lost.values()}:
        ids = [employer_id for employer_id, row in lost.items() if row.org_id == org_id]
        own.employers_at_home(list(Employer.objects.filter(pk__in=ids)), homes[org_id], by)
    census.note_lost(list(lost), by)


def end_all(rows: Iterable[Any], on: date, reason: str, by: Actor) -> None:
    """The coverages end: `on` is the first day on which they no longer hold."""
    pairs = [(row, {"valid_to": max(on, row.valid_from), "end_reason": reason}) for row in rows]
    must(write.change_many(pairs, by=by, reason=reason))


def hand_over(rows: Iterable[Any], to: Any, on: date, reason: str, by: Actor) -> None:
    """Another union covers the same sites from a day on."""
    rows = list(rows)
    end_all(rows, on, reason, by)
    fresh = [
        {
            "org": to,
            "employer": row.employer,
            "site": row.site,
            "employees": row.employees,
            "valid_from": on,
        }
        for row in rows
    ]
    must(write.create_many(OrgCoverage, fresh, by=by))


def open_of(org_ids: Iterable[int]) -> list[Any]:
    """The open coverages of unions."""
    return list(
        OrgCoverage.objects.filter(
            org_id__in=set(org_ids), valid_to=None, voided_at=None
        ).select_related("org", "employer")
    )
