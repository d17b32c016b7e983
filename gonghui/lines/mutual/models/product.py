"""Products of mutual protection and their dated versions; every rule of a product is a field."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Carrier(models.TextChoices):
    """Who carries the risk."""

    CMSA = "cmsa", "中国职工保险互助会办事处"
    CITY = "city", "市互助会"
    INSURER = "insurer", "商业承保"


class ProductKind(models.TextChoices):
    """What a product helps with."""

    SERIOUS_ILLNESS = "serious_illness", "重大疾病"
    WOMEN_ILLNESS = "women_illness", "女职工特殊疾病"
    HOSPITAL = "hospital", "住院医疗"
    ACCIDENT = "accident", "意外伤害"
    CHILD_ACCIDENT = "child_accident", "子女意外"


class MutualProduct(Record):
    """A product of mutual protection; its money is kept in a fund of its own (专户)."""

    code = fields.text("产品编码", size=20, pii=Pii.PUBLIC)
    name = fields.text("产品名称", size=60, pii=Pii.PUBLIC)
    carrier = fields.choice("承办机构", Carrier, pii=Pii.PUBLIC)
    kind = fields.choice("保障类别", ProductKind, pii=Pii.PUBLIC)
    fund = fields.link("互助金专户", "funds.Fund")

    class Meta(Record.Meta):
        verbose_name = "互助产品"
        constraints = [
            models.UniqueConstraint(
                fields=["code"],
                condition=Q(voided_at=None),
                name="mutual_product_one_per_code",
                violation_error_message="该产品编码已登记。",
            ),
            models.UniqueConstraint(
                fields=["fund"],
                condition=Q(voided_at=None),
                name="mutual_product_own_fund",
                violation_error_message="该专户已用于另一互助产品；一个产品须有自己的专户。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)


class EffectRule(models.TextChoices):
    """From when a cover runs, counted from the day on which the fee was confirmed."""

    NEXT_DAY = "next_day", "次日零时"
    FIRST_OF_NEXT_MONTH = "first_of_next_month", "次月1日"
    FIXED = "fixed", "统一生效日"


class WhoMayJoin(models.TextChoices):
    """For whom a product is."""

    ANY = "any", "不限"
    MALE = "male", "男职工"
    FEMALE = "female", "女职工"


class HospitalLevel(models.IntegerChoices):
    """Levels of hospitals."""

    FIRST = 1, "一级"
    SECOND = 2, "二级"
    THIRD = 3, "三级"


class PaperKind(models.TextChoices):
    """Papers that a claim may need."""

    FORM = "form", "申领表"
    IDENTITY = "identity", "身份证"
    DIAGNOSIS = "diagnosis", "诊断证明、病理报告"
    MEDICAL_RECORD = "medical_record", "住院病历"
    INVOICE = "invoice", "医疗票据和结算单"
    ACCIDENT = "accident", "单位事故证明"
    DEATH = "death", "死亡证明、户口注销"
    HEIRS = "heirs", "继承人关系证明和分配协议"


class ProductVersion(Record):
    """The rules of a product from a day to the day before another; published ones cannot be changed."""

    product = fields.link("互助产品", "mutual.MutualProduct", pii=Pii.PUBLIC)
    title = fields.text("版本", size=40, pii=Pii.PUBLIC)
    valid_from = fields.day("启用日期", pii=Pii.PUBLIC)
    valid_to = fields.day("停用日期", pii=Pii.PUBLIC, optional=True)
    sex = fields.choice("参加对象", WhoMayJoin, pii=Pii.PUBLIC, default=WhoMayJoin.ANY)
    age_from = fields.count("最低年龄", pii=Pii.PUBLIC, default=16)
    age_to = fields.count("最高年龄", pii=Pii.PUBLIC, optional=True)
    fee_per_share = fields.money("每份互助费（元）", pii=Pii.PUBLIC)
    max_shares = fields.count("每人最多份数", pii=Pii.PUBLIC, default=1, at_least=1)
    term_months = fields.count("保障期（月）", pii=Pii.PUBLIC, at_least=1, at_most=120)
    effect_rule = fields.choice("生效规则", EffectRule, pii=Pii.PUBLIC, default=EffectRule.NEXT_DAY)
    fixed_on = fields.day("统一生效日", pii=Pii.PUBLIC, optional=True)
    wait_days = fields.count("等待期（天）", pii=Pii.PUBLIC, at_most=365)
    renew_gap_days = fields.count("续接间隔不超过（天）", pii=Pii.PUBLIC, default=30)
    min_persons = fields.count("最低参加人数", pii=Pii.PUBLIC, default=20)
    min_ratio = fields.decimal(
        "最低参加比例",
        digits=4,
        places=2,
        pii=Pii.PUBLIC,
        default=Decimal("0.80"),
        validators=[MinValueValidator(Decimal(0)), MaxValueValidator(Decimal(1))],
    )
    all_below = fields.count("不足多少人的单位须全员参加", pii=Pii.PUBLIC, default=100)

    claim_limit_days = fields.count("申领时限（天）", pii=Pii.PUBLIC, default=180)
    min_hospital_level = models.PositiveSmallIntegerField(
        "医院最低等级", choices=HospitalLevel.choices, null=True, blank=True
    )
    year_cap = fields.money("保障期内给付上限（元）", pii=Pii.PUBLIC, optional=True)
    sum_assured = fields.money("伤残给付基数（元）", pii=Pii.PUBLIC, optional=True)
    required_papers = fields.choices("申领须交材料", PaperKind, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "产品版本"
        constraints = [
            one_at_a_time(
                "product",
                "mutual_version_one_at_a_time",
                Q(state="published") & Q(voided_at=None),
                message="该产品这段时间已有发布的版本，请先停用原版本。",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gt=F("valid_from")),
                name="mutual_version_ends_after_start",
                violation_error_message="停用日期须晚于启用日期。",
            ),
            models.CheckConstraint(
                condition=~Q(effect_rule=EffectRule.FIXED) | Q(fixed_on__isnull=False),
                name="mutual_version_fixed_has_day",
                violation_error_message="统一生效的须填写统一生效日。",
            ),
            models.CheckConstraint(
                condition=Q(age_to=None) | Q(age_to__gte=F("age_from")),
                name="mutual_version_ages_in_order",
                violation_error_message="最高年龄不能小于最低年龄。",
            ),
            models.CheckConstraint(
                condition=Q(fee_per_share__gt=0),
                name="mutual_version_has_fee",
                violation_error_message="每份互助费须大于0。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.title)
