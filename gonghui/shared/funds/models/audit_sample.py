"""Payments that audit draws and looks into one by one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class SampleMethod(models.TextChoices):
    """How the payments of a sample are found."""

    SIZE = "size", "按金额（从大到小）"
    RANDOM = "random", "随机"
    STRATIFIED = "stratified", "分层（按支付项目）随机"
    FLAGS = "flags", "按疑点"


class SampleFinding(models.TextChoices):
    """What audit found when it looked into a payment."""

    FINE = "fine", "未见问题"
    INCOMPLETE = "incomplete", "材料不全"
    PROBLEM = "problem", "有问题"


class AuditSample(Record):
    """A sample of the payments of a year within `org`, drawn by a stated method.

    With the same method, seed and payments the same sample comes out, so that anybody can draw it
    again; `population_count` and `population_sum` are what it was drawn from.
    """

    title = fields.text("抽查名称", size=80)
    year = fields.year("年度", at_least=2000)
    method = fields.choice("抽样方法", SampleMethod)
    programme_code = fields.text("支付项目", size=10, optional=True)
    flag_kind = fields.text("疑点种类", size=20, optional=True)
    size_asked = fields.count("抽取笔数", at_least=1, at_most=500)
    seed = fields.text("随机种子", size=40, optional=True)
    drawn_on = fields.day("抽取日期", optional=True, editable=False)
    population_count = fields.count("总体笔数", default=0, editable=False)
    population_sum = fields.money("总体金额（元）", default=0, editable=False)
    drawn_count = fields.count("样本笔数", default=0, editable=False)
    drawn_sum = fields.money("样本金额（元）", default=0, editable=False)
    problem_count = fields.count("有问题笔数", default=0, editable=False)
    conclusion = fields.note("抽查结论")

    class Meta(Record.Meta):
        verbose_name = "资金抽查"
        constraints = [
            models.CheckConstraint(
                condition=Q(drawn_count__lte=F("size_asked")),
                name="funds_auditsample_no_more_than_asked",
                violation_error_message="样本笔数不能超过抽取笔数。",
            )
        ]

    def __str__(self) -> str:
        return str(self.title)


class AuditSampleLine(Record):
    """A payment of a sample, since when audit has looked into it, and what it found."""

    sample = fields.link("资金抽查", "funds.AuditSample", related_name="lines")
    seq = fields.count("序号")
    pay_line = fields.link("发放明细", "funds.PayLine", pii=Pii.PERSONAL)
    amount = fields.money("金额（元）")
    why = fields.text("抽中原因", size=200, pii=Pii.PERSONAL, optional=True)
    looked_on = fields.day("查阅日期", optional=True)
    finding = fields.choice("抽查情况", SampleFinding, optional=True)
    note = fields.note("情况说明", pii=Pii.PERSONAL)

    class Meta(Record.Meta):
        verbose_name = "抽查明细"
        constraints = [
            models.UniqueConstraint(
                fields=["sample", "pay_line"],
                condition=Q(voided_at=None),
                name="funds_auditsampleline_once",
                violation_error_message="这笔发放已在本次抽查中。",
            ),
            models.CheckConstraint(
                condition=Q(finding="") | Q(looked_on__isnull=False),
                name="funds_auditsampleline_looked_first",
                violation_error_message="请先“查阅凭据”，再登记抽查情况。",
            ),
            models.CheckConstraint(
                condition=~Q(finding__in=("incomplete", "problem")) | ~Q(note=""),
                name="funds_auditsampleline_problem_is_told",
                violation_error_message="材料不全、有问题的须写明情况说明。",
            ),
        ]

    def __str__(self) -> str:
        return f"第{self.seq}笔"
