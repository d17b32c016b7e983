"""Who may spend how much of a fund on what."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class BudgetLine(Record):
    """What an office may spend of a fund on one programme; plans may run ahead of cash, claims never."""

    fund = fields.link("专项资金账", "funds.Fund", related_name="budget_lines")
    programme_code = fields.text("支付项目", size=10)
    campaign_code = fields.text("专项活动", size=20, optional=True)
    amount = fields.money("指标金额（元）")
    headcount = fields.count("名额", optional=True)
    doc_no = fields.text("下达文号", size=60, optional=True)
    reserved = fields.money("占用（元）", default=0, editable=False)
    spent = fields.money("已用（元）", default=0, editable=False)

    class Meta(Record.Meta):
        verbose_name = "预算指标"
        constraints = [
            models.UniqueConstraint(
                fields=["fund", "programme_code", "campaign_code", "org"],
                condition=Q(voided_at=None),
                name="funds_budgetline_once",
                violation_error_message="该资金、项目和活动的指标已下达给这个工会，请办理指标调整。",
            ),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, spent__gte=0)
                & Q(amount__gte=F("reserved") + F("spent")),
                name="funds_budgetline_not_overspent",
                violation_error_message="预算指标不足，占用与已用之和不能超过指标。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org} {self.programme_code} {self.amount}元"


class BudgetAdjustment(Record):
    """A change of what an office may spend, with its reason; the only way to change it."""

    budget_line = fields.link("预算指标", "funds.BudgetLine", related_name="adjustments")
    change = fields.decimal("增减金额（元）", digits=16)
    reason = fields.text("调整原因")
    doc_no = fields.text("调整文号", size=60, optional=True)

    class Meta(Record.Meta):
        verbose_name = "指标调整"
        constraints = [
            models.CheckConstraint(
                condition=~Q(change=0),
                name="funds_budgetadjustment_changes_something",
                violation_error_message="增减金额不能为0。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.change:+}元"
