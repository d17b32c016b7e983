"""Who lives in which household today."""

from __future__ import annotations

from collections.abc import Collection

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.models import HouseholdMember


def home_ids_of(person_ids: Collection[int]) -> dict[int, int]:
    """The household that each person lives in now, in the whole city; who lives in none is absent."""
    with acting(SYSTEM):
        return dict(
            HouseholdMember.objects.filter(
                person_id__in=set(person_ids), valid_to=None, voided_at=None
            ).values_list("person_id", "household_id")
        )
