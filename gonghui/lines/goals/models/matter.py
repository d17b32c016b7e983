"""Practical matters (实事) promised for a year, the targets they consist of, and milestones (节点)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

WHOLE = Decimal(100)
UNVERIFIED = 75  # what a milestone shows at most until somebody else has verified it
_STEPS = [(step, f"{step}%") for step in (0, 25, 50, 75, 100)]
_WEIGHT = [MinValueValidator(Decimal("0.01")), MaxValueValidator(WHOLE)]


class PracticalMatter(Record):
    """What is promised to the workers for a year; how far it is follows from its parts alone."""

    year = fields.year("年度", pii=Pii.PUBLIC, at_least=2000)
    seq = fields.count("序号", pii=Pii.PUBLIC, at_least=1, at_most=12)
    title = fields.text("实事名称", size=120, pii=Pii.PUBLIC)
    promise = fields.note("承诺内容", pii=Pii.PUBLIC, optional=False)
    lead_dept = fields.text("牵头部室", size=60, pii=Pii.PUBLIC)
    leader_person = fields.person("责任领导")
    budget_line = fields.link("经费预算", "funds.BudgetLine", optional=True)
    beneficiaries_planned = fields.count("计划受益人数", pii=Pii.PUBLIC, optional=True)
    published_on = fields.day("公布日期", pii=Pii.PUBLIC, optional=True, editable=False)
    verified_by = fields.person("核实人", optional=True)
    completed_on = fields.day("办结日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "实事"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year", "seq"],
                condition=Q(voided_at__isnull=True),
                name="goals_practicalmatter_one_a_number",
                violation_error_message="本年度已有这个序号的实事，请改用其他序号。",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("leader_person")),
                name="goals_practicalmatter_verified_by_another",
                violation_error_message="核实人不得为责任领导本人。",
            ),
        ]
        indexes = [models.Index(fields=["org", "year"], name="goals_matter_of_org")]

    def __str__(self) -> str:
        return f"{self.seq}. {self.title}"


class MatterPart(Record):
    """A target that belongs to a practical matter, and its weight in the matter's progress."""

    matter = fields.link("实事", "goals.PracticalMatter", pii=Pii.PUBLIC, related_name="parts")
    target = fields.link("目标", "goals.Target", pii=Pii.PUBLIC)
    weight = fields.decimal("权重", digits=5, pii=Pii.PUBLIC, validators=_WEIGHT)

    class Meta(Record.Meta):
        verbose_name = "实事分项"
        constraints = [
            models.UniqueConstraint(
                fields=["target"],
                condition=Q(voided_at__isnull=True),
                name="goals_matterpart_once",
                violation_error_message="该目标已列入一件实事，不能重复列入。",
            ),
        ]
        indexes = [models.Index(fields=["matter"], name="goals_matterpart_of_matter")]

    def __str__(self) -> str:
        return f"{self.target_id}（{self.weight}）"


class Milestone(Record):
    """A step of a target that is judged by what was done; the weights of a target make 100.

    `percent` follows the state: 100 only when it is verified, by somebody else than the one who
    answers for it and with evidence; reported as done it shows 75.
    """

    target = fields.link("目标", "goals.Target", pii=Pii.PUBLIC, related_name="milestones")
    seq = fields.count("序号", pii=Pii.PUBLIC, at_least=1, at_most=99)
    title = fields.text("节点", size=120, pii=Pii.PUBLIC)
    weight = fields.decimal("权重", digits=5, pii=Pii.PUBLIC, validators=_WEIGHT)
    due_on = fields.day("期限", pii=Pii.PUBLIC)
    responsible = fields.person("责任人")
    criterion = fields.text("完成标准", pii=Pii.PUBLIC)
    is_critical = fields.flag("关键节点", pii=Pii.PUBLIC)
    percent = fields.count("完成进度", pii=Pii.PUBLIC, at_most=100, default=0, choices=_STEPS)
    done_on = fields.day("完成日期", pii=Pii.PUBLIC, optional=True)
    evidence = fields.note("佐证")
    verified_by = fields.person("核实人", optional=True)

    class Meta(Record.Meta):
        verbose_name = "节点"
        constraints = [
            models.UniqueConstraint(
                fields=["target", "seq"],
                condition=Q(voided_at__isnull=True),
                name="goals_milestone_one_a_number",
                violation_error_message="该目标已有这个序号的节点。",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("responsible")),
                name="goals_milestone_verified_by_another",
                violation_error_message="核实人不得为责任人。",
            ),
            models.CheckConstraint(
                condition=Q(percent__in=[0, 25, 50, 75, 100]),
                name="goals_milestone_percent_in_steps",
                violation_error_message="完成进度只能填0、25、50、75、100。",
            ),
            models.CheckConstraint(
                condition=~Q(percent=100)
                | (
                    Q(state="verified", verified_by__isnull=False, done_on__isnull=False)
                    & ~Q(evidence="")
                ),
                name="goals_milestone_whole_is_verified",
                violation_error_message="完成进度100%须有佐证并经他人核实；核实前最多为75%。",
            ),
        ]
        indexes = [models.Index(fields=["target"], name="goals_milestone_of_target")]

    def __str__(self) -> str:
        return f"{self.seq}. {self.title}"
