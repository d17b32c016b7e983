"""Gap-free numbers: taken under a row lock, given back by rollback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from django.db import connection

from gonghui.kernel.records.models import Sequence

Slot = tuple[int, str, int]


def take(slots: Iterable[Slot]) -> dict[Slot, Iterator[int]]:
    """For each (org, series, year) as many next numbers as it occurs; inside a transaction.

    The series are locked in a fixed order, so two callers cannot wait for each other.
    """
    wanted = Counter(slots)
    if not wanted:
        return {}
    given = [value for slot in sorted(wanted) for value in (*slot, wanted[slot])]
    table = connection.ops.quote_name(Sequence._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} AS s (org_id, series, year, taken)"  # noqa: S608  # the model's name
            f" VALUES {', '.join(['(%s, %s, %s, %s)'] * len(wanted))}"
            " ON CONFLICT (org_id, series, year) DO UPDATE SET taken = s.taken + EXCLUDED.taken"
            " RETURNING org_id, series, year, taken",
            given,
        )
        last = {(org_id, series, year): taken for org_id, series, year, taken in cursor.fetchall()}
    return {
        slot: iter(range(last[slot] - size + 1, last[slot] + 1)) for slot, size in wanted.items()
    }
