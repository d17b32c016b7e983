"""Registers of funds, what comes in and what goes down."""

from __future__ import annotations

from typing import Any

from gonghui.base.errors import Conflict
from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.declare import Numbering, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.shared.campaigns.services import campaign_choices
from gonghui.shared.funds import indicators, prints, programmes
from gonghui.shared.funds.models import (
    Allotment,
    BudgetAdjustment,
    BudgetLine,
    Fund,
    FundEntry,
    FundPurpose,
    FundReceipt,
    KinDeclaration,
    MonthClose,
    PayeeAccount,
)
from gonghui.shared.funds.registers.access import OFFICES, access
from gonghui.shared.funds.services import kin, moving
from gonghui.shared.funds.workflows import moving as workflows


def check_unmoved(fund: Any) -> None:
    """A fund with entries stays; its money would vanish with it."""
    if FundEntry.objects.filter(fund=fund).exists():
        raise Conflict("该资金账已有收支，不能作废；请办理结清。")


def check_unspent(line: Any) -> None:
    """A budget line is voided before anything is claimed on it."""
    if line.reserved or line.spent:
        raise Conflict("该指标已占用或使用，不能作废；请办理指标调整。")


def check_not_confirmed(receipt: Any) -> None:
    """What was posted is reversed, never voided."""
    if receipt.state != "draft":
        raise Conflict("已确认的到账不能作废，请办理红冲。")


def check_not_sent(allotment: Any) -> None:
    """What was posted is returned, never voided."""
    if allotment.state not in ("draft", "approved"):
        raise Conflict("已拨出的资金不能作废，请办理退回。")


def check_programme(purpose: Any) -> None:
    """A purpose names a programme that exists."""
    programmes.programme_of(purpose.programme_code)


FUNDS = register(
    Register(
        key="funds.fund",
        model=Fund,
        columns=(
            "code",
            "name",
            "org",
            "received",
            "available",
            "reserved",
            "in_transit",
            "paid",
            "state",
        ),
        filters=("fund_year", "kind", "primary_source", "state"),
        search=("code", "name"),
        sections=(
            section("资金账", "code", "name", "fund_year", "kind", "primary_source"),
            section("计划与期限", "plan_amount", "spend_by", "bank_account"),
            section(
                "收支", "received", "allotted_out", "reserved", "in_transit", "paid", "available"
            ),
        ),
        read_only=("received", "allotted_out", "reserved", "in_transit", "paid", "available"),
        workflow=workflows.FUND,
        access=(
            *access("add change", Role.FINANCE, *OFFICES),
            allow("void", Role.FINANCE),
            allow("reveal", Role.FINANCE),
        ),
        may_be_voided=check_unmoved,
        panels=("gonghui.shared.funds.panels.money",),
        order=10,
        help="一笔专项资金一本账：到账、下拨、占用、在途、已付，可用余额随时准确。",
    )
)

PURPOSES = register(
    Register(
        key="funds.fund_purpose",
        model=FundPurpose,
        parent="fund",
        columns=("fund", "programme_code"),
        sections=(section("可支付项目", "fund", "programme_code"),),
        choose_from={"programme_code": programmes.programme_choices},
        words={"programme_code": programmes.programme_names},
        checks=(check_programme,),
        order=11,
        in_menu=False,
    )
)

BUDGETS = register(
    Register(
        key="funds.budget_line",
        model=BudgetLine,
        columns=(
            "org",
            "fund",
            "programme_code",
            "campaign_code",
            "amount",
            "reserved",
            "spent",
            "headcount",
        ),
        filters=("programme_code", "campaign_code"),
        search=("doc_no", "programme_code"),
        sections=(
            section("指标", "fund", "programme_code", "campaign_code", "amount", "headcount"),
            section("下达与使用", "doc_no", "reserved", "spent"),
        ),
        read_only=("reserved", "spent"),
        access=access("add void", Role.DEPT, Role.FINANCE, Role.COUNTY),
        choose_from={
            "programme_code": programmes.programme_choices,
            "campaign_code": campaign_choices,
        },
        words={"programme_code": programmes.programme_names},
        prints=prints.BUDGET,
        checks=(moving.check_budget,),
        may_be_voided=check_unspent,
        order=20,
        help="某工会可以用某笔资金在某个项目上花多少；增减须办理指标调整。",
    )
)

ADJUSTMENTS = register(
    Register(
        key="funds.budget_adjustment",
        model=BudgetAdjustment,
        columns=("budget_line", "change", "reason", "doc_no", "state"),
        filters=("state",),
        search=("reason", "doc_no"),
        sections=(section("调整", "budget_line", "change", "reason", "doc_no"),),
        workflow=workflows.ADJUSTMENT,
        access=access("add change void", Role.DEPT, Role.FINANCE, Role.COUNTY),
        checks=(moving.check_adjustment,),
        may_be_voided=moving.check_adjustment_open,
        order=21,
        help="预算指标的增减，批准后生效。",
    )
)

RECEIPTS = register(
    Register(
        key="funds.fund_receipt",
        model=FundReceipt,
        date="received_on",
        columns=(
            "number",
            "fund",
            "kind",
            "payer_name",
            "amount",
            "received_on",
            "campaign_code",
            "state",
        ),
        filters=("kind", "source", "state", "received_on", "campaign_code"),
        search=("number", "evidence_no", "payer_name"),
        sections=(
            section("到账", "fund", "kind", "source", "amount", "received_on", "evidence_no"),
            section("付款人", "payer_name", "employer", "campaign_code", "pay_line"),
            section("确认与红冲", "confirmed_on", "reversed_on"),
        ),
        read_only=("confirmed_on", "reversed_on"),
        workflow=workflows.RECEIPT,
        access=access("add change void", Role.FINANCE, *OFFICES),
        numbering=Numbering(series="到账", pattern="到账-{year}-{number:05d}", date="received_on"),
        choose_from={"campaign_code": campaign_choices},
        derive=moving.derive_receipt,
        prints=prints.RECEIPT,
        checks=(moving.check_receipt,),
        may_be_voided=check_not_confirmed,
        panels=("gonghui.shared.funds.panels.trace_of_receipt",),
        indicators=indicators.RECEIPTS,
        order=30,
        help="资金到账登记，财务确认后计入资金账；只有外部筹集和本级预算列入计入“筹集”。",
    )
)

ALLOTMENTS = register(
    Register(
        key="funds.allotment",
        model=Allotment,
        date="sent_on",
        columns=("doc_no", "from_fund", "to_fund", "amount", "sent_on", "accepted_on", "state"),
        filters=("state", "sent_on", "campaign_code"),
        search=("doc_no", "purpose"),
        sections=(
            section("下拨", "from_fund", "to_fund", "amount", "doc_no", "purpose"),
            section("活动与名额", "campaign_code", "headcount"),
            section("办理", "approved_on", "sent_on", "accepted_on"),
        ),
        read_only=("approved_on", "sent_on", "accepted_on"),
        workflow=workflows.ALLOTMENT,
        access=access("add change void", Role.DEPT, Role.FINANCE),
        choose_from={"campaign_code": campaign_choices},
        derive=moving.derive_allotment,
        prints=prints.ALLOTMENT,
        checks=(moving.check_allotment,),
        indicators=indicators.ALLOTMENTS,
        may_be_voided=check_not_sent,
        order=40,
        help="上级工会把资金拨给下级工会；下拨既不是筹集也不是发放。",
    )
)

ENTRIES = register(
    Register(
        key="funds.fund_entry",
        model=FundEntry,
        date="event_on",
        columns=(
            "event_on",
            "fund",
            "event",
            "received",
            "reserved",
            "in_transit",
            "paid",
            "batch",
        ),
        filters=("event", "event_on"),
        sections=(
            section("流水", "fund", "budget_line", "event", "event_on", "line_count"),
            section(
                "金额", "received", "allotted_out", "reserved", "in_transit", "paid", "available"
            ),
            section("来由", "batch", "pay_line", "receipt", "allotment"),
        ),
        read_only=tuple(field.name for field in FundEntry._meta.concrete_fields),
        access=access(),
        prints=prints.ENTRIES,
        indicators=indicators.ENTRIES,
        order=80,
        help="资金账每一次变动的流水，只增不改；逐项相加等于资金账上的数。",
    )
)

ACCOUNTS = register(
    Register(
        key="funds.payee_account",
        model=PayeeAccount,
        columns=(
            "org",
            "person",
            "employer",
            "bank_name",
            "last4",
            "relation",
            "valid_from",
            "state",
        ),
        filters=("relation", "state", "is_social_card", "valid_from"),
        search=("last4", "bank_name"),
        sections=(
            section("收款人", "person", "employer", "relation", "holder_name"),
            section("账户", "account_no", "bank_name", "cnaps", "is_social_card"),
            section("有效期", "valid_from", "valid_to", "verified_on"),
        ),
        read_only=("valid_to", "verified_on"),
        workflow=workflows.ACCOUNT,
        access=(
            *access("add change", Role.FINANCE, *OFFICES),
            allow("void", Role.FINANCE),
            allow("reveal", Role.FINANCE),
        ),
        derive_many=moving.derive_accounts,
        order=50,
        help="收款账户。更换账号须停用旧账户、登记新账户，新账户在核验前不能发放。",
    )
)

KIN = register(
    Register(
        key="funds.kin_declaration",
        model=KinDeclaration,
        columns=("org", "username", "person", "relation"),
        filters=("relation",),
        search=("username",),
        sections=(section("亲属备案", "username", "person", "relation"),),
        access=access("add change void", *OFFICES),
        derive=kin.derive,
        order=90,
        help="干部的近亲属备案：编制、审核发放时遇到本人和亲属自动提示回避。",
    )
)

MONTHS = register(
    Register(
        key="funds.month_close",
        model=MonthClose,
        columns=("org", "month", "remark"),
        filters=("month",),
        sections=(section("结账", "month", "remark"),),
        access=access("add", Role.FINANCE),
        checks=(moving.check_month_may_close,),
        order=95,
        help="结账后，任何到账、发放都不能再记入该月。",
    )
)
