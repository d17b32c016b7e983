"""From what people write in a sheet to the records that are meant, a whole column at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.write import create_many
from gonghui.lines.employment.models import FairBooth, FairIntent, JobFair, MicroLoan
from gonghui.lines.employment.services.fairs import phone_key


def fairs_numbered(numbers: set[str]) -> Mapping[str, JobFair]:
    """Fairs by their number, within the caller's scope."""
    found = JobFair.objects.filter(number__in=numbers, voided_at=None)
    return {fair.number: fair for fair in found}


def loans_numbered(numbers: set[str]) -> Mapping[str, MicroLoan]:
    """Loans by their number, within the caller's scope."""
    found = MicroLoan.objects.filter(number__in=numbers, voided_at=None)
    return {loan.number: loan for loan in found}


def write_intents(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Write a batch of the list of intents; the same rows again change nothing."""
    with acting(SYSTEM):
        found = FairBooth.objects.filter(fair__in={row["fair"].pk for row in rows}, voided_at=None)
        booths = {(booth.fair_id, booth.employer_id): booth for booth in found}
        known = {
            (intent.booth_id, intent.person_key): intent
            for intent in FairIntent.objects.filter(
                booth__in=[booth.pk for booth in booths.values()], voided_at=None
            )
        }
    outcomes: dict[int, Outcome] = {}
    new: dict[int, dict[str, Any]] = {}
    for index, row in enumerate(rows):
        booth = booths.get((row["fair"].pk, row["booth__employer"].pk))
        if booth is None:
            error = DomainError("该单位没有参加这次招聘会。", field="booth__employer")
            outcomes[index] = Outcome(error=error)
        elif (booth.pk, phone_key(row["phone"])) in known:
            outcomes[index] = Outcome(record=known[booth.pk, phone_key(row["phone"])])
        else:
            values = {name: value for name, value in row.items() if name != "booth__employer"}
            new[index] = values | {"booth": booth}
    made = create_many(FairIntent, list(new.values()), by=by)
    outcomes |= dict(zip(new, made, strict=True))
    return [outcomes[index] for index in range(len(rows))]
