"""A worker claims the benefit of his cover: the event, his papers, the assessment, the payees."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.mutual.models.benefit import EventKind
from gonghui.lines.mutual.models.product import HospitalLevel, PaperKind

_SENSITIVE = Pii.SENSITIVE
# A claim in these states stands for its event; another one for it is refused.
STANDING = (
    "draft",
    "submitted",
    "supplement",
    "assessing",
    "second_assessing",
    "refusing",
    "appealed",
    "approved",
    "paying",
    "paid",
)


class RefuseReason(models.TextChoices):
    """Why nothing is paid."""

    WAITING = "waiting", "等待期内"
    EXCLUDED = "excluded", "除外责任"
    PRIOR = "prior", "既往症"
    LATE = "late", "逾期申领"
    NOT_COVERED = "not_covered", "不在保障期"
    INSUFFICIENT = "insufficient", "材料不足"


class MutualClaim(Record):
    """A claim for one event; the cover is found from the person, the product and the day.

    `days_covered` is which day of the cover the event was (the first day is 1); `computed` is what
    the clauses of the version give and `reckoning` says how. Money is kept by funds alone: a claim in
    payment has its payment lines there, and `paid_on` is theirs.
    """

    person = fields.person("申领职工")
    product = fields.link("互助产品", "mutual.MutualProduct", pii=Pii.PUBLIC)
    coverage = fields.link("参保明细", "mutual.Coverage", optional=True, editable=False)
    event_kind = fields.choice("事由", EventKind, pii=_SENSITIVE)
    event_on = fields.day("发生（确诊、入院）日期", pii=_SENSITIVE)
    disease = fields.link("病种", "mutual.ProductDisease", pii=_SENSITIVE, optional=True)
    disease_group = fields.text("病种组", size=20, pii=_SENSITIVE, optional=True, editable=False)
    is_in_situ = fields.flag("原位癌", pii=_SENSITIVE)
    hospital = fields.text("医院", size=80, pii=_SENSITIVE, optional=True)
    hospital_level = models.PositiveSmallIntegerField(
        "医院等级", choices=HospitalLevel.choices, null=True, blank=True
    )
    hospital_days = fields.count("住院天数", pii=_SENSITIVE, optional=True)
    grade = fields.count("伤残等级", pii=_SENSITIVE, optional=True, at_least=1, at_most=10)
    total_cost = fields.money("总费用（元）", pii=_SENSITIVE, optional=True)
    insurance_paid = fields.money("医保等已报销（元）", pii=_SENSITIVE, optional=True)
    self_paid = fields.money("目录内自付（元）", pii=_SENSITIVE, optional=True)
    first_visit_on = fields.day("首次就诊日期", pii=_SENSITIVE, optional=True)
    late_reason = fields.text("逾期申领的原因", optional=True)
    applied_on = fields.day("申领日期")
    days_covered = fields.count("生效第几天", optional=True, editable=False)
    rule = fields.link("适用条款", "mutual.BenefitRule", optional=True, editable=False)
    computed = fields.money("系统测算（元）", optional=True, editable=False)
    reckoning = fields.note("测算过程", pii=_SENSITIVE, editable=False)
    assessed = fields.money("核定金额（元）", optional=True)
    difference_reason = fields.text("与测算不同的原因", optional=True)
    refuse_reason = fields.choice("不予给付原因", RefuseReason, optional=True)
    refuse_note = fields.text("不予给付的说明和条款", optional=True)
    submitted_on = fields.day("提交日期", optional=True)
    supplement_from = fields.day("补正起", optional=True, editable=False)
    was_supplemented = fields.flag("已补正过", editable=False)
    supplement_days = fields.count("补正天数", default=0, editable=False)
    decided_on = fields.day("核定日期", optional=True)
    appealed_on = fields.day("申诉日期", optional=True)
    was_appealed = fields.flag("已申诉过", editable=False)
    appeal_note = fields.note("申诉理由")
    paid_on = fields.day("给付日期", optional=True, editable=False)
    handling_days = fields.count("办理天数", optional=True, editable=False)
    returned_on = fields.day("退回日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "互助金申领"
        constraints = [
            models.UniqueConstraint(
                fields=["coverage", "event_kind", "disease_group", "event_on"],
                condition=Q(state__in=STANDING, voided_at=None, coverage__isnull=False),
                name="mutual_claim_once_an_event",
                violation_error_message="该职工这一事由已经申领，不能重复申领。",
            ),
            # An illness is found once and a man dies once, whatever day is told; he may be in hospital
            # again, and have another accident.
            models.UniqueConstraint(
                fields=["coverage", "event_kind", "disease_group"],
                condition=Q(
                    event_kind__in=(EventKind.DIAGNOSIS, EventKind.DEATH),
                    state__in=STANDING,
                    voided_at=None,
                    coverage__isnull=False,
                ),
                name="mutual_claim_once_an_illness",
                violation_error_message="该职工本保障期内同一病种（身故）已经申领，不能重复申领。",
            ),
            models.CheckConstraint(
                condition=Q(event_on__lte=F("applied_on")),
                name="mutual_claim_after_event",
                violation_error_message="申领日期不能早于发生日期。",
            ),
            models.CheckConstraint(
                condition=Q(self_paid=None)
                | Q(total_cost__isnull=False, self_paid__lte=F("total_cost"))
                & (
                    Q(insurance_paid=None) | Q(self_paid__lte=F("total_cost") - F("insurance_paid"))
                ),
                name="mutual_claim_self_paid_within_rest",
                violation_error_message="目录内自付不能大于总费用减已报销。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=("approved", "paying", "paid"))
                | Q(assessed__gt=0, decided_on__isnull=False),
                name="mutual_claim_approved_has_amount",
                violation_error_message="核定金额须大于0。",
            ),
            models.CheckConstraint(
                condition=~Q(state="paid") | Q(paid_on__isnull=False),
                name="mutual_claim_paid_has_day",
                violation_error_message="已给付的须有给付日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="mutual_claim_of_org"),
            models.Index(fields=["person"], name="mutual_claim_of_person"),
        ]

    def __str__(self) -> str:
        return self.number or f"申领{self.pk}"


class ClaimPaper(Record):
    """A paper that was handed in with a claim; an invoice is used once in the whole city."""

    claim = fields.link("互助金申领", "mutual.MutualClaim", related_name="papers")
    kind = fields.choice("材料", PaperKind)
    paper_no = fields.text("票据（证明）号", size=60, pii=_SENSITIVE, optional=True)
    amount = fields.money("票据金额（元）", pii=_SENSITIVE, optional=True)
    remark = fields.text("备注", optional=True)

    class Meta(Record.Meta):
        verbose_name = "申领材料"
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "paper_no"],
                condition=Q(voided_at=None, kind="invoice") & ~Q(paper_no=""),
                name="mutual_paper_invoice_once",
                violation_error_message="该票据号已用于申领，不能重复使用。",
            ),
            models.CheckConstraint(
                condition=~Q(kind="invoice") | ~Q(paper_no=""),
                name="mutual_paper_invoice_has_number",
                violation_error_message="医疗票据须填写票据号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}"


class ClaimPayee(Record):
    """Who gets how much of a claim, where it is not the worker himself: his heirs, as they agreed."""

    claim = fields.link("互助金申领", "mutual.MutualClaim", related_name="payees")
    person = fields.person("收款人")
    relation = fields.text("与职工关系", size=20, pii=Pii.PERSONAL)
    amount = fields.money("金额（元）")

    class Meta(Record.Meta):
        verbose_name = "申领收款人"
        constraints = [
            models.UniqueConstraint(
                fields=["claim", "person"],
                condition=Q(voided_at=None),
                name="mutual_payee_once_a_claim",
                violation_error_message="该收款人已登记。",
            ),
            models.CheckConstraint(
                condition=Q(amount__gt=0),
                name="mutual_payee_positive",
                violation_error_message="金额须大于0。",
            ),
        ]

    def __str__(self) -> str:
        return f"申领收款人{self.pk}"
