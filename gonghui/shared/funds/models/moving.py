"""Money that comes in, and money that goes down to a lower union."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.shared.funds.models.fund import Source


class ReceivedKind(models.TextChoices):
    """How money came in; only the first two were raised (筹集)."""

    EXTERNAL = "external", "外部筹集"
    OWN_BUDGET = "own_budget", "本级预算列入"
    TRANSFER_IN = "transfer_in", "上级下拨"
    MUTUAL_FEE = "mutual_fee", "互助费"
    LOAN_REPAYMENT = "loan_repayment", "借款回收"
    PAYEE_REFUND = "payee_refund", "收款人退款"
    INTEREST = "interest", "利息"
    CARRY_OVER = "carry_over", "上年结转"


RAISED = (ReceivedKind.EXTERNAL, ReceivedKind.OWN_BUDGET)
# Evidence that a payee gave money back; the reversal of his payment moves the fund, not this.
EVIDENCE_ONLY = (ReceivedKind.PAYEE_REFUND,)


class FundReceipt(Record):
    """Money that reached a fund, with its voucher; a wrong one is reversed (红冲), never deleted."""

    fund = fields.link("专项资金账", "funds.Fund", related_name="receipts")
    kind = fields.choice("到账性质", ReceivedKind)
    source = fields.choice("资金来源", Source)
    payer_name = fields.text("付款人", size=120, pii=Pii.PERSONAL)
    employer = fields.link("付款单位", "people.Employer", optional=True)
    amount = fields.money("金额（元）")
    received_on = fields.day("到账日期")
    campaign_code = fields.text("专项活动", size=20, optional=True)
    campaign_kind = fields.text("活动类别", size=20, optional=True, editable=False)
    evidence_no = fields.text("凭证号", size=60)
    counts_as_raised = fields.flag("计入筹集", editable=False)
    pay_line = fields.link("退款对应的发放", "funds.PayLine", optional=True)
    source_model = fields.text("来源台账", size=60, optional=True)
    source_id = models.BigIntegerField("来源记录", null=True, blank=True)
    confirmed_on = fields.day("确认日期", optional=True)
    reversed_on = fields.day("红冲日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "资金到账"
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "evidence_no", "amount", "received_on"],
                condition=Q(voided_at=None) & ~Q(state="reversed"),
                name="funds_fundreceipt_once",
                violation_error_message="该凭证号、金额、日期的到账已登记，不能重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="funds_fundreceipt_positive",
                violation_error_message="金额须大于0。",
            ),
            models.CheckConstraint(
                condition=Q(reversed_on=None) | Q(reversed_on__gte=F("received_on")),
                name="funds_fundreceipt_reversed_later",
                violation_error_message="红冲日期不能早于到账日期。",
            ),
            models.CheckConstraint(
                condition=~Q(kind=ReceivedKind.PAYEE_REFUND) | Q(pay_line__isnull=False),
                name="funds_fundreceipt_refund_names_payment",
                violation_error_message="退款须选择对应的发放明细。",
            ),
        ]
        indexes = [models.Index(fields=["source_model", "source_id"], name="funds_receipt_source")]

    def __str__(self) -> str:
        return f"{self.payer_name} {self.amount}元"


class Allotment(Record):
    """Money sent from a fund to one of a lower union; `org` receives. Neither raised nor paid.

    Once accepted it is the receiver's to spend, and no longer that of `given_by`.
    """

    from_fund = fields.link("下拨资金账", "funds.Fund")
    to_fund = fields.link("接收资金账", "funds.Fund")
    given_by = fields.link("下拨工会", "kernel_orgs.Org", optional=True, editable=False)
    amount = fields.money("金额（元）")
    doc_no = fields.text("下拨文号", size=60)
    campaign_code = fields.text("专项活动", size=20, optional=True)
    purpose = fields.text("用途")
    headcount = fields.count("名额", optional=True)
    approved_on = fields.day("批准日期", optional=True)
    sent_on = fields.day("拨出日期", optional=True)
    accepted_on = fields.day("到账日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "资金下拨"
        constraints = [
            models.CheckConstraint(
                condition=~Q(from_fund=F("to_fund")),
                name="funds_allotment_to_another_fund",
                violation_error_message="下拨与接收不能是同一资金账。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="funds_allotment_positive",
                violation_error_message="金额须大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.doc_no} {self.amount}元"
