"""Households: the head is a member from the first day on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Household, HouseholdMember, Kinship
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import create_many
from gonghui.lines.aid.models import HardshipFile
from gonghui.lines.aid.models.hardship_file import OPEN


def refuse_known(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New households whose head lives in another one already."""
    homes = homes_of([row.head_id for row in rows.values() if row.head_id])
    return {
        index: Conflict(already_at_home(homes[row.head_id]), field="head", code="other_household")
        for index, row in rows.items()
        if row.head_id in homes
    }


def homes_of(person_ids: Sequence[int]) -> dict[int, HouseholdMember]:
    """Where these persons live now, in the whole city."""
    with acting(SYSTEM):
        rows = HouseholdMember.objects.filter(
            person_id__in=set(person_ids), valid_to=None, voided_at=None
        ).select_related("person", "household__head", "household__org")
        return {row.person_id: row for row in rows}


def already_at_home(member: HouseholdMember) -> str:
    """Which household a person belongs to and who keeps its file."""
    home = member.household
    text = f"{member.person}已是{home}的家庭成员"
    file = open_files([home.pk]).get(home.pk)
    if file is None:
        return f"{text}（由{home.org}登记），请在该家庭上办理。"
    return f"{text}，档案号{file.number}，由{file.org}管理，不能重复建档。"


def open_files(household_ids: Sequence[int]) -> dict[int, HardshipFile]:
    """The open file of each household, in the whole city."""
    with acting(SYSTEM):
        rows = HardshipFile.objects.filter(
            household_id__in=set(household_ids), state__in=OPEN, voided_at=None
        ).select_related("org")
        return {row.household_id: row for row in rows}


def seat_heads(rows: list[Household], created: bool, by: Actor) -> None:
    """The head of a new household becomes its first member."""
    if not created:
        return
    values = [
        {
            "org": row.org,
            "household": row,
            "person": row.head,
            "kinship": Kinship.HEAD,
            "valid_from": clock.today(),
        }
        for row in rows
    ]
    with by_rule():
        must(create_many(HouseholdMember, values, by=by))
