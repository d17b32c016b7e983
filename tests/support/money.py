"""Whether the books of the money model are in order, asked of plain rows, not of the services."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from gonghui.kernel.access.unscoped import unscoped
from gonghui.shared.funds.models import BenefitCounter, BudgetLine, Fund, FundEntry, PayLine

SUMS = ("received", "allotted_out", "reserved", "in_transit", "paid", "available")
HELD = ("reserved", "paid")


def _of_lines(**where: Any) -> Decimal:
    rows = unscoped(PayLine).filter(voided_at=None, **where)
    return rows.aggregate(total=Sum("amount"))["total"] or Decimal(0)


def troubles() -> list[str]:
    """What does not add up, in words; nothing is expected."""
    return [*_of_funds(), *_of_budgets(), *_of_payments(), *_of_batches()]


def _of_funds() -> list[str]:
    found = []
    for fund in unscoped(Fund).order_by("pk"):
        entries = unscoped(FundEntry).filter(fund=fund)
        added = entries.aggregate(**{name: Sum(name) for name in SUMS})
        for name in SUMS:
            value = getattr(fund, name)
            if value < 0 or value != (added[name] or 0):
                found.append(f"{fund.code}: {name} is {value}, its entries say {added[name]}")
        told = {
            "reserved": _of_lines(fund=fund, state="reserved")
            - _of_lines(fund=fund, state="reserved", batch__state="sent"),
            "in_transit": _of_lines(fund=fund, state="reserved", batch__state="sent"),
            "paid": _of_lines(fund=fund, state="paid"),
        }
        found += [
            f"{fund.code}: {name} is {getattr(fund, name)}, its payments say {value}"
            for name, value in told.items()
            if getattr(fund, name) != value
        ]
    return found


def _of_budgets() -> list[str]:
    found = []
    for line in unscoped(BudgetLine).order_by("pk"):
        told = tuple(_of_lines(batch__budget_line=line, state=state) for state in HELD)
        if (line.reserved, line.spent) != told or sum(told) > line.amount:
            found.append(f"budget {line.pk}: {line.reserved}, {line.spent}; payments say {told}")
        if line.voided_at is not None and any(told):
            found.append(f"budget {line.pk} is void and used")
    return found


def _of_payments() -> list[str]:
    held = unscoped(PayLine).filter(state__in=HELD, voided_at=None)
    keys = Counter(held.exclude(benefit_key="").values_list("benefit_key", flat=True))
    again = Counter(
        unscoped(PayLine)
        .filter(reissue_of__isnull=False, voided_at=None)
        .exclude(state="withdrawn")
        .values_list("reissue_of_id", flat=True)
    )
    found = [f"{key} is held {count} times" for key, count in keys.items() if count > 1]
    return found + [f"payment {pk} reissued {n} times" for pk, n in again.items() if n > 1]


def _of_batches() -> list[str]:
    """The sum of a batch is that of its lines; open batches claim nothing, others have no draft left."""
    lines = unscoped(PayLine).filter(voided_at=None).exclude(state="withdrawn")
    rows = lines.order_by("batch_id").values("batch_id", "batch__total", "batch__state")
    found = [
        f"batch {row['batch_id']}: {row['batch__total']} is not {row['total']}"
        for row in rows.annotate(total=Sum("amount"))
        if row["total"] != row["batch__total"]
    ]
    open_states = ("draft", "checked", "returned", "cancelled")
    is_open = lines.filter(batch__state__in=open_states)
    found += [f"payment {line.pk} held by an open batch" for line in is_open.exclude(state="draft")]
    drafts = lines.filter(state="draft").exclude(batch__state__in=open_states)
    return found + [f"payment {line.pk} is a draft of a claimed batch" for line in drafts]


def had() -> dict[str, Decimal]:
    """What each subject under a cap has had, by the counters."""
    return dict(BenefitCounter.objects.values_list("subject_key", "total"))
