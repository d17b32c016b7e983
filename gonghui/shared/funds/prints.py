"""What is printed of money: rosters to be signed, approvals, notices and lists for the vouchers."""

from __future__ import annotations

from typing import Any

from gonghui.base.money import in_words
from gonghui.kernel.accounts.models import User
from gonghui.kernel.docx.forms import Facts, Form, Opinions, Roster, Rows, Signatures, SignOff, Text
from gonghui.kernel.registers.declare import Print
from gonghui.shared.funds.models import BatchForm
from gonghui.shared.funds.services import tracing

# A longer roster is taken as a workbook; a form shows no more rows than this.
_MOST_LINES = 2000
_APPROVED = ("approved", "sent", "settled", "archived")
_STANDING = {"state__in": ("draft", "reserved", "paid", "failed", "reversed")}


def _fits(batch: Any) -> bool:
    return bool(batch.line_count <= _MOST_LINES)


def _is_signed_for(batch: Any) -> bool:
    """Whether payees sign on paper: there is no bank between."""
    return _fits(batch) and batch.form in (BatchForm.CASH, BatchForm.IN_KIND)


def _steps(batch: Any) -> str:
    """Who did what with a batch, a line each."""
    if batch.pk is None:
        return ""
    steps = tracing.steps_of(batch)
    names = User.objects.in_bulk({step.actor_id for step in steps if step.actor_id})
    return "\n".join(
        f"{step.at:%Y-%m-%d}　{step.label}　{_name(names.get(step.actor_id or 0))}"
        f"{'（' + step.reason + '）' if step.reason else ''}"
        for step in steps
    )


def _name(user: User | None) -> str:
    return user.name if user is not None else "系统"


def _total(batch: Any) -> str:
    return in_words(batch.total)


def _amount(record: Any) -> str:
    return in_words(record.amount)


_HEAD = Facts(
    "title",
    "fund",
    "programme_code",
    "campaign_code",
    "form",
    "opened_on",
    "line_count",
    "total",
    ("total_words", "金额合计（大写）"),
)

BATCH = (
    Print(
        "发放花名册",
        when=_fits,
        form=Form(
            "{title}发放花名册",
            (
                _HEAD,
                Rows(
                    "funds.pay_line",
                    "seq",
                    ("person", "收款人"),
                    ("person__id_no", "身份证号"),
                    ("employer", "收款单位"),
                    "workplace",
                    ("beneficiary", "受益人"),
                    "amount",
                    "paid_on",
                    ("state", "结果"),
                    where=_STANDING,
                    least=0,
                ),
                Signatures("编制", "部门审核", "财务审核", "审批"),
            ),
            words={"total_words": _total},
            under=("发放单位：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "批次审批单",
        form=Form(
            "专项资金发放审批单",
            (
                _HEAD,
                Facts("tier", "minutes", "cash_reason", "warning_count"),
                Text("办理经过：\n{steps}", flush=True),
                Opinions("部门审核意见", "财务审核意见", "领导审批意见"),
            ),
            words={"total_words": _total, "steps": _steps},
            under=("发放单位：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "现金领款单",
        states=_APPROVED,
        when=lambda batch: bool(batch.form == BatchForm.CASH),
        form=Form(
            "现金领款单",
            (
                _HEAD,
                Text("上列现金已如数领取，将逐笔交收款人签收；没有发完的如数交回。"),
                Signatures("领款人", "出纳", "会计"),
                SignOff("（签名）", ""),
            ),
            words={"total_words": _total},
            under=("发放单位：{org}", "编号：{number}"),
        ),
    ),
    Print(
        "签收表",
        states=_APPROVED,
        when=_is_signed_for,
        form=Form(
            "{title}签收表",
            (
                _HEAD,
                Rows(
                    "funds.pay_line",
                    "seq",
                    ("person", "收款人"),
                    ("employer", "收款单位"),
                    "amount",
                    "goods",
                    "quantity",
                    where={"state__in": ("reserved", "paid")},
                    blanks=("签名（按手印）", "日期", "代领人、与本人关系及证件号"),
                    least=0,
                ),
                Signatures("发放人", "发放人", "监督人"),
            ),
            words={"total_words": _total},
            under=("发放单位：{org}", "编号：{number}"),
        ),
    ),
)

RECEIPT = (
    Print(
        "资金到账单",
        states=("confirmed", "reversed"),
        form=Form(
            "专项资金到账单",
            (
                Facts(
                    "fund",
                    "kind",
                    "source",
                    "payer_name",
                    "received_on",
                    "evidence_no",
                    "campaign_code",
                    "amount",
                    ("amount_words", "金额（大写）"),
                    "confirmed_on",
                ),
                Signatures("经办", "会计", "负责人"),
            ),
            words={"amount_words": _amount},
            under=("收款单位：{org}", "编号：{number}"),
        ),
    ),
)

ALLOTMENT = (
    Print(
        "资金下拨通知",
        states=("approved", "sent", "accepted"),
        form=Form(
            "关于下拨专项资金的通知",
            (
                Text("{doc_no}", centred=True),
                Text("{org}：", flush=True),
                Text(
                    "经研究，从“{from_fund}”下拨你单位资金{amount}元（{amount_words}），用于{purpose}，"
                    "列入你单位“{to_fund}”。请在收到后三日内在系统中确认到账，专款专用、实名发放，"
                    "不得截留、挪用；结余如数退回。"
                ),
                SignOff("{given_by}", "{approved_on}"),
            ),
            words={"amount_words": _amount},
        ),
    ),
)

BUDGET = (
    Print(
        "资金分配方案",
        form=Roster(
            "专项资金分配方案",
            "org",
            "fund",
            "programme_code",
            "campaign_code",
            "amount",
            "headcount",
            "doc_no",
        ),
    ),
)

ENTRIES = (
    Print(
        "资金收支明细表",
        form=Roster(
            "专项资金收支明细表",
            "event_on",
            "fund",
            "event",
            "received",
            "allotted_out",
            "reserved",
            "in_transit",
            "paid",
            "batch",
        ),
    ),
)
