"""Gap-free numbers: taken under a row lock, given back by rollback."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from gonghui.kernel.records.models import Sequence

Slot = tuple[int, str, int]


def take(slots: Iterable[Slot]) -> dict[Slot, Iterator[int]]:
    """For each (org, series, year) as many next numbers as it occurs; inside a transaction.

    The series are locked in a fixed order, so two callers cannot wait for each other.
    """
    wanted = Counter(slots)
    taken: dict[Slot, Iterator[int]] = {}
    for slot in sorted(wanted):
        org_id, series, year = slot
        Sequence.objects.bulk_create(
            [Sequence(org_id=org_id, series=series, year=year)], ignore_conflicts=True
        )
        row = Sequence.objects.select_for_update().get(org_id=org_id, series=series, year=year)
        first = row.taken + 1
        row.taken += wanted[slot]
        row.save(update_fields=["taken"])
        taken[slot] = iter(range(first, row.taken + 1))
    return taken
