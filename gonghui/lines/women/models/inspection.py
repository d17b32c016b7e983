"""Inspections of the labour protection of women workers (女职工劳动保护检查)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class InspectionKind(models.TextChoices):
    """Why somebody looks."""

    ROUTINE = "routine", "日常"
    SPECIAL = "special", "专项（禁忌劳动）"
    JOINT = "joint", "联合"
    COMPLAINT = "complaint", "投诉"
    RECHECK = "recheck", "复查"


class Signed(models.TextChoices):
    """Whether the employer signed the sheet."""

    SIGNED = "signed", "单位已签字"
    REFUSED = "refused", "单位拒签"


class Answer(models.TextChoices):
    """What was found on an item."""

    OK = "ok", "符合"
    VIOLATION = "violation", "不符合"
    NOT_APPLICABLE = "na", "不涉及"


class LetterKind(models.TextChoices):
    """The letters of labour supervision (一函两书) that go to the employer; the third is the referral."""

    NOTICE = "notice", "提示函"
    OPINION = "opinion", "意见书"


class WomenInspection(Record):
    """An inspection of an employer; `org` inspects. Workers are counted, never named.

    The standard items are made with it; how many were found wrong, put right and are grave follows
    from them.
    """

    campaign = fields.link("专项活动", "campaigns.Campaign", pii=Pii.PUBLIC, optional=True)
    kind = fields.choice("检查类型", InspectionKind, pii=Pii.PUBLIC)
    employer = fields.link("被检查单位", "people.Employer", pii=Pii.PUBLIC)
    planned_on = fields.day("计划日期", pii=Pii.PUBLIC)
    inspected_on = fields.day("检查日期", pii=Pii.PUBLIC, optional=True)
    joint_bodies = fields.text("联合单位", pii=Pii.PUBLIC, optional=True)
    women_total = fields.count("女职工人数", pii=Pii.PUBLIC, optional=True)
    pregnant_count = fields.count("孕期人数", optional=True)
    nursing_count = fields.count("哺乳期人数", optional=True)
    signed = fields.choice("单位签字", Signed, optional=True)
    signed_note = fields.text("拒签情况", optional=True)
    letter_kind = fields.choice("函件", LetterKind, optional=True)
    letter_no = fields.text("提示函（意见书）文号", size=60, optional=True)
    letter_on = fields.day("发函日期", optional=True)
    due_on = fields.day("整改期限", optional=True)
    answered_on = fields.day("单位答复日期", optional=True)
    referred_to = fields.text("移送单位", size=80, optional=True)
    found = fields.count("问题数", pii=Pii.PUBLIC, default=0, editable=False)
    fixed = fields.count("已整改数", pii=Pii.PUBLIC, default=0, editable=False)
    is_serious = fields.flag("严重问题", pii=Pii.PUBLIC, editable=False)

    class Meta(Record.Meta):
        verbose_name = "女职工劳动保护检查"
        constraints = [
            models.CheckConstraint(
                condition=Q(women_total=None)
                | (
                    (Q(pregnant_count=None) | Q(pregnant_count__lte=F("women_total")))
                    & (Q(nursing_count=None) | Q(nursing_count__lte=F("women_total")))
                ),
                name="women_inspection_parts_within_whole",
                violation_error_message="孕期、哺乳期人数不能多于女职工人数。",
            ),
            models.CheckConstraint(
                condition=Q(state="planned") | Q(inspected_on__isnull=False),
                name="women_inspection_inspected_has_day",
                violation_error_message="已检查的须有检查日期。",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(fixed=F("found")),
                name="women_inspection_closed_is_fixed",
                violation_error_message="还有问题没有整改，不能销号。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.employer}{self.get_kind_display()}检查"


class InspectionMember(Record):
    """Somebody of the group that inspects; he holds a supervisor's card (监督员证)."""

    inspection = fields.link("检查", "women.WomenInspection", pii=Pii.PUBLIC)
    person = fields.person("检查人")
    card_no = fields.text("监督员证号", size=40)

    class Meta(Record.Meta):
        verbose_name = "检查组成员"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "person"],
                condition=Q(voided_at=None),
                name="women_inspectionmember_once",
                violation_error_message="该同志已在检查组。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.person}"


class InspectionItem(Record):
    """An item of an inspection, with the clause behind it and what was found.

    Standard items have a code and stand as they are; an office adds its own without one.
    """

    inspection = fields.link("检查", "women.WomenInspection", pii=Pii.PUBLIC)
    position = fields.count("序号", pii=Pii.PUBLIC, default=99, editable=False)
    code = fields.text("项目代码", size=20, pii=Pii.PUBLIC, optional=True, editable=False)
    text = fields.text("检查项目", size=80, pii=Pii.PUBLIC)
    clause = fields.text("依据", size=80, pii=Pii.PUBLIC, optional=True)
    answer = fields.choice("检查结果", Answer, pii=Pii.PUBLIC, optional=True)
    fact = fields.text("事实", optional=True)
    measure = fields.text("整改要求", optional=True)
    due_on = fields.day("整改期限", optional=True)
    fixed_on = fields.day("整改日期", pii=Pii.PUBLIC, optional=True)
    fixed_proof = fields.text("整改证明", optional=True)
    inspected_on = fields.day("检查日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "检查项目"
        constraints = [
            models.UniqueConstraint(
                fields=["inspection", "code"],
                condition=Q(voided_at=None) & ~Q(code=""),
                name="women_inspectionitem_once",
                violation_error_message="该检查项目已在表中。",
            ),
            models.CheckConstraint(
                condition=~Q(answer="violation") | ~Q(fact=""),
                name="women_inspectionitem_violation_has_fact",
                violation_error_message="不符合的项目须写明事实。",
            ),
            models.CheckConstraint(
                condition=Q(fixed_on=None) | (Q(answer="violation") & ~Q(fixed_proof="")),
                name="women_inspectionitem_fixed_has_proof",
                violation_error_message="整改的须是不符合的项目，并写明整改证明。",
            ),
        ]

    def __str__(self) -> str:
        return str(self.text)
