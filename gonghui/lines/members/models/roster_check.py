"""A union's roster held against its payroll (名册对账), and who is on one of them only."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record
from gonghui.lines.members.models.membership import EmployKind


class DifferenceKind(models.TextChoices):
    """On which of the two lists somebody is missing."""

    GONE = "gone", "疑似离职"
    FRESH = "fresh", "疑似新进"


class RosterCheck(Record):
    """One comparison of a union's members with the payroll of its employer.

    The payroll itself is not kept: only how many it lists, and those who are on one list alone.
    """

    checked_on = fields.day("对账日期", optional=True)
    listed = fields.count("工资名册人数", optional=True, editable=False)
    gone = fields.count("疑似离职人数", optional=True, editable=False)
    fresh = fields.count("疑似新进人数", optional=True, editable=False)
    settled_on = fields.day("对清日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "名册对账"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(state__in=("open", "compared")) & Q(voided_at=None),
                name="rostercheck_one_open",
                violation_error_message="本工会还有一次没有对清的名册对账，请先办完。",
            )
        ]
        indexes = [models.Index(fields=["org", "-checked_on"], name="rostercheck_of_org")]

    def __str__(self) -> str:
        return f"{self.checked_on}名册对账"


class RosterDifference(Record):
    """Somebody who is a member and not on the payroll (`gone`), or the other way round (`fresh`).

    `name` and `id_no` are those of the payroll and empty for members, who are known by `membership`.
    """

    check_of = fields.link("名册对账", "members.RosterCheck", pii=Pii.PUBLIC)
    kind = fields.choice("差异", DifferenceKind)
    membership = fields.link("会籍", "members.Membership", pii=Pii.PERSONAL, optional=True)
    name = fields.text("姓名", size=60, pii=Pii.PERSONAL)
    id_no = fields.secret("证件号码", optional=True)
    happened_on = fields.day("离职、退休或入会日期", optional=True)
    employ_kind = fields.choice("用工形式", EmployKind, default=EmployKind.CONTRACT)

    class Meta(Record.Meta):
        verbose_name = "对账差异"
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="gone", membership__isnull=False)
                | Q(kind="fresh", membership__isnull=True),
                name="rosterdifference_names_its_member",
                violation_error_message="疑似离职的须是会员，疑似新进的须不是。",
            )
        ]
        indexes = [models.Index(fields=["check_of", "state"], name="rosterdifference_of")]

    def __str__(self) -> str:
        return str(self.name)
