"""A new survey takes the place of the one before."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many
from gonghui.lines.aid.models import HardshipCensus


def replace_earlier(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """End the surveys in force on the day of the new ones."""
    with acting(SYSTEM):
        having = {
            row.org_id: row
            for row in HardshipCensus.objects.filter(
                org_id__in={row.org_id for row in rows.values()}, replaced_on=None, voided_at=None
            )
        }
    earlier = {i: having[row.org_id] for i, row in rows.items() if row.org_id in having}
    errors = {
        i: DomainError(f"摸底日期须晚于上一次（{other.counted_on}）。", field="counted_on")
        for i, other in earlier.items()
        if rows[i].counted_on is None or rows[i].counted_on <= other.counted_on
    }
    pairs = [
        (other, {"replaced_on": rows[i].counted_on})
        for i, other in earlier.items()
        if i not in errors
    ]
    with by_rule():
        change_many(pairs, by=by)
    return errors
