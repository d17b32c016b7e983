"""What happens by itself; each may run any number of times."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, NIGHTLY, periodic
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, perform_many
from gonghui.kernel.workflow.models import Task
from gonghui.lines.members.models import MembershipTransfer
from gonghui.lines.members.models.transfer import Initiator, TransferReason
from gonghui.lines.members.services.duplicates import find_duplicates
from gonghui.lines.members.services.transfers import start_transfers

REGISTER = "members.membership_transfer"


@periodic("members.confirm_silent_transfers", DAILY)
def confirm_silent_transfers() -> tuple[int, int]:
    """Confirm for giving unions that were silent, report receiving ones to the county; how many.

    A transfer that cannot go on (its target was dissolved) stays where it is, in red.
    """
    with acting(SYSTEM), by_rule():
        confirmed = perform_many(_overdue("out_pending"), "confirm_silently", by=SYSTEM)
        escalated = perform_many(_overdue("in_pending"), "escalate", by=SYSTEM)
    return (
        sum(outcome.error is None for outcome in confirmed),
        sum(outcome.error is None for outcome in escalated),
    )


def _overdue(state: str) -> list[MembershipTransfer]:
    """The transfers whose task in a state has passed its last day."""
    late = Task.objects.filter(
        register=REGISTER, state=state, closed_at=None, due_on__lt=clock.today()
    ).values_list("record_id", flat=True)
    rows = MembershipTransfer.objects.filter(pk__in=list(late), state=state, voided_at=None)
    return list(rows.order_by("pk"))


@periodic("members.send_back_seconded", DAILY)
def send_back_seconded() -> int:
    """Start the way back of members whose secondment has ended; how many."""
    with acting(SYSTEM), by_rule():
        ended = MembershipTransfer.objects.filter(
            state="completed",
            reason=TransferReason.SECONDMENT,
            return_on__lte=clock.today(),
            is_sent_back=False,
            result__state="active",
            voided_at=None,
        ).select_related("result", "from_org")
        count = 0
        for row in ended.order_by("pk"):
            (started,) = start_transfers(
                [row.result],
                row.from_org,
                by=SYSTEM,
                initiator=Initiator.OUT,
                reason=TransferReason.SECONDMENT,
                batch=row.batch,
            )
            if started.error is None:
                change_many([(row, {"is_sent_back": True})], by=SYSTEM, reason="借调期满")
                count += 1
    return count


@periodic("members.look_for_duplicates", NIGHTLY)
def look_for_duplicates() -> int:
    """Put persons that look alike on the list for checking; how many pairs are new."""
    return find_duplicates()
