"""Receipts, allotments and budget lines: what moves a fund before anybody is paid."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, Sum

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.records.sealing import opened
from gonghui.kernel.registers.write import change, create, perform
from gonghui.shared.campaigns.services import campaign_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import (
    Allotment,
    BudgetLine,
    EntryEvent,
    Fund,
    FundReceipt,
    PayeeAccount,
    PayLine,
    ReceivedKind,
    Source,
)
from gonghui.shared.funds.models.moving import EVIDENCE_ONLY, RAISED
from gonghui.shared.funds.services import posting
from gonghui.shared.funds.services.posting import Posting


def derive_receipt(receipt: Any) -> None:
    """Fill what a receipt copies: its campaign's kind, whether it was raised."""
    code = receipt.campaign_code
    receipt.campaign_kind = campaign_of(code).kind if code else ""
    receipt.counts_as_raised = receipt.kind in RAISED


def check_receipt(receipt: Any) -> None:
    """Money does not come from the future, nor into another office's fund."""
    if receipt.fund.org_id != receipt.org_id:
        raise DomainError(f"“{receipt.fund}”不是{receipt.org}的资金账。", field="fund")
    if receipt.state == "draft" and receipt.fund.state == "closed":
        raise DomainError(f"“{receipt.fund}”已结清，不能再到账。", field="fund")
    if receipt.received_on > clock.today():
        raise DomainError("到账日期不能晚于今天。", field="received_on")


def take_in(receipts: list[Any], by: Actor) -> None:
    """Confirmed money is in the fund; a payee's refund is only the evidence of a reversal."""
    posting.post(
        [_received(each, EntryEvent.RECEIVE, each.received_on) for each in _moving(receipts)], by=by
    )


def take_out(receipts: list[Any], by: Actor) -> None:
    """A reversed receipt (红冲) leaves the fund, if the money is still there."""
    _keep_refunds([each for each in receipts if each.kind in EVIDENCE_ONLY])
    for receipt in _moving(receipts):
        if receipt.fund.available < receipt.amount:
            raise Conflict("该笔到账资金已被占用或支付，不能红冲。", code="F11")
    posting.post(
        [
            _received(each, EntryEvent.REVERSE_RECEIPT, each.reversed_on)
            for each in _moving(receipts)
        ],
        by=by,
    )


def _keep_refunds(refunds: list[Any]) -> None:
    """The refund that a payment was reversed by stays; the payment is locked as whoever reverses it does."""
    ids = {refund.pay_line_id for refund in refunds}
    payments = PayLine.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True)
    if any(payment.state == "reversed" for payment in payments):
        raise Conflict("该退款对应的发放已办理退回，不能红冲。")


def _moving(receipts: list[Any]) -> list[Any]:
    return [each for each in receipts if each.kind not in EVIDENCE_ONLY]


def _received(receipt: FundReceipt, event: EntryEvent, on: Any) -> Posting:
    return Posting(
        fund_id=receipt.fund_id,
        event=event,
        amount=receipt.amount,
        on=on,
        refers={"receipt": receipt},
    )


def check_may_be_reversed(receipt: FundReceipt) -> None:
    """What came by allotment goes back by returning the allotment."""
    if receipt.kind == ReceivedKind.TRANSFER_IN:
        raise Conflict("上级下拨的资金请办理下拨退回，不能红冲。")


def derive_allotment(allotment: Any) -> None:
    """Whose money goes down."""
    allotment.given_by_id = allotment.from_fund.org_id


def check_allotment(allotment: Any) -> None:
    """Money goes down to the union that the allotment belongs to."""
    giver, taker = allotment.from_fund.org, allotment.to_fund.org
    if taker.pk != allotment.org_id:
        raise DomainError(f"“{allotment.to_fund}”不是{allotment.org}的资金账。", field="to_fund")
    if giver.pk == taker.pk or not taker.path.startswith(giver.path):
        raise DomainError("下拨须是上级工会拨给下级工会。", field="from_fund")


def require_giver(allotment: Any, by: Actor) -> None:
    """Whoever takes money does not also decide that it is given."""
    if not by.has_role(Role.LEADER, Role.FINANCE, over=allotment.from_fund.org_id):
        raise NotAllowed(f"须由{allotment.from_fund.org}办理。")


def send_down(allotments: list[Any], by: Actor) -> None:
    """Money leaves the giver's fund, by the giver's finance."""
    posting.post([_allotted(each, EntryEvent.ALLOT) for each in allotments], by=by)


def send_back(allotments: list[Any], by: Actor) -> None:
    """Money that was not accepted is the giver's again."""
    posting.post([_allotted(each, EntryEvent.ALLOT_BACK) for each in allotments], by=by)


def _allotted(allotment: Allotment, event: EntryEvent) -> Posting:
    return Posting(
        fund_id=allotment.from_fund_id,
        event=event,
        amount=allotment.amount,
        on=clock.today(),
        refers={"allotment": allotment},
    )


def check_nothing_is_under_way(fund: Any) -> None:
    """Raise where money that a fund gave has neither arrived nor come back."""
    count = Allotment.objects.filter(from_fund=fund, state="sent", voided_at=None).count()
    if count:
        raise Conflict(f"还有{count}笔下拨没有到账或退回，不能结清。")


def accept(allotments: list[Any], by: Actor) -> None:
    """The receiver's fund gets a receipt of its own; it does not count as raised."""
    for allotment in allotments:
        receipt = create(
            FundReceipt,
            by=SYSTEM,
            org=allotment.org,
            fund=allotment.to_fund,
            kind=ReceivedKind.TRANSFER_IN,
            source=Source.SUPERIOR_UNION,
            payer_name=str(allotment.from_fund.org),
            amount=allotment.amount,
            received_on=allotment.accepted_on,
            campaign_code=allotment.campaign_code,
            evidence_no=f"{allotment.doc_no}/{allotment.pk}",
            source_model="funds.allotment",
            source_id=allotment.pk,
        )
        perform(receipt, "confirm", by=SYSTEM)


def check_budget(line: Any) -> None:
    """Budget lines name a programme that exists and stay within the fund's plan."""
    programmes.programme_of(line.programme_code)
    if line.campaign_code:
        campaign_of(line.campaign_code)
    if not line.org.path.startswith(line.fund.org.path):
        raise DomainError("指标只能下达给资金账所属工会及其下级。", field="org")
    posting.hold({line.fund_id})  # two plans at once would each leave out the other
    plan = Fund.objects.get(pk=line.fund_id).plan_amount
    if plan is None:
        return
    others = BudgetLine.objects.filter(fund_id=line.fund_id, voided_at=None).exclude(pk=line.pk)
    given = others.aggregate(total=Sum("amount"))["total"] or Decimal(0)
    if given + line.amount > plan:
        raise Conflict(
            f"指标合计{given + line.amount:,.2f}元超过计划规模{plan:,.2f}元，"
            f"最多还可下达{plan - given:,.2f}元。"
        )


def adjust(adjustments: list[Any], by: Actor) -> None:
    """An approved adjustment changes the budget line by its amount."""
    for adjustment in adjustments:
        posting.hold({adjustment.budget_line.fund_id}, [adjustment.budget_line_id])
        line = BudgetLine.objects.get(pk=adjustment.budget_line_id)
        if line.amount + adjustment.change < line.reserved + line.spent:
            raise Conflict("调减后指标小于已占用和已用金额，不能调整。", code="F12")
        change(line, by=SYSTEM, amount=line.amount + adjustment.change)


def derive_accounts(accounts: list[Any]) -> None:
    """Keep the last four digits readable, and note which owners had another account before."""
    for account in accounts:
        if isinstance(account.account_no, str):
            account.account_no = "".join(account.account_no.split())
            account.last4 = account.account_no[-4:]
    fresh = [account for account in accounts if account.pk is None]
    earlier = set(
        PayeeAccount.objects.filter(
            Q(person_id__in={each.person_id for each in fresh} - {None})
            | Q(employer_id__in={each.employer_id for each in fresh} - {None}),
            voided_at=None,
        ).values_list("person_id", "employer_id")
    )
    for account in fresh:
        account.replaces_other = (account.person_id, account.employer_id) in earlier


def account_number(account: PayeeAccount) -> str:
    """The account in clear, for the bank's file alone."""
    return opened(account, "account_no")


def check_adjustment(adjustment: Any) -> None:
    """An adjustment belongs to the office whose budget it changes."""
    if adjustment.budget_line.org_id != adjustment.org_id:
        raise DomainError("预算指标不属于该工会。", field="budget_line")


def check_adjustment_open(adjustment: Any) -> None:
    """An approved adjustment is undone by another one."""
    if adjustment.state != "draft":
        raise Conflict("已办理的调整不能作废，请另行调整。")


def check_month_may_close(close: Any) -> None:
    """A month is closed after its last day, and after whatever is being posted into it."""
    if close.month >= clock.today().replace(day=1):
        raise DomainError("本月尚未结束，不能结账。", field="month")
    posting.hold_office(close.org_id)
