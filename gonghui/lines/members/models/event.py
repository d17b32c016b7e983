"""What happens to a membership besides transfers (会籍变动)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class EventKind(models.TextChoices):
    """Kinds of events."""

    RETAIN = "retain", "保留会籍"
    RESTORE = "restore", "恢复会籍"
    LEAVE = "leave", "退会"
    LAPSE = "lapse", "视为退会"
    EXPEL = "expel", "除名"
    CORRECT = "correct", "信息更正"
    DEATH = "death", "去世"


class MembershipEvent(Record):
    """One event of a membership; it takes effect when it is confirmed.

    `to_org` says where a retained membership is kept, or where it is restored; empty means where it
    was.
    """

    membership = fields.link("会籍", "members.Membership", pii=Pii.PERSONAL)
    kind = fields.choice("变动类型", EventKind)
    happened_on = fields.day("变动日期")
    reason = fields.text("原因", pii=Pii.PERSONAL)
    to_org = fields.link("保留（恢复）在", "kernel_orgs.Org", pii=Pii.PUBLIC, optional=True)
    persuaded_on = fields.day("劝导日期", optional=True)
    decision_doc = fields.text("决定文号", size=80, optional=True)
    filed_with_superior_on = fields.day("报上级备案日期", optional=True)
    new_name = fields.text("更正后姓名", size=60, pii=Pii.PERSONAL, optional=True)
    confirmed_on = fields.day("确认日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "会籍变动"
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="expel", state="confirmed")
                | (~Q(decision_doc="") & Q(filed_with_superior_on__isnull=False)),
                name="membershipevent_expulsion_is_filed",
                violation_error_message="除名须有工会委员会决定文号，并报上级工会备案。",
            )
        ]
        indexes = [
            models.Index(fields=["org", "-happened_on"], name="membershipevent_of_org"),
            models.Index(fields=["membership"], name="membershipevent_of"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.happened_on}"
