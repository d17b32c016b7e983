"""Claims and money: funds keeps it once; a claim only follows what its payments tell."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.mutual.models import ClaimPayee, Coverage, MutualClaim, MutualProduct
from gonghui.lines.mutual.services import hints
from gonghui.lines.mutual.services.claims import KEY
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import Fund, PayeeAccount, PayLine
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, batch_in_preparation

PROGRAMME = "HZBZ"
_DAY = timedelta(days=1)
_LIVE = ("draft", "reserved", "paid")


def queue(claims: list[Any], by: Actor) -> None:
    """Put approved claims on the roster of payments that the actor is preparing for their fund.

    A claim is paid whole or waits: one that the fund cannot pay is refused here and stays approved.
    """
    title = f"互助金发放（{clock.today():%Y-%m-%d}）"
    by_product: dict[MutualProduct, list[Any]] = defaultdict(list)
    for claim in sorted(claims, key=lambda each: each.pk):
        by_product[claim.product].append(claim)
    for product, own in by_product.items():
        fund = Fund.objects.select_for_update(no_key=True).get(pk=product.fund_id)
        _check_money(fund, own)
        batch = batch_in_preparation(fund, PROGRAMME, title, by=by)
        must(add_lines(batch, [each for one in own for each in requests_of(one)], by=by))


def _check_money(fund: Fund, claims: Sequence[Any]) -> None:
    need = sum((claim.assessed for claim in claims), Decimal(0))
    listed = PayLine.objects.filter(fund=fund, state="draft", voided_at=None)
    left = fund.available - (listed.aggregate(total=Sum("amount"))["total"] or Decimal(0))
    if need > left:
        raise Conflict(
            f"资金不足：“{fund}”可用{left:,.2f}元，本次需{need:,.2f}元，缺口{need - left:,.2f}元。"
            "申领仍为待发放。",
            code="F11",
        )


def requests_of(claim: MutualClaim) -> list[PaymentRequest]:
    """One payment to the worker, or one to each of his heirs."""
    heirs = list(
        ClaimPayee.objects.filter(claim=claim, voided_at=None)
        .select_related("person")
        .order_by("pk")
    )
    payees = [(each.person, each.amount) for each in heirs] or [(claim.person, claim.assessed)]
    accounts = {
        account.person_id: account
        for account in PayeeAccount.objects.filter(
            person__in=[person for person, _ in payees], valid_to=None, voided_at=None
        )
    }
    return [
        PaymentRequest(
            payee=person,
            amount=amount,
            source=claim,
            source_seq=seq,
            beneficiary=claim.person,
            account=accounts.get(person.pk),
            ref=claim.number if len(payees) == 1 else f"{claim.number}/{seq}",
        )
        for seq, (person, amount) in enumerate(payees, 1)
    ]


def wrong_payments(lines: Sequence[Any], on: date) -> dict[int, tuple[str, str]]:
    """Payments that no approved claim asked for, or in another sum or to another person, by position."""
    with acting(SYSTEM):
        claims = MutualClaim.objects.filter(state="paying", voided_at=None).in_bulk(
            [line.source_id for line in lines if line.source_model == KEY]
        )
        heirs: dict[int, list[tuple[int, Decimal]]] = defaultdict(list)
        rows = ClaimPayee.objects.filter(claim__in=claims, voided_at=None).order_by("pk")
        for claim_id, person_id, amount in rows.values_list("claim_id", "person_id", "amount"):
            heirs[claim_id].append((person_id, amount))
    found: dict[int, tuple[str, str]] = {}
    for position, line in enumerate(lines):
        claim = claims.get(line.source_id) if line.source_model == KEY else None
        if claim is None:
            found[position] = ("F03", "没有已核定、列入发放的互助金申领，不能支付互助金。")
            continue
        parts = heirs[claim.pk] or [(claim.person_id, claim.assessed)]
        if (line.person_id, line.amount) not in parts[line.source_seq - 1 : line.source_seq]:
            found[position] = ("F03", f"与申领{claim.number}核定的收款人或金额不符。")
    return found


programmes.add_eligibility((PROGRAMME,), wrong_payments)


def _claims_of(lines: Sequence[Any], *states: str) -> list[MutualClaim]:
    ids = {line.source_id for line in lines if line.source_model == KEY}
    rows = MutualClaim.objects.filter(pk__in=ids, state__in=states, voided_at=None)
    return list(rows.select_related("rule").order_by("pk"))


@dataclass(slots=True)
class _Money:
    """What became of a claim's payments, all of them together."""

    paid: Decimal = Decimal(0)
    states: set[str] = field(default_factory=set)
    paid_on: date | None = None
    reversed_on: date | None = None


def _money_of(claims: Sequence[MutualClaim]) -> dict[int, _Money]:
    rows = PayLine.objects.filter(
        source_model=KEY, source_id__in=[claim.pk for claim in claims], voided_at=None
    )
    found: dict[int, _Money] = defaultdict(_Money)
    for claim_id, state, amount, paid_on, reversed_on in rows.values_list(
        "source_id", "state", "amount", "paid_on", "reversed_on"
    ):
        money = found[claim_id]
        money.states.add(state)
        if state == "paid":
            money.paid += amount
            money.paid_on = max(filter(None, (money.paid_on, paid_on)))
        elif state == "reversed":
            money.reversed_on = max(filter(None, (money.reversed_on, reversed_on)))
    return found


def follow_paid(lines: list[Any], by: Actor) -> None:
    """A claim is paid with the last of its payments; a clause may end the cover with it."""
    claims = _claims_of(lines, "paying")
    money = _money_of(claims)
    told: list[tuple[MutualClaim, dict[str, Any]]] = []
    ended: dict[int, date] = {}
    for claim in claims:
        day = money[claim.pk].paid_on
        # What an heir's bank refused is still owed, until it is paid again.
        if day is None or money[claim.pk].paid < claim.assessed:
            continue
        spent = (day - claim.submitted_on).days - claim.supplement_days
        told.append((claim, {"paid_on": day, "handling_days": max(spent, 0)}))
        if claim.coverage_id is not None and claim.rule is not None and claim.rule.ends_cover:
            ended[claim.coverage_id] = day
    _each(told, "pay")
    _end_covers(ended)
    hints.suggest_files([claim for claim, _ in told])


def _each(told: Sequence[tuple[Any, dict[str, Any]]], action: str) -> None:
    records, values = [record for record, _ in told], [values for _, values in told]
    must(perform_many(records, action, by=SYSTEM, each=values))


def _end_covers(days: dict[int, date]) -> None:
    """Covers end with the payment, unless they were over before."""
    rows = Coverage.objects.filter(pk__in=days, state__in=("active", "ended"))
    told = []
    for row in rows.order_by("pk"):
        last = min(row.ends_on, days[row.pk])
        told.append((row, {"ends_on": last, "ends_before": last + _DAY}))
    _each(told, "terminate")


def follow_reversed(lines: list[Any], by: Actor) -> None:
    """A claim whose money all came back counts off from that day; what was reported before stays."""
    claims = _claims_of(lines, "paid")
    money = _money_of(claims)
    told = [
        (claim, {"returned_on": money[claim.pk].reversed_on})
        for claim in claims
        if "paid" not in money[claim.pk].states and money[claim.pk].reversed_on is not None
    ]
    _each(told, "take_back")


def follow_dropped(lines: list[Any], by: Actor) -> None:
    """A claim whose payments were taken off their roster waits again."""
    claims = _claims_of(lines, "paying")
    money = _money_of(claims)
    waiting = [claim for claim in claims if not money[claim.pk].states & set(_LIVE)]
    must(perform_many(waiting, "unqueue", by=SYSTEM))
