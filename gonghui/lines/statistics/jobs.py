"""What the line does every day; it may run any number of times."""

from __future__ import annotations

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, NIGHTLY, periodic
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.parameters.values import value_of
from gonghui.kernel.registers.write import create, perform_many
from gonghui.kernel.workflow.services import remind
from gonghui.lines.statistics.models import StatPeriod
from gonghui.lines.statistics.services.late import list_late_changes
from gonghui.lines.statistics.services.periods import ended_before
from gonghui.lines.statistics.services.sealing import tampered
from gonghui.lines.statistics.services.shipped import ship_rules
from gonghui.lines.statistics.services.shipped_forms import ship_forms


@periodic("statistics.open_periods", DAILY)
def open_periods() -> int:
    """The shipped rules and forms are there, what has just ended is set up, and all that has ended takes reports."""
    today = clock.today()
    with acting(SYSTEM):
        city = Org.objects.filter(level=OrgLevel.CITY).first()
        if city is None:
            return 0
        ship_rules(city)
        ship_forms(city)
        for kind in value_of("statistics.opened_kinds"):
            period = ended_before(kind, today)
            days = {"kind": kind, "start_on": period.start, "end_on": period.end}
            if not StatPeriod.objects.filter(org=city, voided_at=None, **days).exists():
                create(StatPeriod, by=SYSTEM, org=city, **days)
        waiting = StatPeriod.objects.filter(state="open", end_on__lt=today, voided_at=None)
        outcomes = perform_many(list(waiting), "start", by=SYSTEM)
    return len(outcomes)


@periodic("statistics.list_late_changes", NIGHTLY)
def list_late() -> int:
    """What came late for sealed periods is listed."""
    with acting(SYSTEM):
        return list_late_changes()


@periodic("statistics.check_seals", NIGHTLY)
def check_seals() -> int:
    """Whoever answers for sealed figures learns that one of them was tampered with."""
    with acting(SYSTEM):
        found = tampered()
        for each in found:
            remind(
                "statistics.sealed_set",
                each.sealed.pk,
                "tampered",
                each.sealed.org_id,
                [Role.LEADER, Role.DEPT, Role.AUDIT],
                f"封存集“{each.sealed}”{each.what}，可能被人绕过系统直接改动，请立即核查。",
            )
    return len(found)
