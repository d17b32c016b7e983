"""Keeps the divisions that figures count in step with the administrative divisions."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Division, DivisionLevel, Org, OrgLevel
from gonghui.kernel.registers import write
from gonghui.kernel.registers.batch import must
from gonghui.lines.orgs.models import DivisionEntry

COUNTED = (DivisionLevel.COUNTY, DivisionLevel.TOWNSHIP)


def derive_entries(entries: list[Any]) -> None:
    """Copy level and days from the division."""
    rows = Division.objects.in_bulk({entry.division_id for entry in entries})
    for entry in entries:
        division = rows[entry.division_id]
        entry.level = division.level
        entry.valid_from, entry.valid_to = division.valid_from, division.valid_to


def mirror_divisions() -> int:
    """Enter counties and townships that are missing and renew those that changed; how many rows."""
    with acting(SYSTEM):
        known = {entry.division_id: entry for entry in DivisionEntry.objects.filter(voided_at=None)}
        divisions = list(Division.objects.filter(level__in=COUNTED))
        unions = _unions_of(divisions)
        fresh = [
            {"org": unions[division.pk], "division": division}
            for division in divisions
            if division.pk not in known
        ]
        must(write.create_many(DivisionEntry, fresh, by=SYSTEM))
        changed = [
            (known[division.pk], {"org": unions[division.pk]})
            for division in divisions
            if division.pk in known and _differs(known[division.pk], division, unions)
        ]
        must(write.change_many(changed, by=SYSTEM))
    return len(fresh) + len(changed)


def _differs(entry: Any, division: Any, unions: dict[int, Any]) -> bool:
    return (entry.org_id, entry.level, entry.valid_from, entry.valid_to) != (
        unions[division.pk].pk,
        division.level,
        division.valid_from,
        division.valid_to,
    )


def _unions_of(divisions: list[Any]) -> dict[int, Any]:
    """The county union of each division's territory; the city's where a county has none."""
    city = Org.objects.get(level=OrgLevel.CITY)
    counties = {
        org.division_id: org
        for org in Org.objects.filter(level=OrgLevel.COUNTY, division__isnull=False)
    }
    found: dict[int, Any] = {}
    for division in divisions:
        county = division.pk if division.level == DivisionLevel.COUNTY else division.parent_id
        found[division.pk] = counties.get(county, city)
    return found
