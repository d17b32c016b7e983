"""Targets and their revisions."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.goals.models.plan_book import Issuer


class TargetKind(models.TextChoices):
    """How a target is measured."""

    FLOW = "flow", "数量流量"
    STOCK = "stock", "存量"
    RATIO = "ratio", "比率"
    COVERAGE = "coverage", "覆盖"
    DISTINCT = "distinct", "去重人数"
    MILESTONE = "milestone", "节点"
    QUALITATIVE = "qualitative", "定性"


MEASURED = frozenset(TargetKind) - {TargetKind.MILESTONE, TargetKind.QUALITATIVE}
ADDITIVE = frozenset({TargetKind.FLOW, TargetKind.STOCK, TargetKind.DISTINCT})


class Comparator(models.TextChoices):
    """What the actual must be to the value."""

    AT_LEAST = "at_least", "不少于"
    EXACTLY = "exactly", "等于"
    AT_MOST = "at_most", "不多于"
    RANGE = "range", "区间"


class TargetWording(models.TextChoices):
    """The word beside the number in the document; 近 and 左右 leave room."""

    NEAR = "near", "近"
    AROUND = "around", "左右"
    ABOVE = "above", "以上"
    STRIVE = "strive", "力争"
    ALL = "all", "全覆盖"


class Target(Record):
    """A number to be reached by a day, with one department and one leader who answer for it.

    `value` is what the book said; the value in force on a day also follows the approved revisions
    (`in_force.terms_of`). A ratio is written from 0 to 1. `parent` is the target it was split
    from, `reserve` the part that the parent's own organisation keeps.
    """

    plan = fields.link("任务书", "goals.PlanBook", pii=Pii.PUBLIC, related_name="targets")
    year = fields.year("年度", pii=Pii.PUBLIC, editable=False)
    issuer = fields.choice("下达单位", Issuer, pii=Pii.PUBLIC, editable=False)
    code = fields.text("目标编号", size=20, pii=Pii.PUBLIC)
    clause = fields.note("原文", pii=Pii.PUBLIC, optional=False)
    kind = fields.choice("类型", TargetKind, pii=Pii.PUBLIC)
    indicator = fields.text("指标", size=120, pii=Pii.PUBLIC, optional=True)
    comparator = fields.choice(
        "关系", Comparator, pii=Pii.PUBLIC, default=Comparator.AT_LEAST.value
    )
    value = fields.decimal("目标值", digits=20, places=4, pii=Pii.PUBLIC, optional=True)
    value_max = fields.decimal("目标值上限", digits=20, places=4, pii=Pii.PUBLIC, optional=True)
    wording = fields.choice("措辞", TargetWording, pii=Pii.PUBLIC, optional=True)
    window_from = fields.day("起始日期", pii=Pii.PUBLIC)
    due_on = fields.day("完成期限", pii=Pii.PUBLIC)
    schedule = fields.text(
        "序时进度",
        size=120,
        pii=Pii.PUBLIC,
        optional=True,
        help_text="不填的按时间均匀计算；按月的写12个累计百分比，例如：5、10、20、30、40、50、60、70、80、90、95、100。",
    )
    baseline = fields.decimal("基数", digits=20, places=4, optional=True)
    baseline_on = fields.day("基数日期", optional=True)
    scope = fields.text("范围", size=60, pii=Pii.PUBLIC, optional=True)
    lead_dept = fields.text("牵头部室", size=60, pii=Pii.PUBLIC)
    leader_person = fields.person("责任领导")
    co_depts = fields.text("配合部室", pii=Pii.PUBLIC, optional=True)
    weight = fields.decimal(
        "考核权重", digits=6, optional=True, validators=[MinValueValidator(Decimal(0))]
    )
    parent = fields.link(
        "上级目标", "goals.Target", optional=True, editable=False, related_name="shares"
    )
    reserve = fields.decimal("本级预留", digits=20, places=4, default=Decimal(0), editable=False)
    markup_reason = fields.text("分解超出原因", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "目标"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "org", "year", "issuer"],
                condition=Q(voided_at__isnull=True) & ~Q(indicator=""),
                name="goals_target_one_per_issuer",
                violation_error_message="该组织本年度已有同一下达单位、同一指标的目标；如需改变目标值，请办理目标调整。",
            ),
            models.CheckConstraint(
                condition=Q(due_on__gte=F("window_from")),
                name="goals_target_due_after_start",
                violation_error_message="完成期限不能早于起始日期。",
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=True) | Q(value__gt=0),
                name="goals_target_value_positive",
                violation_error_message="目标值须大于零。",
            ),
            models.CheckConstraint(
                condition=Q(reserve__gte=0),
                name="goals_target_reserve_not_negative",
                violation_error_message="本级预留不能为负数。",
            ),
        ]
        indexes = [
            models.Index(fields=["indicator", "year", "issuer"], name="goals_target_asked"),
            models.Index(fields=["parent"], name="goals_target_shares"),
        ]

    @property
    def is_additive(self) -> bool:
        """Whether it can be split among organisations."""
        return self.kind in ADDITIVE and self.comparator == Comparator.AT_LEAST

    def __str__(self) -> str:
        return f"{self.code} {self.clause[:40]}"


class TargetRevision(Record):
    """From `effective_from` on a target has another value or due day, by the issuer's document.

    It counts once it is approved; figures as of an earlier moment or about an earlier day use
    what was in force then.
    """

    target = fields.link("目标", "goals.Target", pii=Pii.PUBLIC, related_name="revisions")
    old_value = fields.decimal(
        "原目标值", digits=20, places=4, pii=Pii.PUBLIC, optional=True, editable=False
    )
    new_value = fields.decimal("新目标值", digits=20, places=4, pii=Pii.PUBLIC, optional=True)
    old_due = fields.day("原完成期限", pii=Pii.PUBLIC, optional=True, editable=False)
    new_due = fields.day("新完成期限", pii=Pii.PUBLIC, optional=True)
    reason = fields.note("调整原因", pii=Pii.PUBLIC, optional=False)
    doc_no = fields.text("调整文号", size=60, pii=Pii.PUBLIC)
    effective_from = fields.day("起用日期", pii=Pii.PUBLIC)
    approved_on = fields.day("批准日期", optional=True, editable=False)
    approved_at = fields.moment("批准时间", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "目标调整"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "effective_from"],
                condition=Q(voided_at__isnull=True),
                name="goals_targetrevision_one_a_day",
                violation_error_message="该目标在这一天已有一次调整，请修改原调整或另选起用日期。",
            ),
            models.CheckConstraint(
                condition=Q(new_value__isnull=True) | Q(new_value__gt=0),
                name="goals_targetrevision_value_positive",
                violation_error_message="新目标值须大于零。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.effective_from}起调整 {self.doc_no}"
