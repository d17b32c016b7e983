"""Which days a period takes, when its sheets are due, and who has to fill one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import Period, add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator, Kind
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.parameters.values import value_of
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create_many
from gonghui.kernel.workflow.deadlines import due_on
from gonghui.lines.statistics.language import Days
from gonghui.lines.statistics.models import DataSubmission, PeriodKind, StatPeriod
from gonghui.lines.statistics.models.period import reporting_levels

FILLERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY)

_DAY = timedelta(days=1)
_NINE_DAYS = timedelta(days=9)
_MONTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF: 6, PeriodKind.YEAR: 12}
# Plans and changes against last year have no records; an alias is another figure's.
_NOT_REPORTED = frozenset({Kind.ALIAS, Kind.PLAN, Kind.YOY})
_UPPER = frozenset(reporting_levels())


def reported() -> list[Indicator]:
    """The indicators that submissions show and that are sealed, by code."""
    return [
        each
        for each in catalogue.all_indicators()
        if each.reportable and each.kind not in _NOT_REPORTED
    ]


def union_year_of(day: date) -> Period:
    """The statistical year of the unions in which a day lies."""
    month, first = (int(part) for part in str(value_of("statistics.union_year_from")).split("-"))
    start = date(day.year, month, first)
    if start > day:
        start = date(day.year - 1, month, first)
    return Period(start, add_months(start, 12) - _DAY)


def ended_before(kind: str, day: date) -> Period:
    """The last whole period of a kind that ended before a day."""
    if kind == PeriodKind.UNION_YEAR:
        return union_year_of(union_year_of(day).start - _DAY)
    months = _MONTHS[PeriodKind(kind)]
    first = add_months(day.replace(day=1), -((day.month - 1) % months))
    return Period(add_months(first, -months), first - _DAY)


def days_of(period: Period, days: Days) -> Period:
    """The days that a text means, seen from a period."""
    if days is Days.PREVIOUS:
        return period.preceding()
    if days is Days.LAST_YEAR:
        return period.a_year_earlier()
    if days is Days.TO_DATE:
        return Period.year_to_date(period.end)
    if days is Days.LAST_TEN:
        return Period(max(period.start, period.end - _NINE_DAYS), period.end)
    return period


def set_terms(period: StatPeriod) -> None:
    """Who reports where nobody said so, and the day by which it is sealed."""
    period.levels = sorted(set(period.levels)) or reporting_levels()
    if period.end_on:
        period.seal_due_on = due_on("statistics.seal_days", period.end_on)


def check_days_fit_kind(period: StatPeriod) -> None:
    """A month is a calendar month, and so on; only a custom period takes any days."""
    if period.kind == PeriodKind.CUSTOM:
        return
    if ended_before(period.kind, period.end_on + _DAY) != period.period:
        raise DomainError(
            f"{period.start_on}至{period.end_on}不是一个完整的“{period.get_kind_display()}”，"
            "请核对起止日期，或把类型选为“自定义”。",
            field="end_on",
        )


def check_is_over(period: StatPeriod) -> None:
    """Figures are certified after the last day."""
    if clock.today() <= period.end_on:
        raise DomainError(f"统计期{period.end_on}才结束，期末后方可上报。")


def open_sheets(periods: list[StatPeriod], by: Actor) -> None:
    """One sheet for every union that has to certify its figures."""
    for period in periods:
        orgs = unions_that_report(period)
        values = [{"org": org, "period": period} for org in orgs]
        must(create_many(DataSubmission, values, by=by))


def unions_that_report(period: StatPeriod) -> list[Org]:
    """The living unions of the levels that report; those lower down only where they have figures."""
    found = Org.objects.filter(
        path__startswith=period.org.path, level__in=period.levels, state=OrgState.LIVE
    ).exclude(established_on__gt=period.end_on)
    orgs = list(found.order_by("code"))
    lower = [org for org in orgs if org.level not in _UPPER]
    with_figures = _having_figures(lower, period.period)
    return [org for org in orgs if org.level in _UPPER or org.pk in with_figures]


def _having_figures(orgs: Sequence[Org], period: Period) -> set[int]:
    if not orgs:
        return set()
    # What happened: a union that merely exists has nothing to certify every month.
    codes = [each.code for each in reported() if each.is_posted and not each.is_stock]
    return {org for (_, org), each in figures(codes, orgs, period).items() if each.value}


def set_deadlines(rows: list[DataSubmission]) -> None:
    """The days by which a sheet is certified and verified, counted from the period's end."""
    for row in rows:
        row.period_end = row.period.end_on
        time = "statistics.county_days" if row.org.level in _UPPER else "statistics.basic_days"
        row.due_on = due_on(time, row.period_end, row.org)
        row.verify_due_on = due_on("statistics.city_days", row.period_end)


def unverified(period: StatPeriod) -> list[DataSubmission]:
    """The sheets of a period that the departments have not verified."""
    found = DataSubmission.objects.filter(period=period, voided_at=None).exclude(state="verified")
    return list(found.select_related("org").order_by("org__code"))


def check_may_be_sealed(period: StatPeriod) -> None:
    """All sheets are verified, or the reason for sealing without some is written down."""
    rest = unverified(period)
    period.missing = "、".join(f"{sheet.org}（{_state_label(sheet)}）" for sheet in rest)
    if rest and not period.exceptions.strip():
        raise DomainError(
            f"还有{len(rest)}个单位的数据未审核：{period.missing}。"
            "请先办理审核；确需封存的，请填写例外说明。",
            field="exceptions",
        )


def _state_label(sheet: DataSubmission) -> str:
    return {"open": "待核对", "prepared": "待签认", "certified": "待审核"}[sheet.state]


def check_is_reporting(sheet: DataSubmission) -> None:
    """Sheets move while their period takes reports."""
    if sheet.period.state != "reporting":
        raise Conflict(
            f"统计期“{sheet.period}”不在上报中，上报单不能再办理；如有差错，请办理更正。"
        )
