"""The journal of a fund, and what one subject has already had under a cap."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class EntryEvent(models.TextChoices):
    """What moved the money."""

    RECEIVE = "receive", "到账"
    REVERSE_RECEIPT = "reverse_receipt", "红冲"
    ALLOT = "allot", "下拨"
    ALLOT_BACK = "allot_back", "下拨退回"
    RESERVE = "reserve", "占用"
    RELEASE = "release", "释放"
    SEND = "send", "送银行（领款）"
    PAY = "pay", "发放"
    FAIL = "fail", "发放失败"
    REVERSE = "reverse", "发放退回"


def _moved(label: str) -> models.DecimalField[object, object]:
    field: models.DecimalField[object, object] = fields.decimal(label, digits=16, default=0)
    return field


class FundEntry(Record):
    """One movement of a fund's sums; only ever added. Σ of a column over a fund is the fund's own sum."""

    fund = fields.link("专项资金账", "funds.Fund", related_name="entries")
    budget_line = fields.link("预算指标", "funds.BudgetLine", optional=True)
    event = fields.choice("事项", EntryEvent)
    received = _moved("到账")
    allotted_out = _moved("下拨")
    reserved = _moved("占用")
    in_transit = _moved("在途")
    paid = _moved("已付")
    available = _moved("可用")
    event_on = fields.day("日期")
    batch = fields.link("发放批次", "funds.PayBatch", optional=True)
    pay_line = fields.link("发放明细", "funds.PayLine", optional=True)
    receipt = fields.link("资金到账", "funds.FundReceipt", optional=True)
    allotment = fields.link("资金下拨", "funds.Allotment", optional=True)
    line_count = fields.count("笔数", default=0)

    class Meta(Record.Meta):
        verbose_name = "资金流水"
        indexes = [models.Index(fields=["fund", "id"], name="funds_entry_of_fund")]

    def __str__(self) -> str:
        return f"{self.get_event_display()} {self.event_on:%Y-%m-%d}"


class BenefitCounter(models.Model):
    """What a subject has had of a capped kind of help in a period; moved under lock by posting."""

    subject_key = models.CharField("对象", max_length=40)
    cap_group = models.CharField("限额类别", max_length=20)
    period = models.CharField("期间", max_length=20)
    total = models.DecimalField("已享受", max_digits=16, decimal_places=2, default=0)
    cap = models.DecimalField("上限", max_digits=16, decimal_places=2)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["subject_key", "cap_group", "period"], name="funds_benefitcounter_one"
            ),
            models.CheckConstraint(
                condition=Q(total__lte=F("cap"), total__gte=0),
                name="funds_benefitcounter_within_cap",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.subject_key} {self.cap_group} {self.total}/{self.cap}"
