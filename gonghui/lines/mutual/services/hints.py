"""Whom a grave illness or a death may have made poor is told to the union, if the household has no hardship file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.households import home_ids_of
from gonghui.kernel.registers.registry import find
from gonghui.kernel.workflow.services import remind
from gonghui.lines.mutual.models import MutualClaim
from gonghui.lines.mutual.models.benefit import EventKind

KEY = "mutual.mutual_claim"
_FILES = "aid.hardship_file"
_GRAVE = (EventKind.DIAGNOSIS, EventKind.DEATH, EventKind.DISABILITY)
_OVER = ("exited", "rejected", "withdrawn")


def suggest_files(claims: Sequence[MutualClaim]) -> int:
    """Ask the unions of paid grave claims to look after households without a file; the illness is not named."""
    grave = [claim for claim in claims if claim.event_kind in _GRAVE]
    homes = home_ids_of([claim.person_id for claim in grave])
    filed = _filed(set(homes.values()))
    return sum(_suggest(claim) for claim in grave if homes.get(claim.person_id) not in filed)


def _filed(homes: set[int]) -> set[Any]:
    """The households with a file, open or on its way; without the line of aid there are none."""
    register = find(_FILES)
    if register is None or not homes:
        return set()
    with acting(SYSTEM):
        rows = register.model.objects.filter(household_id__in=homes, voided_at=None)
        return set(rows.exclude(state__in=_OVER).values_list("household_id", flat=True))


def _suggest(claim: MutualClaim) -> bool:
    return remind(
        KEY,
        claim.pk,
        "hardship",
        claim.org_id,
        [Role.BASIC, Role.STATION],
        f"{claim.person.name}家庭领取了互助金（{claim.number}），还没有困难职工档案，"
        "请上门了解，符合条件的帮助建档。",
    )
