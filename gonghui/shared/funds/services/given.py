"""Everything that a person or a household got (帮扶一本账), from every line of work and every office."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal

from django.db.models import Q

from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Household, HouseholdMember
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayLine
from gonghui.shared.funds.models.batch import HOLDING


def payments_to(person: int | None, household: int | None) -> list[PayLine]:
    """What was paid or claimed for a person, his household and whoever lives in it; the newest first.

    In the whole city: whoever is about to add a name has to know what other offices gave.
    """
    with acting(SYSTEM):
        homes = {household} if household else _homes_of(person)
        people = {person} if person else set()
        people |= _people_of(homes)
        rows = PayLine.objects.filter(
            Q(household_id__in=homes) | Q(person_id__in=people) | Q(beneficiary_id__in=people),
            state__in=HOLDING,
            voided_at=None,
        ).select_related("org", "batch", "person", "employer", "beneficiary")
        return sorted(
            rows, key=lambda line: (line.paid_on is None, line.paid_on, line.pk), reverse=True
        )


def _homes_of(person: int | None) -> set[int]:
    headed = Household.objects.filter(head_id=person, voided_at=None).values_list("pk", flat=True)
    lived = HouseholdMember.objects.filter(person_id=person, valid_to=None, voided_at=None)
    return {*headed, *lived.values_list("household_id", flat=True)}


def _people_of(homes: set[int]) -> set[int]:
    heads = Household.objects.filter(pk__in=homes).values_list("head_id", flat=True)
    members = HouseholdMember.objects.filter(
        household_id__in=homes, valid_to=None, voided_at=None
    ).values_list("person_id", flat=True)
    return {*heads, *members}


def opened_to(lines: Sequence[PayLine], actor: Actor) -> set[int]:
    """The payments that the actor may open in their own register; his scope is in force."""
    register = register_of(PayLine)
    found = PayLine.objects.filter(pk__in=[line.pk for line in lines]).values_list("pk", "org_id")
    return {pk for pk, org_id in found if may(actor, "view", register, org_id)}


def known_to(lines: Sequence[PayLine], actor: Actor) -> list[PayLine]:
    """The payments that the actor may know of; his scope is in force.

    A payment follows the register of what it paid: who may not look into that register does not learn
    of it, and one that tells of an illness is known only where the very record opens. Whoever may open
    the payment itself handles it and knows it anyway.
    """
    opened = opened_to(lines, actor)
    sources = _sources_open_to(lines, actor)
    return [line for line in lines if line.pk in opened or _is_known(line, actor, sources)]


def _is_known(line: PayLine, actor: Actor, sources: set[tuple[str, int | None]]) -> bool:
    if programmes.programme_of(line.programme_code).tells_illness:
        return (line.source_model, line.source_id) in sources
    return not line.source_model or may(actor, "view", register_of(line.source_model))


def _sources_open_to(lines: Sequence[PayLine], actor: Actor) -> set[tuple[str, int | None]]:
    """The records behind payments for an illness that the actor may open."""
    asked: dict[str, set[int | None]] = defaultdict(set)
    for line in lines:
        if line.source_model and programmes.programme_of(line.programme_code).tells_illness:
            asked[line.source_model].add(line.source_id)
    found: set[tuple[str, int | None]] = set()
    for key, ids in asked.items():
        register = register_of(key)
        rows = register.model.objects.filter(pk__in=ids, voided_at=None)
        found |= {
            (key, pk)
            for pk, org_id in rows.values_list("pk", "org_id")
            if may(actor, "view", register, org_id)
        }
    return found


def sum_of_year(lines: Sequence[PayLine], year: int | None = None) -> Decimal:
    """What was paid, in one year if it is named; what is only claimed is not counted."""
    return sum(
        (
            line.amount
            for line in lines
            if line.paid_on is not None and year in (None, line.paid_on.year)
        ),
        Decimal(0),
    )
