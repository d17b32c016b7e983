"""Hospitals that treat workers in hardship at a discount, and what they remitted (domain spec B3)."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class HospitalLevel(models.TextChoices):
    """The grade of a hospital."""

    THIRD = "third", "三级"
    SECOND = "second", "二级"
    FIRST = "first", "一级"
    UNGRADED = "ungraded", "未定级"


class DiscountItem(models.TextChoices):
    """What a hospital charges less for."""

    REGISTRATION = "registration", "挂号费、诊查费"
    EXAMINATION = "examination", "检查费、化验费"
    SURGERY = "surgery", "手术费、治疗费"
    BED = "bed", "床位费、护理费"
    MEDICINE = "medicine", "药品费"
    CHECK_UP = "check_up", "体检费"


class LoveHospital(Record):
    """A hospital under agreement with the union `org`; it counts from its plaque to the day before its end."""

    employer = fields.link("医院", "people.Employer", pii=Pii.PUBLIC)
    level = fields.choice("医院等级", HospitalLevel, pii=Pii.PUBLIC)
    agreement_from = fields.day("协议起", pii=Pii.PUBLIC, optional=True)
    agreement_to = fields.day("协议止", pii=Pii.PUBLIC, optional=True)
    contact = fields.text("联系人", size=60, optional=True)
    phone = fields.text("联系电话", size=40, optional=True)
    plaque_on = fields.day("挂牌日期", pii=Pii.PUBLIC, optional=True)
    ended_on = fields.day("终止日期", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "爱心医院"
        constraints = [
            models.UniqueConstraint(
                fields=["employer"],
                condition=Q(state__in=("preparing", "plaqued"), voided_at=None),
                name="aid_hospital_once",
                violation_error_message="这家医院已登记为爱心医院（筹备或已挂牌），不能重复登记。",
            ),
            models.CheckConstraint(
                condition=Q(agreement_to=None) | Q(agreement_to__gt=F("agreement_from")),
                name="aid_hospital_agreement_in_order",
                violation_error_message="协议止日须晚于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("plaqued", "ended"))
                | Q(plaque_on__isnull=False, plaque_on__gte=F("agreement_from")),
                name="aid_hospital_plaque_under_agreement",
                violation_error_message="挂牌须有挂牌日期，且不早于协议起日。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gt=F("plaque_on")),
                name="aid_hospital_ends_after_plaque",
                violation_error_message="终止日期须晚于挂牌日期。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="aid_hospital_of_org")]

    def __str__(self) -> str:
        return str(self.employer)


class HospitalDiscount(Record):
    """By how much a hospital charges less for something."""

    hospital = fields.link("爱心医院", "aid.LoveHospital", pii=Pii.PUBLIC)
    item = fields.choice("优惠项目", DiscountItem, pii=Pii.PUBLIC)
    percent = fields.decimal(
        "减免比例（%）",
        digits=5,
        pii=Pii.PUBLIC,
        trims=True,
        validators=[MinValueValidator(Decimal("0.01")), MaxValueValidator(Decimal(100))],
    )

    class Meta(Record.Meta):
        verbose_name = "优惠项目"
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "item"],
                condition=Q(voided_at=None),
                name="aid_discount_once",
                violation_error_message="该医院的这个项目已登记减免比例，请修改原记录。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_item_display()}减免{self.percent.normalize():f}%"


class HospitalBenefit(Record):
    """A visit of a worker in hardship, and what the hospital remitted; it settles by period.

    `file` is the one of the household that the patient lives in, as of the visit; nobody types it.
    """

    hospital = fields.link("爱心医院", "aid.LoveHospital")
    person = fields.person("患者")
    file = fields.link("困难档案", "aid.HardshipFile", optional=True, editable=False)
    visit_on = fields.day("就诊日期")
    total = fields.money("总费用（元）")
    discount = fields.money("减免金额（元）")
    settlement_no = fields.text("结算单号", size=40)

    class Meta(Record.Meta):
        verbose_name = "爱心就医"
        constraints = [
            models.UniqueConstraint(
                fields=["hospital", "person", "visit_on", "settlement_no"],
                condition=Q(voided_at=None),
                name="aid_benefit_once",
                violation_error_message="该患者这一天的就医在这张结算单上已登记。",
            ),
            models.CheckConstraint(
                condition=Q(discount__gt=0, discount__lte=F("total")),
                name="aid_benefit_within_total",
                violation_error_message="减免金额须大于零，且不超过总费用。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="aid_benefit_of_org")]

    def __str__(self) -> str:
        return f"{self.person}{self.visit_on}就医"
