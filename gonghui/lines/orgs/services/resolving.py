"""From what people write in a sheet to the records that are meant, a whole column at a time."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from gonghui.kernel.orgs.models import Org, OrgKind, OrgState
from gonghui.lines.orgs.services.trees import by_name


def areas_named(texts: set[str]) -> Mapping[str, Any]:
    """Unions of development areas by name, short name or code; a name that two bear is left out."""
    found = by_name(
        Org.objects.filter(kind=OrgKind.AREA)
        .exclude(state=OrgState.DISSOLVED)
        .filter(Q(name__in=texts) | Q(short_name__in=texts) | Q(code__in=texts))
    )
    return {text: found[text] for text in texts if text in found}
