"""One help to one household, student or patient, and what study and medical aid need beside it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record

# States in which the same help cannot be asked for again.
LIVE = ("draft", "submitted", "notice", "county_review", "approved", "paying", "done")


class GrantKind(models.TextChoices):
    """The programmes (支付项目) that a single application asks for."""

    LIVING = "SHJZ", "生活救助"
    MEDICAL = "YLJZ", "医疗救助"
    STUDY = "JQZX", "金秋助学"
    EMERGENCY = "LSJZ", "临时（意外）救助"


# Programmes for which the household must be on file first (先建档、后帮扶).
NEED_FILE = (GrantKind.LIVING, GrantKind.MEDICAL, GrantKind.STUDY)


class AidGrant(Record):
    """One help to one subject (帮扶救助单); `org` is the union that applies for it.

    `ref` is the number by which the programme tells one help from another (month, school year, the
    grant itself) and `subject_key` whom it is counted for; both are computed. Money is `funds`'s:
    the grant only follows what its payment tells.
    """

    kind = fields.choice("救助项目", GrantKind)
    household = fields.link("家庭", "people.Household", pii=Pii.PERSONAL)
    file = fields.link("困难档案", "aid.HardshipFile", optional=True, editable=False)
    beneficiary = fields.person("受益人（学生、患者）", optional=True)
    reason = fields.note("申请理由", pii=Pii.PERSONAL, optional=False)
    period = fields.text("救助月份或学年", size=20, optional=True)
    amount_asked = fields.money("申请金额（元）")
    amount = fields.money("核定金额（元）", optional=True)
    limit_amount = fields.money("核定上限（元）", optional=True, editable=False)
    apply_on = fields.day("申请日期")
    approved_on = fields.day("批准日期", optional=True)
    done_on = fields.day("到账日期", optional=True, editable=False)
    ref = fields.text("业务编号", size=80, optional=True, editable=False)
    subject_key = fields.text("受益对象", size=40, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "帮扶救助单"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_key", "ref"],
                condition=Q(state__in=LIVE, voided_at=None) & ~Q(ref=""),
                name="aid_grant_once",
                violation_error_message="该户（人）同一项目、同一期间已有救助单，不能重复申请。",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(limit_amount=None) | Q(amount__lte=F("limit_amount")),
                name="aid_grant_within_limit",
                violation_error_message="核定金额超过上限（医疗救助不超过自付部分）。",
            ),
            models.CheckConstraint(
                condition=Q(amount=None) | Q(amount__gt=0),
                name="aid_grant_is_something",
                violation_error_message="核定金额须大于零。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="aid_grant_of_org"),
            models.Index(fields=["household"], name="aid_grant_of_household"),
        ]

    def __str__(self) -> str:
        return str(self.number)


class Stage(models.TextChoices):
    """What a student goes to."""

    SENIOR = "senior", "高中（中专、技校）"
    JUNIOR_COLLEGE = "junior_college", "专科"
    BACHELOR = "bachelor", "本科"
    MASTER = "master", "硕士"
    DOCTOR = "doctor", "博士"


class StudyAid(Record):
    """What study aid asks about the student; one for each grant."""

    grant = fields.link("救助单", "aid.AidGrant", related_name="study")
    school = fields.text("学校", size=80, pii=Pii.PERSONAL)
    stage = fields.choice("阶段", Stage)
    entry_year = fields.year("入学年份", at_least=2000)
    admission_no = fields.text("录取通知书编号", size=40, pii=Pii.PERSONAL, optional=True)
    tuition = fields.money("学费（元/学年）", optional=True)
    other_aid = fields.money("已获其他资助（元）", default=0)
    other_giver = fields.text("其他资助单位", size=80, optional=True)
    is_declared = fields.flag("已申明其他资助情况")

    class Meta(Record.Meta):
        verbose_name = "助学信息"
        constraints = [
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(voided_at=None),
                name="aid_studyaid_one_per_grant",
                violation_error_message="该救助单已有助学信息。",
            ),
            models.CheckConstraint(
                condition=Q(other_aid=0) | ~Q(other_giver=""),
                name="aid_studyaid_names_giver",
                violation_error_message="有其他资助的须填写资助单位。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.school)


class MedicalAid(Record):
    """What a sickness cost and who paid for it; the grant is at most what the patient paid himself."""

    grant = fields.link("救助单", "aid.AidGrant", related_name="medical")
    hospital = fields.text("医院", size=80, pii=Pii.PERSONAL)
    disease = fields.text("病种", size=80, pii=Pii.SENSITIVE)
    admitted_on = fields.day("入院日期", optional=True, pii=Pii.PERSONAL)
    discharged_on = fields.day("出院日期", optional=True, pii=Pii.PERSONAL)
    total_cost = fields.money("总费用（元）", pii=Pii.PERSONAL)
    insurance_paid = fields.money("医保支付（元）", pii=Pii.PERSONAL, default=0)
    mutual_paid = fields.money("互助金（元）", pii=Pii.PERSONAL, default=0)
    other_paid = fields.money("其他支付（元）", pii=Pii.PERSONAL, default=0)
    self_paid = fields.money("自付（元）", pii=Pii.PERSONAL, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "医疗救助信息"
        constraints = [
            models.UniqueConstraint(
                fields=["grant"],
                condition=Q(voided_at=None),
                name="aid_medicalaid_one_per_grant",
                violation_error_message="该救助单已有医疗救助信息。",
            ),
            models.CheckConstraint(
                condition=Q(self_paid=None)
                | Q(
                    self_paid=F("total_cost")
                    - F("insurance_paid")
                    - F("mutual_paid")
                    - F("other_paid")
                ),
                name="aid_medicalaid_self_paid_is_the_rest",
                violation_error_message="自付金额与各项支付不符。",
            ),
            models.CheckConstraint(
                condition=Q(discharged_on=None)
                | Q(admitted_on=None)
                | Q(discharged_on__gte=F("admitted_on")),
                name="aid_medicalaid_leaves_after_entering",
                violation_error_message="出院日期不能早于入院日期。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.hospital)


class MedicalInvoice(Record):
    """An invoice that backs medical aid; a number is used once in the whole city."""

    medical = fields.link("医疗救助信息", "aid.MedicalAid", related_name="invoices")
    invoice_no = fields.text("发票号", size=40)
    amount = fields.money("金额（元）", pii=Pii.PERSONAL)

    class Meta(Record.Meta):
        verbose_name = "医疗发票"
        constraints = [
            models.UniqueConstraint(
                fields=["invoice_no"],
                condition=Q(voided_at=None),
                name="aid_medicalinvoice_once",
                violation_error_message="该发票号已在其他救助单中使用。",
            )
        ]

    def __str__(self) -> str:
        return str(self.invoice_no)
