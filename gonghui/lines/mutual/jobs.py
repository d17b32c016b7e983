"""What the line does every night; each job may run any number of times."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.jobs.declare import DAILY, periodic
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.kernel.workflow.services import remind
from gonghui.lines.mutual.models import GroupPolicy, MutualProduct
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.lines.mutual.services import policies, reserves

REGISTER = "mutual.group_policy"
DAYS_BEFORE = (7, 30, 60)
_DAY = timedelta(days=1)


@periodic("mutual.expire_policies", DAILY)
def expire_policies() -> int:
    """Policies and covers whose last day is over have expired."""
    with acting(SYSTEM):
        over = GroupPolicy.objects.filter(
            state="active", effective_to__lt=clock.today(), voided_at=None
        )
        return len(must(perform_many(list(over.order_by("pk")), "expire", by=SYSTEM)))


@periodic("mutual.remind_renewals", DAILY)
def remind_renewals() -> int:
    """Tell a union 60, 30 and 7 days before its cover ends, and in the gap, until when it may go on."""
    today = clock.today()
    with acting(SYSTEM):
        rows = GroupPolicy.objects.filter(
            state__in=PAID_FOR,
            effective_to__lte=today + max(DAYS_BEFORE) * _DAY,
            effective_to__gte=today - 366 * _DAY,
            voided_at=None,
        ).exclude(pk__in=policies.renewed_ids())
        rows = rows.select_related("product", "product_version", "employer")
        return sum(_remind(policy, today) for policy in rows.order_by("pk"))


def _remind(policy: Any, today: date) -> bool:
    last = policies.last_gapless_day(policy.product_version, policy.effective_to)
    left = (policy.effective_to - today).days
    if today > last:
        return False
    if left < 0:
        mark, when = "renewal-gap", "已经到期"
    else:
        step = next(days for days in DAYS_BEFORE if left <= days)
        mark, when = f"renewal-{step}-days", f"还有{left}天到期"
    return remind(
        REGISTER,
        policy.pk,
        mark,
        policy.org_id,
        [Role.BASIC, Role.STATION, Role.COUNTY],
        f"{policy.employer}参加的“{policy.product}”保障期至{policy.effective_to:%Y-%m-%d}，{when}；"
        f"最迟{last:%Y-%m-%d}确认到账才不断保，请尽快办理续接。",
    )


@periodic("mutual.reckon_reserves", DAILY)
def reckon_reserves() -> int:
    """At the beginning of a month each product's money is set against what it may owe."""
    as_of = clock.today().replace(day=1) - _DAY
    with acting(SYSTEM):
        products = MutualProduct.objects.filter(voided_at=None).order_by("pk")
        return sum(reserves.snapshot(product, as_of) for product in products)
