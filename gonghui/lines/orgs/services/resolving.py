"""From what people write in a sheet to the records that are meant, a whole column at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from gonghui.base.identity import normalise_id
from gonghui.kernel.orgs.models import Division, Org, OrgKind, OrgState
from gonghui.kernel.people.models import Employer
from gonghui.lines.orgs.services.trees import by_name


def orgs_named(texts: set[str]) -> Mapping[str, Any]:
    """Living organisations by name, short name or code; a name that two bear is left out."""
    rows = Org.objects.exclude(state=OrgState.DISSOLVED).filter(
        Q(name__in=texts) | Q(short_name__in=texts) | Q(code__in=texts)
    )
    found = by_name(rows)
    return {text: found[text] for text in texts if text in found}


def areas_named(texts: set[str]) -> Mapping[str, Any]:
    """Unions of development areas by name, short name or code."""
    found = orgs_named(texts)
    return {text: org for text, org in found.items() if org.kind == OrgKind.AREA}


def employers_coded(texts: set[str]) -> Mapping[str, Any]:
    """Employers by their credit code."""
    codes = {normalise_id(text): text for text in texts}
    rows = Employer.objects.filter(uscc__in=codes)
    return {codes[row.uscc]: row for row in rows}


def divisions_named(texts: set[str]) -> Mapping[str, Any]:
    """Administrative divisions by code or name; a name that two bear is left out."""
    found: dict[str, Any] = {}
    doubtful: set[str] = set()
    for row in Division.objects.filter(Q(name__in=texts) | Q(code__in=texts)):
        doubtful |= {row.name} & set(found)
        found[row.name] = found[row.code] = row
    return {text: found[text] for text in texts if text in found and text not in doubtful}
