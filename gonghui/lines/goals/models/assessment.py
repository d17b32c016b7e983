"""Assessment (考核): a scheme published in spring is scored from the records after the year."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record
from gonghui.lines.goals.models.plan_book import Issuer


class AssessedLevel(models.TextChoices):
    """Who is assessed."""

    COUNTY = "county", "县（市、区）总工会"
    INDUSTRY = "industry", "产业工会"


class Formula(models.TextChoices):
    """How an item makes points; a veto makes none and takes the eligibility for awards."""

    COMPLETION = "completion", "完成率"
    ATTAINED = "attained", "达标"
    VETO = "veto", "一票否决"


class AssessmentScheme(Record):
    """What organisations of a level are assessed by in a year; one scheme a level and year.

    `basis_at` is the moment as of which the ledger was read for the scores, so that the same
    scores come out whenever they are worked out again.
    """

    year = fields.year("年度", at_least=2000)
    level = fields.choice("考核对象", AssessedLevel)
    title = fields.text("方案名称", size=120)
    plan_filed_no = fields.text("计划备案号", size=60, optional=True)
    published_on = fields.day("公布日期", optional=True, editable=False)
    scored_on = fields.day("评分日期", optional=True, editable=False)
    basis_at = fields.moment("取数时点", optional=True, editable=False)
    settled_on = fields.day("定分日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "考核方案"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year", "level"],
                condition=Q(voided_at__isnull=True),
                name="goals_assessmentscheme_once_a_year",
                violation_error_message="同一考核对象一年只考核一次，本年度已有方案。",
            )
        ]

    def __str__(self) -> str:
        return str(self.title)


class AssessedUnit(Record):
    """An organisation that takes part, and the group within which it is ranked."""

    scheme = fields.link("考核方案", "goals.AssessmentScheme", related_name="units")
    unit = fields.link("参评单位", "kernel_orgs.Org")
    group = fields.text("组别", size=30)

    class Meta(Record.Meta):
        verbose_name = "参评单位"
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "unit"],
                condition=Q(voided_at__isnull=True),
                name="goals_assessedunit_once",
                violation_error_message="该单位已列入本方案。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.unit}（{self.group}）"


class AssessmentItem(Record):
    """A line of a scheme: each unit's own target of an indicator, and the points it makes."""

    scheme = fields.link("考核方案", "goals.AssessmentScheme", related_name="items")
    seq = fields.count("序号", at_least=1, at_most=99)
    title = fields.text("考核项目", size=120)
    formula = fields.choice("计分方式", Formula, default=Formula.COMPLETION.value)
    indicator = fields.text("指标", size=120, optional=True)
    issuer = fields.choice("下达单位", Issuer, default=Issuer.CITY.value)
    weight = fields.decimal(
        "分值",
        digits=5,
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(100))],
    )
    floor = fields.decimal(
        "起评线",
        digits=4,
        default=Decimal(0),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    cap = fields.decimal(
        "封顶倍数",
        digits=4,
        default=Decimal(1),
        validators=[MinValueValidator(Decimal(1)), MaxValueValidator(Decimal("1.20"))],
    )
    bonus_max = fields.decimal(
        "加分上限", digits=5, optional=True, validators=[MinValueValidator(Decimal(0))]
    )

    class Meta(Record.Meta):
        verbose_name = "考核项目"
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "seq"],
                condition=Q(voided_at__isnull=True),
                name="goals_assessmentitem_one_a_number",
                violation_error_message="本方案已有这个序号的项目。",
            ),
            models.CheckConstraint(
                condition=(Q(formula=Formula.VETO) & Q(weight=0))
                | (~Q(formula=Formula.VETO) & Q(weight__gt=0) & ~Q(indicator="")),
                name="goals_assessmentitem_points_need_an_indicator",
                violation_error_message="计分项目须有指标和分值；一票否决项目不计分。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq}. {self.title}"


class AssessmentScore(Record):
    """The points of a unit (`org`) for an item, with what they were worked out from; system only."""

    scheme = fields.link("考核方案", "goals.AssessmentScheme")
    item = fields.link("考核项目", "goals.AssessmentItem")
    target_value = fields.decimal("目标值", digits=20, places=4)
    actual = fields.decimal("完成数", digits=20, places=4)
    score = fields.decimal("得分", digits=6)
    explanation = fields.text("计算说明")

    class Meta(Record.Meta):
        verbose_name = "考核得分"
        constraints = [
            models.UniqueConstraint(
                fields=["item", "org"],
                condition=Q(voided_at__isnull=True),
                name="goals_assessmentscore_once",
                violation_error_message="该单位本项目已评分。",
            )
        ]
        indexes = [models.Index(fields=["scheme", "org"], name="goals_score_of_scheme")]

    def __str__(self) -> str:
        return f"{self.item_id} {self.score}分"


class VetoEvent(Record):
    """A unit is not eligible for awards, by a veto item of the scheme and a document."""

    scheme = fields.link("考核方案", "goals.AssessmentScheme")
    item = fields.link("否决项目", "goals.AssessmentItem")
    unit = fields.link("参评单位", "kernel_orgs.Org")
    doc_no = fields.text("认定文号", size=60)
    decided_on = fields.day("认定日期")
    effect = fields.note("认定事实", optional=False)

    class Meta(Record.Meta):
        verbose_name = "一票否决"

    def __str__(self) -> str:
        return f"{self.unit} {self.doc_no}"


class ScoreAppeal(Record):
    """A unit points at what is wrong with a score; figures are put right in their own records."""

    score = fields.link("考核得分", "goals.AssessmentScore")
    text = fields.note("申诉内容", optional=False)
    filed_on = fields.day("提出日期", optional=True, editable=False)
    decision = fields.note("答复")
    decided_on = fields.day("答复日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "考核申诉"

    def __str__(self) -> str:
        return f"申诉{self.pk}"
