"""Campaigns."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class CampaignKind(models.TextChoices):
    """What a campaign is about, the same every year."""

    FESTIVALS = "festivals", "双节送温暖"
    WOMENS_DAY = "womens_day", "三八节慰问"
    CHILDRENS_DAY = "childrens_day", "六一节慰问"
    SCREENING = "screening", "两癌筛查"
    STUDY = "study", "金秋助学"
    SERVICE = "service", "服务职工活动"
    OTHER = "other", "其他"


class Campaign(Record):
    """A campaign from a day to another, both inclusive; `org` leads it. The window may lie in two years."""

    code = fields.text("活动编码", size=20, pii=Pii.PUBLIC)
    name = fields.text("活动名称", size=80, pii=Pii.PUBLIC)
    kind = fields.choice("活动类别", CampaignKind, pii=Pii.PUBLIC)
    window_from = fields.day("开始日期", pii=Pii.PUBLIC)
    window_to = fields.day("结束日期", pii=Pii.PUBLIC)
    plan_amount = fields.money("计划资金（元）", optional=True)
    plan_headcount = fields.count("计划人（户）数", optional=True)
    counts_in_service = fields.flag("计入服务职工活动")
    part_of = fields.link("上级活动", "campaigns.Campaign", optional=True)

    class Meta(Record.Meta):
        verbose_name = "专项活动"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(voided_at=None),
                name="campaigns_campaign_one_per_code",
                violation_error_message="该活动编码已使用，请换一个编码。",
            ),
            models.CheckConstraint(
                condition=Q(window_to__gte=F("window_from")),
                name="campaigns_campaign_window_in_order",
                violation_error_message="结束日期不能早于开始日期。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
