"""Comparing a roster with the payroll (名册对账): who has left, who is new."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from gonghui.base.errors import DomainError
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import IdType
from gonghui.kernel.persons import Key, read_paper
from gonghui.lines.members.models import Membership


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """`missing`: members that are not on the payroll; `fresh` and `refused`: positions in it."""

    missing: tuple[Membership, ...]
    fresh: tuple[int, ...]
    refused: dict[int, DomainError]


def compared(org: Org, payroll: Sequence[tuple[str, str]]) -> Difference:
    """The payroll (name, identity number) against the active members of a union; changes nothing."""
    positions: dict[Key, int] = {}
    refused: dict[int, DomainError] = {}
    for index, (_, number) in enumerate(payroll):
        try:
            positions.setdefault(read_paper(IdType.RESIDENT, number).key, index)
        except DomainError as error:
            refused[index] = error
    rows = Membership.objects.filter(
        org=org, state__in=("active", "moving"), is_retained=False, is_absorbed=False
    ).filter(voided_at=None)
    members = {
        (row.person.id_type, bytes(row.person.id_no_hash or b"")): row
        for row in rows.select_related("person").order_by("pk")
    }
    return Difference(
        missing=tuple(row for key, row in members.items() if key not in positions),
        fresh=tuple(index for key, index in positions.items() if key not in members),
        refused=refused,
    )
