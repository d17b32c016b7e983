"""When somebody stops looking for work, and what a bank decided."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.employment.models import JobSeeker, LoanReferral, Placement


def derive(rows: list[JobSeeker]) -> None:
    """Sex is the person's."""
    with acting(SYSTEM):
        persons = Person.objects.filter(pk__in={row.person_id for row in rows})
        sexes = dict(persons.values_list("pk", "sex"))
    for row in rows:
        row.sex = sexes.get(row.person_id) or ""


def check_is_not_of_tomorrow(row: JobSeeker) -> None:
    """Nobody is on the list from a day to come."""
    if row.registered_on > clock.today():
        raise DomainError(f"登记日期{row.registered_on}还没有到。", field="registered_on")


def follow_verified(placements: list[Placement], by: Actor) -> None:
    """Whoever was placed looks no longer, whatever brought him there."""
    found = JobSeeker.objects.filter(
        person_id__in={each.person_id for each in placements}, state="seeking", voided_at=None
    )
    must(perform_many(list(found.order_by("pk")), "place", by=by))


def check_bank_agreed(row: LoanReferral) -> None:
    """The bank said on a day how much."""
    check_bank_decided(row)
    if not row.bank_amount:
        raise DomainError("请填写获贷金额。", field="bank_amount")


def check_bank_decided(row: LoanReferral) -> None:
    """The bank said so on a day."""
    if row.decided_on is None or row.decided_on > clock.today():
        raise DomainError("请填写银行决定日期，不能晚于今天。", field="decided_on")
