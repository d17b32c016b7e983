"""Supervision (督办): what has fallen behind is ordered in writing, answered and checked."""

from __future__ import annotations

from decimal import Decimal

from django.core.validators import MaxLengthValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record

MOST_CHARACTERS = 1000
_SHORT = [MaxLengthValidator(MOST_CHARACTERS, "内容不超过1000字，请写要点。")]
DONE_STATES = ("closed", "cancelled")


class SupervisionSource(models.TextChoices):
    """Where an item comes from."""

    TARGET = "target", "目标滞后"
    MATTER = "matter", "实事滞后"
    ISSUE = "issue", "问题逾期"
    MEETING = "meeting", "会议议定"
    LEADER = "leader", "领导交办"
    UPPER = "upper", "上级交办"
    GRIEVANCE = "grievance", "信访逾期"
    DATA = "data", "数据异常"


class SupervisionLevel(models.TextChoices):
    """How pressing it is; the time to answer follows."""

    ORDINARY = "ordinary", "普通"
    IMPORTANT = "important", "重要"
    URGENT = "urgent", "紧急"


class SupervisionColour(models.TextChoices):
    """The slip (督办单) that an item has come to; the system sets it."""

    BLUE = "blue", "蓝色提醒"
    YELLOW = "yellow", "黄色警示"
    RED = "red", "红色通报"


class SupervisionResult(models.TextChoices):
    """What came of it."""

    DONE = "done", "完成"
    PARTLY = "partly", "阶段完成"
    NOT_DONE = "not_done", "未完成"
    WITHDRAWN = "withdrawn", "撤项"


class ReplyKind(models.TextChoices):
    """What the bearer answers, or the system for him."""

    SIGNED = "signed", "签收"
    PROGRESS = "progress", "进展"
    REPORT = "report", "办结报告"
    EXTENSION = "extension", "延期申请"
    SYSTEM = "system", "系统反馈"


class SupervisionItem(Record):
    """One matter that one organisation has to put right by a day; `org` is the one that bears it.

    An item that rests on a record names it by register and id; a record has one open item at most.
    `pace_colour` is what the figures of the source say, as the nightly job last read them.
    """

    source_kind = fields.choice("来源", SupervisionSource)
    source_register = fields.text("来源台账", size=80, optional=True)
    source_id = fields.count("来源记录", optional=True)
    target = fields.link("来源目标", "goals.Target", optional=True)
    title = fields.text("督办事项", size=120)
    requirement = fields.note("督办要求", optional=False)
    level = fields.choice("级别", SupervisionLevel, default=SupervisionLevel.ORDINARY.value)
    lead_dept = fields.text("主办部室", size=60, optional=True)
    co_orgs = fields.text("协办单位", optional=True)
    person = fields.person("责任人", optional=True)
    asked_value = fields.decimal(
        "要求达到",
        digits=20,
        places=4,
        optional=True,
        validators=[MinValueValidator(Decimal("0.0001"))],
    )
    registered_on = fields.day("立项日期", optional=True, editable=False)
    issued_on = fields.day("交办日期", optional=True, editable=False)
    due_on = fields.day("办结期限", optional=True)
    signed_on = fields.day("签收日期", optional=True, editable=False)
    replied_on = fields.day("反馈日期", optional=True, editable=False)
    closed_on = fields.day("办结日期", optional=True, editable=False)
    colour = fields.choice("督办单", SupervisionColour, optional=True, editable=False)
    pace_colour = fields.choice("进度警示", SupervisionColour, optional=True, editable=False)
    lag_reason = fields.note("滞后原因", max_length=MOST_CHARACTERS, validators=_SHORT)
    remedy = fields.note("整改措施", max_length=MOST_CHARACTERS, validators=_SHORT)
    progress = fields.note("进展", max_length=MOST_CHARACTERS, validators=_SHORT)
    report = fields.note("办结报告", max_length=MOST_CHARACTERS, validators=_SHORT)
    asked_due = fields.day("申请延期至", optional=True)
    extension_reason = fields.text("延期原因", optional=True)
    extended_on = fields.day("批准延期日期", optional=True, editable=False)
    was_returned = fields.flag("曾退回补办", editable=False)
    review_on = fields.day("挂账复查日期", optional=True)
    result = fields.choice("办理结果", SupervisionResult, optional=True)
    conclusion = fields.note("结论")
    closed_in_time = fields.flag("按期办结", editable=False)
    overdue_from = fields.day("逾期起", optional=True, editable=False)
    overdue_until = fields.day("逾期止", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "督办件"
        constraints = [
            models.UniqueConstraint(
                fields=["source_register", "source_id"],
                condition=Q(voided_at__isnull=True, source_id__isnull=False)
                & ~Q(state__in=DONE_STATES),
                name="goals_supervisionitem_one_open_a_source",
                violation_error_message="这条记录已有未办结的督办件，请在原督办件上办理。",
            ),
            models.CheckConstraint(
                condition=Q(issued_on__isnull=True)
                | Q(due_on__isnull=False, due_on__gte=F("issued_on")),
                name="goals_supervisionitem_due_when_issued",
                violation_error_message="交办的督办件须有办结期限，且不早于交办日期。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "due_on"], name="goals_supervision_of_org"),
            models.Index(fields=["target"], name="goals_supervision_of_target"),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.title}".strip()


class SupervisionReply(Record):
    """What was answered on an item and when; it is written by the actions on the item alone."""

    item = fields.link("督办件", "goals.SupervisionItem", related_name="replies")
    kind = fields.choice("类别", ReplyKind)
    replied_on = fields.day("日期")
    text = fields.note("内容", max_length=MOST_CHARACTERS, validators=_SHORT)

    class Meta(Record.Meta):
        verbose_name = "督办反馈"
        indexes = [models.Index(fields=["item"], name="goals_supervisionreply_of_item")]

    def __str__(self) -> str:
        return f"{self.replied_on} {ReplyKind(self.kind).label}"
