"""One yuan, one chain: from what came in, over allotments and batches, to who got it and signed; and back.

Money of a fund cannot be told apart, so a chain leads from a receipt to its fund and from there to
everything that the fund paid or sent down, with the sums of each. It crosses offices: who follows it
sees that money came from or went to another office and how much, but payers only of his own area.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from django.db.models import Count, Q, Sum

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.records.history import versions_of
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds.models import (
    Allotment,
    BankReturn,
    Fund,
    FundReceipt,
    PayBatch,
    PayLine,
    ReceivedKind,
)

ZERO = Decimal(0)
_INTERNAL = (ReceivedKind.TRANSFER_IN, ReceivedKind.PAYEE_REFUND)


@dataclass(slots=True, kw_only=True)
class Station:
    """A fund on the way of the money, so many allotments from where it begins."""

    fund: Fund
    depth: int
    allotments: list[Allotment] = field(default_factory=list)
    receipts: list[FundReceipt] = field(default_factory=list)
    batches: list[PayBatch] = field(default_factory=list)

    @property
    def allotted(self) -> Decimal:
        """What came to it, or went from it, on this way."""
        return sum((each.amount for each in self.allotments), ZERO)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """Somebody did something with a batch."""

    label: str
    actor_id: int | None
    at: datetime
    reason: str


def below(fund: Fund) -> list[Station]:
    """The fund and those that its money was sent down to, each with the batches it paid."""
    with acting(SYSTEM):
        stations = _walk(fund, "from_fund", "to_fund")
        paid = PayBatch.objects.filter(
            fund_id__in=[station.fund.pk for station in stations], voided_at=None
        ).annotate(
            paid_count=Count("lines", filter=Q(lines__state="paid", lines__voided_at=None)),
            paid_sum=Sum("lines__amount", filter=Q(lines__state="paid", lines__voided_at=None)),
        )
        rows = paid.filter(paid_count__gt=0).select_related("org").order_by("sent_on", "pk")
        by_fund: dict[int, list[PayBatch]] = defaultdict(list)
        for batch in rows:
            by_fund[batch.fund_id].append(batch)
    for station in stations:
        station.batches = by_fund[station.fund.pk]
    return stations


def above(fund: Fund) -> list[Station]:
    """The fund and those that sent money down to it, each with what came in from outside."""
    with acting(SYSTEM):
        stations = _walk(fund, "to_fund", "from_fund")
        rows = (
            FundReceipt.objects.filter(
                fund_id__in=[station.fund.pk for station in stations],
                state="confirmed",
                voided_at=None,
            )
            .exclude(kind__in=_INTERNAL)
            .select_related("org")
            .order_by("received_on", "pk")
        )
        by_fund: dict[int, list[FundReceipt]] = defaultdict(list)
        for receipt in rows:
            by_fund[receipt.fund_id].append(receipt)
    for station in stations:
        station.receipts = by_fund[station.fund.pk]
    return stations


def _walk(fund: Fund, here: str, there: str) -> list[Station]:
    """The funds that accepted allotments connect with one, level by level."""
    found = {fund.pk: Station(fund=fund, depth=0)}
    level, depth = [fund.pk], 0
    while level:
        depth += 1
        rows = Allotment.objects.filter(
            state="accepted", voided_at=None, **{f"{here}_id__in": level}
        ).select_related("from_fund__org", "to_fund__org")
        level = []
        for allotment in rows.order_by("accepted_on", "pk"):
            other: Fund = getattr(allotment, there)
            if other.pk not in found:
                found[other.pk] = Station(fund=other, depth=depth)
                level.append(other.pk)
            if found[other.pk].depth == depth:
                found[other.pk].allotments.append(allotment)
    return list(found.values())


def steps_of(batch: PayBatch) -> list[Step]:
    """Who made, reviewed, approved and sent a batch, and when."""
    workflow = register_of(batch).workflow
    steps = []
    for version in versions_of(batch):
        name = version.verb.removeprefix("perform:")
        transition = workflow.transition(name) if workflow else None
        label = "编制" if version.verb == "create" else transition.label if transition else ""
        if label:
            steps.append(
                Step(label=label, actor_id=version.actor_id, at=version.at, reason=version.reason)
            )
    return steps


def answers_to(batch: PayBatch) -> list[BankReturn]:
    """What the bank said to a batch."""
    with acting(SYSTEM):
        return list(BankReturn.objects.filter(batch=batch, voided_at=None).order_by("pk"))


def in_scope(records: Iterable[FundReceipt | PayBatch | PayLine]) -> set[int]:
    """Which of some records of one model whoever acts may open."""
    rows = list(records)
    if not rows:
        return set()
    model = type(rows[0])
    return set(model.objects.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))
