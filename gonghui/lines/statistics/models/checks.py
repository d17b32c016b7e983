"""Rules that figures must keep, and where they do not."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.statistics.models.period import PeriodKind


class Severity(models.TextChoices):
    """What a rule that does not hold means."""

    ERROR = "error", "强制"
    QUERY = "query", "核实"
    HINT = "hint", "提示"


class Stage(models.TextChoices):
    """Where a rule bears: on what a union certifies, or on what a report may say of the whole city."""

    SUBMISSION = "submission", "上报"
    REPORT = "report", "报告"


class EachOf(models.TextChoices):
    """Which indicators stand for @ in turn."""

    ADDITIVE = "additive", "可加的指标"
    FLOW = "flow", "期内累计的指标"
    DISTINCT = "distinct", "去重的指标"


class CheckRule(Record):
    """A condition over figures, in the words of `language`; see there.

    A rule whose indicators no line keeps yet is `lacking` them and judges nothing. One without an
    expression says in `done_by` where it is seen to.
    """

    code = fields.text("规则编号", size=20, pii=Pii.PUBLIC)
    text = fields.text("提示语", pii=Pii.PUBLIC)
    severity = fields.choice("级别", Severity, pii=Pii.PUBLIC)
    stage = fields.choice("适用环节", Stage, pii=Pii.PUBLIC, default=Stage.SUBMISSION)
    expression = fields.text("校验式", size=500, pii=Pii.PUBLIC, optional=True)
    each_of = fields.choice("@代表", EachOf, pii=Pii.PUBLIC, optional=True)
    period_kinds = fields.choices("适用统计期", PeriodKind, pii=Pii.PUBLIC)
    owner_dept = fields.text("归口部室", size=60, pii=Pii.PUBLIC, optional=True)
    valid_from = fields.day("起用日期", pii=Pii.PUBLIC)
    valid_to = fields.day("停用日期", pii=Pii.PUBLIC, optional=True)
    done_by = fields.text("办理环节", pii=Pii.PUBLIC, optional=True)
    lacking = fields.text("尚未接入的指标", size=400, pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "校验规则"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "code"],
                condition=Q(voided_at=None),
                name="checkrule_once",
                violation_error_message="该规则编号已经使用。",
            ),
            models.CheckConstraint(
                condition=~Q(expression="") | ~Q(done_by=""),
                name="checkrule_says_something",
                violation_error_message="请填写校验式；不用校验式的，请写明办理环节。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class CheckResult(Record):
    """A rule that did not hold of a union's figures when they were read last."""

    rule = fields.link("校验规则", "statistics.CheckRule", pii=Pii.PUBLIC)
    period = fields.link("统计期", "statistics.StatPeriod", pii=Pii.PUBLIC)
    severity = fields.choice("级别", Severity, pii=Pii.PUBLIC)
    stage = fields.choice("适用环节", Stage, pii=Pii.PUBLIC)
    indicator = fields.text("指标编码", size=120, pii=Pii.PUBLIC, optional=True)
    says = fields.text("内容", size=300, pii=Pii.PUBLIC)
    left = fields.decimal("左边", digits=24, places=6, pii=Pii.PUBLIC, trims=True)
    right = fields.decimal("右边", digits=24, places=6, pii=Pii.PUBLIC, trims=True)
    diff = fields.decimal("相差", digits=24, places=6, pii=Pii.PUBLIC, trims=True)
    explanation = fields.note("说明", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "校验结果"
        constraints = [
            models.UniqueConstraint(
                fields=["rule", "period", "org", "indicator"],
                condition=Q(voided_at=None),
                name="checkresult_once",
                violation_error_message="该项校验结果已经列出。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="checkresult_of_org"),
            models.Index(fields=["period", "org"], name="checkresult_of_period"),
        ]

    def __str__(self) -> str:
        return str(self.says)
