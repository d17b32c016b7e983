"""What happens by itself; each may run any number of times."""

from __future__ import annotations

from datetime import timedelta

from django.db.models import Q

from gonghui.base import clock
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, NIGHTLY, periodic
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.employment.models import JobSeeker, LoanInstallment, MicroLoan
from gonghui.lines.employment.services import loan_clocks
from gonghui.lines.employment.services.repaying import refresh


@periodic("employment.mark_overdue_loans", NIGHTLY)
def mark_overdue_loans() -> tuple[int, int]:
    """Note since when loans are overdue, and take those that are so for long into default; how many."""
    today = clock.today()
    with acting(SYSTEM), by_rule():
        late = LoanInstallment.objects.filter(paid_on=None, due_on__lt=today, voided_at=None)
        unnoted = MicroLoan.objects.filter(
            Q(pk__in=late.values("loan")), overdue_since=None, voided_at=None
        ).exclude(state__in=("settled", "returned"))
        noted = list(unnoted.order_by("pk"))
        refresh(noted, SYSTEM)
        since = today - timedelta(number_of("employment.loan_default_days"))
        bad = MicroLoan.objects.filter(
            state__in=("repaying", "extended"), overdue_since__lte=since, voided_at=None
        )
        marked = perform_many(list(bad.order_by("pk")), "mark_default", by=SYSTEM)
    return len(noted), sum(outcome.error is None for outcome in marked)


@periodic("employment.remind_of_loans", DAILY)
def remind_of_loans() -> int:
    """Tell of what is soon due, late, or runs out on loans; how many were told."""
    return loan_clocks.remind_of_days()


@periodic("employment.expire_seekers", NIGHTLY)
def expire_seekers() -> int:
    """End what nobody has followed for some months; how many."""
    oldest = add_months(clock.today(), -number_of("employment.seeker_months"))
    with acting(SYSTEM), by_rule():
        found = JobSeeker.objects.filter(state="seeking", registered_on__lt=oldest, voided_at=None)
        ended = perform_many(list(found.order_by("pk")), "expire", by=SYSTEM)
    return sum(outcome.error is None for outcome in ended)
