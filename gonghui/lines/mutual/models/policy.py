"""An employer joins a product as a group, and each of its workers who is covered by it."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.mutual.models.product import ProductKind

PAID_FOR = ("active", "expired")


class GroupPolicy(Record):
    """One employer's enrolment in one version for one period; `org` is the union that handles it.

    It has no money of its own: `receipt` is the confirmed receipt of the product's fund and equals
    the fees of the roster to the cent. `effective_to` is the last day that is covered.
    One that began before the city used this program `is_legacy`: its days are told, no money moves
    and no figure counts it as new, but it covers, can be claimed under and is gone on from.
    """

    employer = fields.link("参保单位", "people.Employer", pii=Pii.PUBLIC)
    product_version = fields.link("产品版本", "mutual.ProductVersion", pii=Pii.PUBLIC)
    product = fields.link(
        "互助产品", "mutual.MutualProduct", pii=Pii.PUBLIC, optional=True, editable=False
    )
    applied_on = fields.day("申请日期")
    is_legacy = fields.flag("补录的历史参保")
    staff_total = fields.count("在职职工数", optional=True)
    women_total = fields.count("其中女职工", optional=True)
    staff_note = fields.text("职工数与登记不一致的说明", optional=True)
    exception_reason = fields.text("参加人数未达要求的说明", optional=True)
    is_consented = fields.flag("职工已知情同意")
    heads = fields.count("人数", default=0, editable=False)
    shares = fields.count("份数", default=0, editable=False)
    fee_total = fields.money("互助费合计（元）", default=0, editable=False)
    employer_amount = fields.money("单位出资（元）", default=0)
    union_amount = fields.money("工会出资（元）", default=0)
    staff_amount = fields.money("个人出资（元）", default=0)
    renews = fields.link("续接", "mutual.GroupPolicy", optional=True)
    receipt = fields.link("到账", "funds.FundReceipt", optional=True)
    received_on = fields.day("到账日期", optional=True, editable=False)
    counted_on = fields.day("确认日期", optional=True, editable=False)
    effective_from = fields.day("保障期起", optional=True)
    effective_to = fields.day("保障期止", optional=True)
    annulled_on = fields.day("撤销日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "团体参保单"
        constraints = [
            models.UniqueConstraint(
                fields=["receipt"],
                condition=Q(receipt__isnull=False, voided_at=None) & ~Q(state="annulled"),
                name="mutual_policy_own_receipt",
                violation_error_message="该笔到账已用于另一参保单。",
            ),
            models.UniqueConstraint(
                fields=["renews"],
                condition=Q(renews__isnull=False, voided_at=None)
                & ~Q(state__in=("cancelled", "annulled")),
                name="mutual_policy_renewed_once",
                violation_error_message="该参保单已办理续接。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=PAID_FOR)
                | Q(effective_from__isnull=False, effective_to__isnull=False)
                & (
                    Q(receipt__isnull=False, counted_on__isnull=False, is_legacy=False)
                    | Q(receipt=None, counted_on=None, is_legacy=True)
                ),
                name="mutual_policy_active_is_paid",
                violation_error_message="未确认到账的参保单不能生效。",
            ),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "checked", "cancelled"))
                | Q(is_legacy=True)
                | Q(fee_total=F("employer_amount") + F("union_amount") + F("staff_amount")),
                name="mutual_policy_split_is_total",
                violation_error_message="单位、工会、个人出资之和须等于互助费合计。",
            ),
            models.CheckConstraint(
                condition=Q(effective_to=None) | Q(effective_to__gte=F("effective_from")),
                name="mutual_policy_ends_after_start",
                violation_error_message="保障期止不能早于保障期起。",
            ),
            models.CheckConstraint(
                condition=Q(women_total=None) | Q(women_total__lte=F("staff_total")),
                name="mutual_policy_women_within_staff",
                violation_error_message="女职工数不能大于在职职工数。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="mutual_policy_of_org"),
            models.Index(fields=["employer", "product"], name="mutual_policy_of_employer"),
        ]

    def __str__(self) -> str:
        return self.number or f"参保单{self.pk}"


class JobStatus(models.TextChoices):
    """How a covered person stands to his employer."""

    ON_DUTY = "on_duty", "在岗"
    OFF_DUTY = "off_duty", "在册不在岗"
    DISPATCHED = "dispatched", "劳务派遣"
    RETIRED = "retired", "退休"


class Coverage(Record):
    """One person covered by one policy: one 人次. It counts on the day its fee was confirmed.

    One of a policy of before (`is_legacy`) has no such day and is no 人次 of any period.

    The period runs from `starts_on` to `ends_on`; `ends_before` is the day after. `wait_until` is the
    last day of waiting, empty where the person was covered before without a gap.
    """

    policy = fields.link("团体参保单", "mutual.GroupPolicy", related_name="coverages")
    product = fields.link(
        "互助产品", "mutual.MutualProduct", pii=Pii.PUBLIC, optional=True, editable=False
    )
    product_kind = fields.choice(
        "保障类别", ProductKind, pii=Pii.PUBLIC, optional=True, editable=False
    )
    person = fields.person("参保职工")
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)
    job_status = fields.choice("在职状态", JobStatus, default=JobStatus.ON_DUTY)
    shares = fields.count("份数", default=1, at_least=1)
    fee = fields.money("互助费（元）", default=0, editable=False)
    beneficiary = fields.text("受益人", size=60, pii=Pii.PERSONAL, optional=True)
    is_exclusive = fields.flag("每人限一份", default=True, editable=False)
    is_legacy = fields.flag("补录的历史参保", editable=False)
    starts_on = fields.day("保障期起", optional=True, editable=False)
    ends_on = fields.day("保障期止", optional=True, editable=False)
    ends_before = fields.day("保障期止次日", optional=True, editable=False)
    is_continuous = fields.flag("连续参保", editable=False)
    is_renewed = fields.flag("已续接", editable=False)
    first_joined_on = fields.day("首次参保日期", optional=True, editable=False)
    wait_until = fields.day("等待期止", optional=True, editable=False)
    counted_on = fields.day("计入日期", optional=True, editable=False)
    left_on = fields.day("离职日期", optional=True, editable=False)
    annulled_on = fields.day("撤销日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "参保明细"
        constraints = [
            models.UniqueConstraint(
                fields=["policy", "person"],
                condition=Q(voided_at=None),
                name="mutual_coverage_once_a_policy",
                violation_error_message="该职工已在本参保单名册中。",
            ),
            one_at_a_time(
                ("person", "product"),
                "mutual_coverage_one_at_a_time",
                Q(state__in=("active", "ended", "terminated"))
                & Q(is_exclusive=True)
                & Q(voided_at=None),
                start="starts_on",
                end="ends_before",
                message="该职工同期已参加本产品，不能重复参加。",
            ),
            models.CheckConstraint(
                condition=Q(state="pending")
                | Q(starts_on__isnull=False, ends_on__isnull=False, ends_before__gt=F("ends_on"))
                & (Q(counted_on__isnull=False) | Q(is_legacy=True)),
                name="mutual_coverage_active_has_period",
                violation_error_message="生效的参保明细须有保障期和计入日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="mutual_coverage_of_org"),
            models.Index(fields=["person", "product"], name="mutual_coverage_of_person"),
            models.Index(fields=["policy", "state"], name="mutual_coverage_of_policy"),
        ]

    def __str__(self) -> str:
        return f"参保明细{self.pk}"
