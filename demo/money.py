"""Money in the demonstration city: funds, what comes in and goes down, and rosters paid as offices do it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from demo import accounts
from demo.acting import moment
from demo.plan import working_day
from demo.world import World
from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform, perform_many
from gonghui.shared.funds.models import (
    Allotment,
    Fund,
    FundKind,
    FundPurpose,
    FundReceipt,
    PayBatch,
    PayLine,
    ReceivedKind,
    Source,
)
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch


def open_fund(
    world: World,
    org: Org,
    code: str,
    name: str,
    programmes: Sequence[str],
    *,
    kind: str = FundKind.GRANT,
    source: str = Source.SUPERIOR_UNION,
    **more: Any,
) -> Fund:
    """A fund of 2012 that may pay for some programmes."""
    fund = create(
        Fund,
        by=world.cast["caiwu"],
        org=org,
        code=code,
        name=name,
        fund_year=2012,
        kind=kind,
        primary_source=source,
        **more,
    )
    rows = [{"fund": fund, "programme_code": programme} for programme in programmes]
    must(create_many(FundPurpose, rows, by=world.cast["caiwu"]))
    return fund


def fund_of(org: Org, code: str) -> Fund:
    """The fund of an office by its code."""
    return Fund.objects.get(org=org, code=code)  # type: ignore[no-any-return]  # a manager of any model


def receive(
    world: World,
    fund: Fund,
    amount: Decimal | int,
    payer: str,
    evidence: str,
    *,
    source: str,
    kind: str = ReceivedKind.EXTERNAL,
    campaign: str = "",
) -> FundReceipt:
    """Money that came in today and was confirmed."""
    receipt = create(
        FundReceipt,
        by=world.cast["chuna"],
        org=fund.org,
        fund=fund,
        kind=kind,
        source=source,
        payer_name=payer,
        amount=Decimal(amount),
        received_on=clock.today(),
        campaign_code=campaign,
        evidence_no=evidence,
    )
    return perform(receipt, "confirm", by=world.cast["caiwu"])


def allot(
    world: World,
    giver: Fund,
    takers: Sequence[tuple[Fund, Decimal]],
    doc_no: str,
    purpose: str,
    *,
    campaign: str = "",
) -> None:
    """Send money down to funds of lower unions and let them accept it."""
    rows = [
        {
            "org": fund.org,
            "from_fund": giver,
            "to_fund": fund,
            "amount": amount,
            "doc_no": doc_no,
            "purpose": purpose,
            "campaign_code": campaign,
        }
        for fund, amount in takers
    ]
    made = must(create_many(Allotment, rows, by=world.cast["baozhangbu"]))
    made = must(perform_many(made, "approve", by=world.cast["lingdao"]))
    made = must(perform_many(made, "send", by=world.cast["caiwu"]))
    must(perform_many(made, "accept", by=world.cast["chuna"]))


def _maker(world: World, unit: str) -> Actor:
    return world.cast[accounts.handler(unit)] if unit else world.cast["baozhangbu"]


def roster(
    world: World,
    fund: Fund,
    programme: str,
    title: str,
    requests: Sequence[PaymentRequest],
    *,
    campaign: str = "",
    form: str = "cash",
    unit: str = "",
) -> PayBatch:
    """A batch filled, checked and submitted by the office's handler; of the city without `unit`."""
    maker = _maker(world, unit)
    batch = open_batch(
        org=fund.org,
        fund=fund,
        programme=programme,
        campaign=campaign,
        title=title,
        by=maker,
        form=form,
    )
    must(add_lines(batch, requests, by=maker))
    batch.refresh_from_db()
    return perform(perform(batch, "check", by=maker), "submit", by=maker)


def approve(world: World, batch: PayBatch, *, unit: str = "") -> PayBatch:
    """Department, finance and, from a sum on, the leader approve; the cashier sends it off."""
    batch.refresh_from_db()
    reviewer = world.cast[accounts.approver(unit)] if unit else world.cast["zuzhibu"]
    batch = perform(batch, "dept_review", by=reviewer)
    if batch.tier == 1:
        batch = perform(batch, "finance_approve", by=world.cast["caiwu"])
    else:
        batch = perform(batch, "finance_review", by=world.cast["caiwu"])
        minutes = (
            f"市总主席办公会纪要〔{clock.today().year}〕{batch.pk}号" if batch.tier == 3 else ""
        )
        batch = perform(batch, "approve", by=world.cast["lingdao"], minutes=minutes)
    return perform(batch, "send", by=world.cast["chuna"])


def pay(world: World, batch: PayBatch, *, unit: str = "") -> list[PayLine]:
    """Everyone signs today for what was sent, and the papers go into the archive."""
    lines = PayLine.objects.filter(batch=batch, state="reserved").order_by("seq")
    today = clock.today()
    paid = must(
        perform_many(
            list(lines),
            "pay",
            by=world.cast["chuna"],
            paid_on=today,
            receipt_kind="sign",
            receipt_on=today,
        )
    )
    batch.refresh_from_db()
    perform(batch, "archive", by=_maker(world, unit))
    return paid


def on(day: date, hour: int = 10) -> Any:
    """The moment of a working day."""
    return moment(working_day(day), hour)


__all__ = [
    "PaymentRequest",
    "allot",
    "approve",
    "fund_of",
    "on",
    "open_fund",
    "pay",
    "receive",
    "roster",
]
