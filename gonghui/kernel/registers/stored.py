"""What a record was before the change that is being checked."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gonghui.kernel.access.scope import SYSTEM, acting


def altered(rows: Sequence[Any], *names: str) -> dict[int, tuple[Any, Any]]:
    """Rows that differ from what is stored in one of some fields, by position: that row and the field.

    For checks of a batch, which get the rows as they would be written; new rows are not among them.
    """
    kept = [row.pk for row in rows if row.pk]
    if not kept:
        return {}
    model = type(rows[0])
    with acting(SYSTEM):
        stored = model.objects.in_bulk(kept)
    fields = [model._meta.get_field(name) for name in names]
    found: dict[int, tuple[Any, Any]] = {}
    for position, row in enumerate(rows):
        before = stored.get(row.pk)
        for field in fields if before is not None else ():
            if getattr(row, field.attname) != getattr(before, field.attname):
                found[position] = (before, field)
                break
    return found
