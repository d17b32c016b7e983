"""What a union says its figures of a period are: read from the ledger, never typed."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class DataSubmission(Record):
    """The sheet on which a union certifies its figures of a period.

    `as_of` is the moment at which its values were read last; whoever certifies signs those.
    """

    period = fields.link("统计期", "statistics.StatPeriod", pii=Pii.PUBLIC)
    period_end = fields.day("期末", pii=Pii.PUBLIC, editable=False)
    due_on = fields.day("签认期限", pii=Pii.PUBLIC, editable=False)
    verify_due_on = fields.day("审核期限", pii=Pii.PUBLIC, editable=False)
    as_of = fields.moment("取数时点", pii=Pii.PUBLIC, optional=True, editable=False)
    signer = fields.text("签认负责人", size=60, optional=True)
    signed_at = fields.moment("签认时间", pii=Pii.PUBLIC, optional=True, editable=False)
    certified_on = fields.day("签认日期", pii=Pii.PUBLIC, optional=True, editable=False)
    checks_open = fields.count("未处理校验", pii=Pii.PUBLIC, default=0, editable=False)
    remark = fields.note("说明")

    class Meta(Record.Meta):
        verbose_name = "数据上报单"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "org"],
                condition=Q(voided_at=None),
                name="datasubmission_once",
                violation_error_message="该工会本统计期的上报单已经建立。",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["certified", "verified"])
                | (~Q(signer="") & Q(signed_at__isnull=False) & Q(as_of__isnull=False)),
                name="datasubmission_is_signed",
                violation_error_message="签认须有负责人和取数时点。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-period_end"], name="datasubmission_of_org"),
            models.Index(fields=["period", "state"], name="datasubmission_of_period"),
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.period}"


class SubmissionValue(Record):
    """One figure of a submission, with that of the period before; only the explanation is written by hand."""

    submission = fields.link("数据上报单", "statistics.DataSubmission", pii=Pii.PUBLIC)
    indicator = fields.text("指标编码", size=120, pii=Pii.PUBLIC)
    name = fields.text("指标", size=120, pii=Pii.PUBLIC, editable=False)
    unit = fields.text("单位", size=20, pii=Pii.PUBLIC, editable=False)
    value = fields.decimal(
        "本期数", digits=24, places=6, pii=Pii.PUBLIC, optional=True, trims=True, editable=False
    )
    previous_value = fields.decimal(
        "上期数", digits=24, places=6, pii=Pii.PUBLIC, optional=True, trims=True, editable=False
    )
    change = fields.decimal(
        "增减", digits=24, places=6, pii=Pii.PUBLIC, optional=True, trims=True, editable=False
    )
    records_count = fields.count("记录数", pii=Pii.PUBLIC, optional=True, editable=False)
    as_of = fields.moment("取数时点", pii=Pii.PUBLIC, optional=True, editable=False)
    note = fields.text("备注", size=80, pii=Pii.PUBLIC, optional=True, editable=False)
    explanation = fields.note("说明", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "上报数"
        constraints = [
            models.UniqueConstraint(
                fields=["submission", "indicator"],
                condition=Q(voided_at=None),
                name="submissionvalue_once",
                violation_error_message="该指标已在上报单中。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="submissionvalue_of_org")]

    def __str__(self) -> str:
        return f"{self.name}：{self.value}"
