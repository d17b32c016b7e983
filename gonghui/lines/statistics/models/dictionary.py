"""What indicators meant when, and what they were before there were records."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.base.periods import Period
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class IndicatorVersion(Record):
    """The definition of an indicator from a day on; how it is computed is the program's.

    Where it is not comparable, figures of before and after are never set side by side without a word.
    """

    indicator = fields.text("指标编码", size=120, pii=Pii.PUBLIC)
    name = fields.text("指标", size=120, pii=Pii.PUBLIC, optional=True, editable=False)
    version_no = fields.count("版次", pii=Pii.PUBLIC, optional=True, editable=False)
    counted = fields.note("计", pii=Pii.PUBLIC, optional=False)
    not_counted = fields.note("不计", pii=Pii.PUBLIC)
    boundary = fields.note("边界情形", pii=Pii.PUBLIC)
    valid_from = fields.day("起用日期", pii=Pii.PUBLIC)
    change_note = fields.text("调整说明", pii=Pii.PUBLIC)
    is_comparable = fields.flag("与以前可比", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "指标版本"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "valid_from"],
                condition=Q(voided_at=None),
                name="indicatorversion_once",
                violation_error_message="该指标已有同一天起用的版本。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="indicatorversion_of_org")]

    def __str__(self) -> str:
        return f"{self.name}（{self.valid_from}起）"


class HistoricalSource(Record):
    """A document of before the records from which figures are taken; the file is an attachment."""

    title = fields.text("来源文件", pii=Pii.PUBLIC)
    document_no = fields.text("文号", size=80, pii=Pii.PUBLIC, optional=True)
    issued_on = fields.day("形成日期", pii=Pii.PUBLIC, optional=True)

    class Meta(Record.Meta):
        verbose_name = "历史数据来源"
        constraints = [
            models.UniqueConstraint(
                fields=["title"],
                condition=Q(voided_at=None),
                name="historicalsource_once",
                violation_error_message="该来源文件已经登记。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="historicalsource_of_org")]

    def __str__(self) -> str:
        return str(self.title)


class HistoricalFigure(Record):
    """The only figure that is not from records: of a period before them, taken from a document.

    `days` is the period as people write it; it stands in for the ledger once somebody else than
    whoever entered it has checked it, from `checked_at` on.
    """

    indicator = fields.text("指标编码", size=120, pii=Pii.PUBLIC)
    name = fields.text("指标", size=120, pii=Pii.PUBLIC, optional=True, editable=False)
    unit = fields.text("单位", size=20, pii=Pii.PUBLIC, optional=True, editable=False)
    days = fields.text("期间", size=60, pii=Pii.PUBLIC)
    start_on = fields.day("起", pii=Pii.PUBLIC, optional=True, editable=False)
    end_on = fields.day("止", pii=Pii.PUBLIC, optional=True, editable=False)
    value = fields.decimal("数值", digits=24, places=6, pii=Pii.PUBLIC, trims=True)
    source = fields.link("来源文件", "statistics.HistoricalSource", pii=Pii.PUBLIC)
    page_note = fields.text("页码、表号", size=100, pii=Pii.PUBLIC, optional=True)
    checked_at = fields.moment("核对时间", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "历史数据"
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "org", "start_on", "end_on"],
                condition=Q(voided_at=None),
                name="historicalfigure_once",
                violation_error_message="该工会、该指标这一期间的历史数据已经登记。",
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")),
                name="historicalfigure_ends_after_start",
                violation_error_message="期间的止日不能早于起日。",
            ),
            models.CheckConstraint(
                condition=~Q(state="checked") | Q(checked_at__isnull=False),
                name="historicalfigure_is_checked_at",
                violation_error_message="核对须有时间。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="historicalfigure_of_org"),
            models.Index(fields=["start_on", "end_on"], name="historicalfigure_of_days"),
        ]

    @property
    def period(self) -> Period:
        """Its days."""
        return Period(self.start_on, self.end_on)

    def __str__(self) -> str:
        return f"{self.name}{self.days}"
