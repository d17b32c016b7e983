"""Where people went to work: the only source of every figure of the employed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.people.models import Sex
from gonghui.kernel.records import fields
from gonghui.kernel.records.constraints import one_at_a_time
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class PlacementKind(models.TextChoices):
    """What somebody found."""

    REEMPLOYED = "reemployed", "再就业"
    EMPLOYED = "employed", "就业"
    STARTUP = "startup", "创业"


class PlacementSource(models.TextChoices):
    """What the union did for it."""

    TRAINING = "training", "培训"
    FAIR = "fair", "招聘会"
    REFERRAL = "referral", "推荐"
    LOAN = "loan", "小额借款"
    SELF = "self", "自行就业"


class ContractKind(models.TextChoices):
    """What was signed."""

    FIXED = "fixed", "固定期限合同"
    OPEN = "open", "无固定期限合同"
    TASK = "task", "以完成任务为期限"
    SERVICE = "service", "劳务协议"
    NONE = "none", "未签书面合同"


class Evidence(models.TextChoices):
    """What proves that somebody works."""

    CONTRACT = "contract", "劳动合同"
    SOCIAL = "social", "社保记录"
    WAGE = "wage", "工资流水"
    LICENCE = "licence", "营业执照"
    STATEMENT = "statement", "单位证明"
    VISIT = "visit", "实地核实（照片）"


# States in which somebody was checked to have gone to work, whatever came after.
COUNTED = ("verified", "sustained", "ended")


# The record that each source has; the field's name.
SOURCES = {
    PlacementSource.TRAINING: "enrolment",
    PlacementSource.FAIR: "intent",
    PlacementSource.REFERRAL: "seeker",
    PlacementSource.LOAN: "loan",
}


def _names_its_source() -> Q:
    """Each source has its record and no other; whoever found work himself has none."""
    names = SOURCES.values()
    condition = Q(source_kind=PlacementSource.SELF, **{f"{name}__isnull": True for name in names})
    for source, own in SOURCES.items():
        links = {f"{name}__isnull": name != own for name in names}
        condition |= Q(source_kind=source, **links)
    return condition


class Placement(Record):
    """A person went to work on a day; `org` is the union whose doing it was, for training the session's host.

    Only one that somebody else than its reporter has verified counts, on its first day. Who left
    still counts, because he had been placed; who never worked there is refuted and counts off.
    """

    person = fields.person("人员")
    kind = fields.choice("就业性质", PlacementKind, pii=Pii.PUBLIC)
    source_kind = fields.choice("来源", PlacementSource, pii=Pii.PUBLIC)
    enrolment = fields.link("来源培训", "employment.Enrolment", optional=True)
    intent = fields.link("来源意向", "employment.FairIntent", optional=True)
    seeker = fields.link("来源求职登记", "employment.JobSeeker", optional=True)
    loan = fields.link("来源借款", "employment.MicroLoan", optional=True)
    employer = fields.link("用人单位", "people.Employer", pii=Pii.PUBLIC, optional=True)
    own_business = fields.text("自营项目", size=120, optional=True)
    own_uscc = fields.text("自营统一社会信用代码", size=18, optional=True)
    started_on = fields.day("上岗日期", pii=Pii.PUBLIC)
    contract_kind = fields.choice("合同类型", ContractKind, optional=True)
    contract_to = fields.day("合同期至", optional=True)
    wage = fields.money("月工资（元）", pii=Pii.PERSONAL, optional=True)
    is_insured = fields.flag("已参加社会保险")
    evidence = fields.choices("就业证明", Evidence)
    evidence_no = fields.text("证明编号或说明", size=120, optional=True)
    late_reason = fields.text("迟报原因", optional=True)
    verified_on = fields.day("核实日期", optional=True, editable=False)
    ended_on = fields.day("离岗日期", optional=True)
    end_reason = fields.text("离岗原因", optional=True)
    reported_on = fields.day("上报日期", optional=True, editable=False)
    sex = fields.choice("性别", Sex, pii=Pii.PERSONAL, optional=True, editable=False)
    sustain_due_on = fields.day("满稳岗期日期", optional=True, editable=False)
    sustained_on = fields.day("稳岗认定日期", optional=True, editable=False)
    next_follow_up_on = fields.day("下次回访日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "就业去向"
        constraints = [
            models.CheckConstraint(
                condition=_names_its_source(),
                name="placement_names_its_source",
                violation_error_message="请选择与来源相符的一条来源记录；自行就业的不选。",
            ),
            models.CheckConstraint(
                condition=Q(employer__isnull=False, own_business="")
                | Q(employer=None) & ~Q(own_business=""),
                name="placement_employer_or_own_business",
                violation_error_message="用人单位和自营项目须填写其中一项。",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None) | Q(ended_on__gte=F("started_on")),
                name="placement_ends_after_start",
                violation_error_message="离岗日期不能早于上岗日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="ended") | Q(ended_on__isnull=False),
                name="placement_ended_on_a_day",
                violation_error_message="请填写离岗日期。",
            ),
            models.UniqueConstraint(
                fields=["person"],
                condition=Q(state="reported", voided_at=None),
                name="placement_one_report_at_a_time",
                violation_error_message="该人员已有一条待核实的就业去向。",
            ),
            one_at_a_time(
                "person",
                "placement_one_job_at_a_time",
                Q(state__in=COUNTED) & Q(voided_at=None),
                start="started_on",
                end="ended_on",
                message="该人员同期已有核实的就业去向，请先登记离岗。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="placement_of_org"),
            models.Index(fields=["person", "started_on"], name="placement_of_person"),
            models.Index(fields=["enrolment"], name="placement_of_enrolment"),
        ]

    def __str__(self) -> str:
        return str(self.number) or f"{self.get_kind_display()}（{self.started_on}）"

    @property
    def where(self) -> str:
        """The employer or the own business."""
        return str(self.employer) if self.employer_id else str(self.own_business)


class FollowUpResult(models.TextChoices):
    """How a placed person was found."""

    ON = "on", "在岗"
    CHANGED = "changed", "已换岗位"
    LEFT = "left", "已离岗"
    UNREACHED = "unreached", "未联系上"


class FollowUp(Record):
    """Somebody asked on a day whether a placed person still works."""

    placement = fields.link("就业去向", "employment.Placement")
    followed_on = fields.day("回访日期")
    result = fields.choice("回访结果", FollowUpResult)
    asked_by = fields.text("回访人", size=60, optional=True)
    remark = fields.note("情况说明")

    class Meta(Record.Meta):
        verbose_name = "就业回访"
        constraints = [
            models.UniqueConstraint(
                fields=["placement", "followed_on"],
                condition=Q(voided_at=None),
                name="followup_once_a_day",
                violation_error_message="这一天的回访已登记。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.followed_on} {self.get_result_display()}"
