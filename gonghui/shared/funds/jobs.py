"""What is looked at every night: whether the books agree, what lies idle, what is left undone."""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, Max, Q, Sum

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, NIGHTLY, periodic
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.workflow.deadlines import calendar
from gonghui.kernel.workflow.services import remind
from gonghui.shared.funds.models import EntryEvent, Fund, FundEntry, MonthClose, PayLine
from gonghui.shared.funds.services.posting import SUMS

log = logging.getLogger(__name__)

_OFFICE = [Role.COUNTY, Role.INDUSTRY, Role.DEPT]
_KEEPERS = [*_OFFICE, Role.FINANCE]
_BOOKS = (*SUMS, "available")


@periodic("funds.check_books", NIGHTLY)
def check_books() -> int:
    """Compare each fund's sums with its entries and its payments; how many funds do not agree.

    What is wrong is told once a day to finance and audit, until somebody has found out why.
    """
    with acting(SYSTEM):
        entries = _sums_by_fund(FundEntry.objects.all(), **{name: Sum(name) for name in _BOOKS})
        payments = _sums_by_fund(
            PayLine.objects.filter(voided_at=None),
            held=Sum("amount", filter=Q(state="reserved")),
            paid=Sum("amount", filter=Q(state="paid")),
        )
        found = {}
        for fund in Fund.objects.filter(voided_at=None).order_by("pk"):
            wrong = _disagreements(fund, entries[fund.pk], payments[fund.pk])
            if wrong:
                found[fund] = wrong
        for fund, wrong in found.items():
            log.error("fund %s does not agree with its entries or payments: %s", fund.pk, wrong)
            _tell_of(
                fund,
                f"books-{clock.today():%Y-%m-%d}",
                [Role.FINANCE, Role.AUDIT],
                f"资金账与流水、明细不符：{_called(wrong)}，请暂停办理并报告系统管理员核查。",
            )
    return len(found)


def _sums_by_fund(rows: Any, **sums: Any) -> dict[int, dict[str, Decimal]]:
    found: dict[int, dict[str, Decimal]] = defaultdict(dict)
    for row in rows.order_by().values("fund_id").annotate(**sums):
        found[row.pop("fund_id")] = {name: value or Decimal(0) for name, value in row.items()}
    return found


def _disagreements(
    fund: Fund, entries: dict[str, Decimal], payments: dict[str, Decimal]
) -> list[str]:
    """The names of the sums that something else contradicts."""
    wrong = {name for name in _BOOKS if getattr(fund, name) != entries.get(name, Decimal(0))}
    if fund.reserved + fund.in_transit != payments.get("held", Decimal(0)):
        wrong.add("reserved")
    if fund.paid != payments.get("paid", Decimal(0)):
        wrong.add("paid")
    return [name for name in _BOOKS if name in wrong]


def _called(names: Iterable[str]) -> str:
    columns = {column.name: column for column in Fund._meta.concrete_fields}
    return "、".join(str(columns[name].verbose_name).removesuffix("（元）") for name in names)


def _tell_of(fund: Fund, mark: str, roles: list[Role], words: str) -> bool:
    return remind("funds.fund", fund.pk, mark, fund.org_id, roles, f"“{fund.name}”{words}")


@periodic("funds.remind_idle_money", DAILY)
def remind_idle_money() -> int:
    """Once a month: money that has lain untouched for long, and money that has to be spent soon."""
    today = clock.today()
    days = number_of("funds.idle_alert_days")
    idle_since = today - timedelta(days=days)
    until = today + timedelta(days=number_of("funds.spend_by_notice_days"))
    told = 0
    with acting(SYSTEM):
        moved = _last_days([EntryEvent.RECEIVE, EntryEvent.RESERVE, EntryEvent.ALLOT])
        for fund in Fund.objects.filter(state="open", available__gt=0, voided_at=None):
            left = f"还有{fund.available:,.2f}元可用"
            mark = f"{today:%Y-%m}"
            if moved.get(fund.pk, today) <= idle_since:
                words = f"{left}，已{days}天没有占用或下拨，请安排使用。"
                told += _tell_of(fund, f"idle-{mark}", _KEEPERS, words)
            if fund.spend_by is not None and fund.spend_by <= until:
                words = f"{left}，使用期限{fund.spend_by:%Y-%m-%d}，请按期使用或办理结转。"
                told += _tell_of(fund, f"spend-by-{mark}", _KEEPERS, words)
    return told


def _last_days(events: Iterable[EntryEvent]) -> dict[int, date]:
    rows = FundEntry.objects.filter(event__in=list(events)).order_by()
    return dict(
        rows.values("fund_id").annotate(last=Max("event_on")).values_list("fund_id", "last")
    )


@periodic("funds.remind_month_close", DAILY)
def remind_month_close() -> int:
    """From the closing day on: the offices whose money moved last month and who have not closed it."""
    today = clock.today()
    if today.day < number_of("funds.month_close_day"):
        return 0
    last = today.replace(day=1) - timedelta(days=1)
    month = last.replace(day=1)
    with acting(SYSTEM):
        closed = MonthClose.objects.filter(month=month, voided_at=None).values("org_id")
        moved = FundEntry.objects.filter(event_on__range=(month, last)).exclude(org__in=closed)
        first = dict(moved.order_by("-pk").values_list("org_id", "fund_id"))
        funds = Fund.objects.in_bulk(first.values())
        return sum(
            remind(
                "funds.fund",
                fund_id,
                f"close-{org_id}-{month:%Y-%m}",
                org_id,
                [Role.FINANCE],
                f"{month:%Y}年{month.month}月的专项资金（“{funds[fund_id].name}”等）还没有结账，请核对后办理月度结账。",
            )
            for org_id, fund_id in sorted(first.items())
        )


@periodic("funds.remind_failed", DAILY)
def remind_failed() -> int:
    """Payments that the bank sent back and nobody has paid again in the time there is for it, by batch."""
    today = clock.today()
    days = number_of("funds.bounce_fix_days")
    told = 0
    with acting(SYSTEM):
        again = PayLine.objects.filter(reissue_of__isnull=False, voided_at=None)
        left = PayLine.objects.filter(state="failed", voided_at=None).exclude(
            pk__in=again.exclude(state="withdrawn").values("reissue_of_id")
        )
        batches = (
            left.order_by()
            .values("batch_id", "org_id", "batch__title")
            .annotate(many=Count("pk"), since=Max("failed_on"))
        )
        for row in batches:
            if calendar().add_working_days(row["since"], days) >= today:
                continue
            words = (
                f"《{row['batch__title']}》有{row['many']}笔发放失败已超过{days}个工作日没有重发，"
            )
            told += remind(
                "funds.pay_batch",
                row["batch_id"],
                f"failed-{row['since']:%Y-%m-%d}",
                row["org_id"],
                _OFFICE,
                f"{words}请核对账户后重发。",
            )
    return told
