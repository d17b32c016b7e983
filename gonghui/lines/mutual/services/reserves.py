"""The money of a product set against what it has decided, what was claimed, and fees not yet earned."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.db.models import Count, Q, Sum
from django.db.models.functions import Coalesce

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.parameters import values as parameters
from gonghui.kernel.registers.write import create
from gonghui.kernel.workflow.services import remind
from gonghui.lines.mutual.models import (
    Coverage,
    GroupPolicy,
    MutualClaim,
    MutualProduct,
    ReserveSnapshot,
)
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.shared.funds.models import FundEntry

_DAY = timedelta(days=1)
_CENT = Decimal("0.01")
_NOTHING = Decimal(0)
_DECEMBER = 12
_REFUSED = ("refused", "appealed", "closed")
# The fee of a cover of before was taken when it began; the fund's opening balance holds it.
_TAKEN_ON = Coalesce("counted_on", "starts_on")


def snapshot(product: MutualProduct, as_of: date) -> bool:
    """Reckon a product's month unless it was; tells whether it is new."""
    if ReserveSnapshot.objects.filter(product=product, as_of=as_of, voided_at=None).exists():
        return False
    create(ReserveSnapshot, by=SYSTEM, org=product.org, product=product, as_of=as_of)
    return True


def derive(row: Any) -> None:
    """Reckon everything from the records as they stand."""
    if not row.as_of or not row.product_id:
        return
    product, as_of = row.product, row.as_of
    row.org_id = product.org_id
    row.holds_until = add_months(as_of.replace(day=1), 2) - _DAY
    row.balance = balance_on(product, as_of)
    row.approved_unpaid = _approved_unpaid(product, as_of)
    row.reported_estimate = _reported(product, as_of)
    row.unearned_fee = unearned_on(product, as_of)
    row.owed = row.approved_unpaid + row.reported_estimate + row.unearned_fee
    row.earned_fee = earned_in_month(product, as_of)
    row.ratio = (row.balance / row.owed).quantize(Decimal("0.0001")) if row.owed else None


def check(row: Any) -> None:
    """A month is reckoned on its last day, when it is over."""
    if (row.as_of + _DAY).day != 1:
        raise DomainError("截止日期须是月末。", field="as_of")
    if row.as_of > clock.today():
        raise DomainError("截止日期不能晚于今天。", field="as_of")


def balance_on(product: MutualProduct, day: date) -> Decimal:
    """What lies in the product's fund at the end of a day."""
    rows = FundEntry.objects.filter(fund_id=product.fund_id, event_on__lte=day)
    sums = rows.aggregate(came=Sum("received"), down=Sum("allotted_out"), paid=Sum("paid"))
    came, down, paid = (sums[name] or _NOTHING for name in ("came", "down", "paid"))
    return came - down - paid


def _approved_unpaid(product: MutualProduct, day: date) -> Decimal:
    rows = MutualClaim.objects.filter(
        Q(paid_on=None) | Q(paid_on__gt=day),
        product=product,
        state__in=("approved", "paying", "paid"),
        decided_on__lte=day,
        voided_at=None,
    )
    return rows.aggregate(total=Sum("assessed"))["total"] or _NOTHING


def _reported(product: MutualProduct, day: date) -> Decimal:
    rows = MutualClaim.objects.filter(
        Q(decided_on=None) | Q(decided_on__gt=day),
        product=product,
        submitted_on__lte=day,
        voided_at=None,
    ).exclude(state__in=("withdrawn", "closed"))
    return rows.aggregate(total=Sum("computed"))["total"] or _NOTHING


def unearned_on(product: MutualProduct, day: date) -> Decimal:
    """The part of the fees that belongs to days still to come, cover by cover in proportion."""
    rows = (
        Coverage.objects.filter(
            Q(annulled_on=None) | Q(annulled_on__gt=day),
            product=product,
            ends_on__gt=day,
            voided_at=None,
        )
        .annotate(taken_on=_TAKEN_ON)
        .filter(taken_on__lte=day)
        .order_by()
        .values_list("starts_on", "ends_on")
        .annotate(fees=Sum("fee"))
    )
    total = _NOTHING
    for starts_on, ends_on, fees in rows:
        term = (ends_on - starts_on).days + 1
        left = min((ends_on - day).days, term)
        total += (fees * left / term).quantize(_CENT, ROUND_HALF_UP)
    return total


def earned_in_month(product: MutualProduct, as_of: date) -> Decimal:
    """What the month earned: what came in, less what is now carried forward, plus what was before."""
    first = as_of.replace(day=1)
    fees = (
        Coverage.objects.filter(product=product, voided_at=None)
        .exclude(state="annulled")
        .annotate(taken_on=_TAKEN_ON)
        .filter(taken_on__gte=first, taken_on__lte=as_of)
    )
    came = fees.aggregate(total=Sum("fee"))["total"] or _NOTHING
    return came + unearned_on(product, first - _DAY) - unearned_on(product, as_of)


def warn(rows: list[Any], created: bool, by: Actor) -> None:
    """The leader hears when a product's money falls below the lines."""
    red = parameters.decimal_of("mutual.solvency_red")
    amber = parameters.decimal_of("mutual.solvency_amber")
    for row in rows:
        if row.ratio is None or row.ratio >= amber:
            continue
        light = "红灯" if row.ratio < red else "黄灯"
        remind(
            "mutual.reserve_snapshot",
            row.pk,
            "solvency",
            row.org_id,
            [Role.LEADER, Role.DEPT],
            f"{light}：“{row.product}”{row.as_of:%Y-%m-%d}资金结余{row.balance:,.2f}元，"
            f"应备{row.owed:,.2f}元，充足率{row.ratio:.2f}倍。",
        )


def is_of_a_year(row: Any) -> bool:
    """Whether a month closes a year, whose account is published."""
    return bool(row.as_of.month == _DECEMBER)


def what_came(row: Any) -> str:
    """Who took part and what was paid in, in the year that a month closes; nobody is named."""
    year = (row.as_of.replace(month=1, day=1), row.as_of)
    paid = GroupPolicy.objects.filter(
        product=row.product, counted_on__range=year, state__in=PAID_FOR, voided_at=None
    )
    told = paid.aggregate(
        employers=Count("employer", distinct=True), heads=Sum("heads"), fees=Sum("fee_total")
    )
    return (
        f"{row.as_of.year}年，{told['employers']:,}家单位{told['heads'] or 0:,}人次参加，"
        f"互助费收入{told['fees'] or 0:,.2f}元。"
    )


def what_went(row: Any) -> str:
    """How many were helped with how much, in the year that a month closes; nobody is named."""
    year = (row.as_of.replace(month=1, day=1), row.as_of)
    claims = MutualClaim.objects.filter(product=row.product, voided_at=None)
    given = claims.filter(paid_on__range=year, state="paid")
    told = given.aggregate(count=Count("pk"), amount=Sum("assessed"))
    refused = claims.filter(decided_on__range=year, state__in=_REFUSED).count()
    return (
        f"给付互助金{told['count']:,}人次、{told['amount'] or 0:,.2f}元；不予给付{refused:,}人次。"
    )
