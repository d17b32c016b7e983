"""What a version of a product gives for what, clause by clause, and the illnesses it names."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class EventKind(models.TextChoices):
    """What happened to the worker."""

    DIAGNOSIS = "diagnosis", "确诊"
    HOSPITAL = "hospital", "住院"
    ACCIDENT = "accident", "意外"
    DISABILITY = "disability", "伤残"
    DEATH = "death", "身故"


class RuleKind(models.TextChoices):
    """How an amount is found."""

    LUMP = "lump", "定额"
    RATIO = "ratio", "按自付费用比例"
    DAILY = "daily", "按住院天数"
    GRADE = "grade", "按伤残等级"


class InSitu(models.TextChoices):
    """Whether a clause is for carcinoma in situ (原位癌)."""

    ANY = "any", "不区分"
    YES = "yes", "原位癌"
    NO = "no", "非原位癌"


class ProductDisease(Record):
    """An illness that a version names, in the group that its clauses speak of."""

    product_version = fields.link("产品版本", "mutual.ProductVersion", pii=Pii.PUBLIC)
    code = fields.text("病种编码", size=20, pii=Pii.PUBLIC)
    name = fields.text("病种名称", size=80, pii=Pii.PUBLIC)
    group = fields.text("病种组", size=20, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "保障病种"
        constraints = [
            models.UniqueConstraint(
                fields=["product_version", "code"],
                condition=Q(voided_at=None),
                name="mutual_disease_one_per_code",
                violation_error_message="本版本已有该病种编码。",
            )
        ]

    def __str__(self) -> str:
        return str(self.name)


class BenefitRule(Record):
    """A clause: for an event within a band of days of cover it gives an amount, or a part of the cost.

    A worker covered without a gap has no days of waiting: the band without an end holds for him. A
    clause that gives nothing says why nothing is paid.
    """

    product_version = fields.link("产品版本", "mutual.ProductVersion", pii=Pii.PUBLIC)
    clause = fields.text("细则条款", size=40, pii=Pii.PUBLIC)
    kind = fields.choice("给付方式", RuleKind, pii=Pii.PUBLIC)
    event_kind = fields.choice("事由", EventKind, pii=Pii.PUBLIC)
    disease_group = fields.text("病种组", size=20, pii=Pii.PUBLIC, optional=True)
    in_situ = fields.choice("原位癌", InSitu, pii=Pii.PUBLIC, default=InSitu.ANY)
    day_from = fields.count("生效第几天起", pii=Pii.PUBLIC, default=1, at_least=1)
    day_to = fields.count("生效第几天止", pii=Pii.PUBLIC, optional=True)
    grade = fields.count("伤残等级", pii=Pii.PUBLIC, optional=True, at_least=1, at_most=10)
    amount = fields.money("金额（元）", pii=Pii.PUBLIC, optional=True)
    cost_from = fields.money("自付费用起（元）", pii=Pii.PUBLIC, optional=True)
    cost_to = fields.money("自付费用止（元）", pii=Pii.PUBLIC, optional=True)
    percent = fields.decimal(
        "比例（%）",
        digits=5,
        places=2,
        pii=Pii.PUBLIC,
        optional=True,
        validators=[MaxValueValidator(Decimal(100))],
    )
    paid_from_day = fields.count("住院第几天起给付", pii=Pii.PUBLIC, default=1, at_least=1)
    max_days = fields.count("最多给付天数", pii=Pii.PUBLIC, optional=True)
    ends_cover = fields.flag("给付后保障终止", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "给付规则"
        constraints = [
            models.CheckConstraint(
                condition=Q(day_to=None) | Q(day_to__gte=F("day_from")),
                name="mutual_rule_days_in_order",
                violation_error_message="生效天数的止须不小于起。",
            ),
            models.CheckConstraint(
                condition=Q(cost_to=None) | Q(cost_to__gt=F("cost_from")),
                name="mutual_rule_costs_in_order",
                violation_error_message="自付费用的止须大于起。",
            ),
            models.CheckConstraint(
                condition=Q(kind__in=("lump", "daily"), amount__isnull=False)
                | Q(kind="ratio", percent__isnull=False, cost_from__isnull=False)
                | Q(kind="grade", percent__isnull=False, grade__isnull=False),
                name="mutual_rule_has_its_numbers",
                violation_error_message=(
                    "定额、按天给付须填金额；按费用比例须填费用起和比例；按伤残等级须填等级和比例。"
                ),
            ),
        ]

    def __str__(self) -> str:
        return str(self.clause)
