"""From a parameter to the day by which something must be done."""

from __future__ import annotations

from datetime import date, timedelta

from gonghui.base.periods import add_months
from gonghui.base.workdays import WorkCalendar
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters.models import Holiday
from gonghui.kernel.parameters.values import declaration_of, number_of, once


def calendar() -> WorkCalendar:
    """The working calendar as it is kept in the database."""
    return once("calendar", _read_calendar)


def _read_calendar() -> WorkCalendar:
    rows = Holiday.objects.values_list("day", "is_working")
    return WorkCalendar(
        holidays=frozenset(day for day, works in rows if not works),
        make_up_days=frozenset(day for day, works in rows if works),
    )


def due_on(parameter: str, start: date, org: Org | None = None) -> date:
    """The last day for what starts on a day; a deadline off work rolls to the next working day.

    The parameter's unit tells how it counts: 工作日, 天 or 月.
    """
    time = number_of(parameter, on=start, org=org)
    unit = declaration_of(parameter).unit
    days = calendar()
    if unit == "工作日":
        return days.add_working_days(start, time)
    end = add_months(start, time) if unit == "月" else start + timedelta(days=time)
    return days.next_working_day(end)
