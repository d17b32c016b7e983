"""What changes about a person on a policy that is in force."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.models import Record


class ChangeKind(models.TextChoices):
    """Joiners after the policy began are a policy of their own, with their own fee and waiting."""

    LEAVE = "leave", "离职"
    CORRECT = "correct", "更正人员"


class PolicyChange(Record):
    """A worker left his employer, or the roster named the wrong person.

    Who leaves stays covered to the end of the period. A correction puts the right person in the
    place of the wrong one, with the papers that prove it.
    """

    coverage = fields.link("参保明细", "mutual.Coverage")
    kind = fields.choice("类型", ChangeKind)
    on = fields.day("日期")
    new_person = fields.person("更正为", optional=True)
    reason = fields.text("原因", optional=True)
    confirmed_on = fields.day("确认日期", optional=True)

    class Meta(Record.Meta):
        verbose_name = "参保人员变更"
        constraints = [
            models.UniqueConstraint(
                fields=["coverage", "kind"],
                condition=Q(kind="leave", voided_at=None) & ~Q(state="cancelled"),
                name="mutual_change_leaves_once",
                violation_error_message="该职工的离职已登记。",
            ),
            models.CheckConstraint(
                condition=Q(kind="leave", new_person=None)
                | Q(kind="correct", new_person__isnull=False) & ~Q(reason=""),
                name="mutual_change_correction_names_whom",
                violation_error_message="更正人员须填写更正为谁和原因；离职不填。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="mutual_change_of_org")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}{self.pk}"
