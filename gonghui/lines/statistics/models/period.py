"""Periods for which figures are certified and sealed."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.base.periods import Period
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class PeriodKind(models.TextChoices):
    """Which days a period takes."""

    MONTH = "month", "月"
    QUARTER = "quarter", "季"
    HALF = "half", "半年"
    YEAR = "year", "年"
    UNION_YEAR = "union_year", "工会统计年度"
    CUSTOM = "custom", "自定义"


def reporting_levels() -> list[str]:
    """The levels that report unless a period says otherwise: those directly below the city."""
    return [OrgLevel.COUNTY.value, OrgLevel.INDUSTRY.value, OrgLevel.DIRECT.value]


class StatPeriod(Record):
    """A period whose figures the unions at and below `org` certify, and which is sealed afterwards.

    `missing` names the unions whose figures were not verified when it was sealed; the leader says
    in `exceptions` why it was sealed without them.
    """

    kind = fields.choice("类型", PeriodKind, pii=Pii.PUBLIC)
    start_on = fields.day("起", pii=Pii.PUBLIC)
    end_on = fields.day("止", pii=Pii.PUBLIC)
    levels = fields.choices("填报层级", OrgLevel, pii=Pii.PUBLIC)
    seal_due_on = fields.day("封存期限", pii=Pii.PUBLIC, optional=True, editable=False)
    exceptions = fields.note("例外说明", pii=Pii.PUBLIC)
    missing = fields.note("封存时未审核的单位", pii=Pii.PUBLIC, editable=False)
    sealed_on = fields.day("封存日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "统计期"
        constraints = [
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")),
                name="statperiod_ends_after_start",
                violation_error_message="统计期的止日不能早于起日。",
            ),
            models.UniqueConstraint(
                fields=["org", "kind", "start_on", "end_on"],
                condition=Q(voided_at=None),
                name="statperiod_once",
                violation_error_message="该统计期已经建立，不能重复建立。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-end_on"], name="statperiod_of_org")]

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.start_on, self.end_on)

    def __str__(self) -> str:
        label = self.period.label()
        return f"工会统计年度（{label}）" if self.kind == PeriodKind.UNION_YEAR else label
