"""Judging a union against the standard (规范化建设考评): a versioned template, items, scores."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class StandardTemplate(Record):
    """A version of the criteria, of the union that issued it."""

    title = fields.text("标准名称", size=120, pii=Pii.PUBLIC)
    edition = fields.count("版次", pii=Pii.PUBLIC, at_least=1)
    valid_from = fields.day("起用日期", pii=Pii.PUBLIC)
    valid_to = fields.day("停用日期", pii=Pii.PUBLIC, optional=True)
    pass_score = fields.decimal("达标分", digits=5, places=1, pii=Pii.PUBLIC, default=80)
    model_score = fields.decimal("示范分", digits=5, places=1, pii=Pii.PUBLIC, default=95)

    class Meta(Record.Meta):
        verbose_name = "考评标准"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "title", "edition"],
                condition=Q(voided_at=None),
                name="standardtemplate_edition_once",
                violation_error_message="该标准的这一版已登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.edition}版）"


class StandardItem(Record):
    """One criterion of a template and its full score."""

    template = fields.link("标准", "orgs.StandardTemplate", pii=Pii.PUBLIC, related_name="items")
    position = fields.count("序号", pii=Pii.PUBLIC, at_least=1)
    title = fields.text("考评内容", size=200, pii=Pii.PUBLIC)
    full_score = fields.decimal("分值", digits=5, places=1, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "考评项目"
        constraints = [
            models.UniqueConstraint(
                fields=["template", "position"],
                condition=Q(voided_at=None),
                name="standarditem_position_once",
                violation_error_message="该序号已有考评项目。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class Grade(models.TextChoices):
    """The result of a check."""

    MODEL = "model", "示范"
    PASSED = "passed", "达标"
    TO_MEND = "to_mend", "整改"


class StandardCheck(Record):
    """A union's check of a year: its own score, the county's, and where sampled the city's."""

    year = fields.year("年度", pii=Pii.PUBLIC, at_least=1990)
    template = fields.link("标准", "orgs.StandardTemplate", pii=Pii.PUBLIC)
    self_score = fields.decimal("自评分", digits=5, places=1, pii=Pii.PUBLIC, optional=True)
    county_score = fields.decimal("县级评分", digits=5, places=1, pii=Pii.PUBLIC, optional=True)
    city_score = fields.decimal("市级评分", digits=5, places=1, pii=Pii.PUBLIC, optional=True)
    grade = fields.choice("等次", Grade, pii=Pii.PUBLIC, optional=True, editable=False)
    sign_on = fields.day("亮牌子日期", pii=Pii.PUBLIC, optional=True)
    chair_id_on = fields.day("亮身份日期", pii=Pii.PUBLIC, optional=True)
    displayed_on = fields.day("双亮日期", pii=Pii.PUBLIC, optional=True, editable=False)
    displayed_to = fields.day("双亮止（不含）", pii=Pii.PUBLIC, optional=True, editable=False)
    is_private = fields.flag("非公企业工会", pii=Pii.PUBLIC, editable=False)

    class Meta(Record.Meta):
        verbose_name = "规范化建设考评"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "year"],
                condition=Q(voided_at=None),
                name="standardcheck_once_a_year",
                violation_error_message="该工会本年度已有考评。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.year}年考评"


class StandardScore(Record):
    """The score of one item in a check, with its evidence."""

    check_of = fields.link("考评", "orgs.StandardCheck", pii=Pii.PUBLIC, related_name="scores")
    item = fields.link("项目", "orgs.StandardItem", pii=Pii.PUBLIC)
    score = fields.decimal("自评得分", digits=5, places=1, pii=Pii.PUBLIC)
    evidence = fields.note("依据", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "考评得分"
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "item"],
                condition=Q(voided_at=None),
                name="standardscore_item_once",
                violation_error_message="该项目已评分。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}：{self.score}"
