"""What was sealed, and what happened to it afterwards."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class SealedSet(Record):
    """The figures of a period as they were sealed: version 1, and one more for every correction.

    The figures themselves are the ledger's (`kernel.ledger.seals`). The hash is kept here a second
    time, so that a seal made anew with all its links does not pass for the old one.
    """

    period = fields.link("统计期", "statistics.StatPeriod", pii=Pii.PUBLIC)
    version_no = fields.count("版次", pii=Pii.PUBLIC, at_least=1)
    seal = fields.link("封存数", "ledger.Seal", pii=Pii.PUBLIC)
    as_of = fields.moment("封存时点", pii=Pii.PUBLIC, editable=False)
    figures_count = fields.count("数字个数", pii=Pii.PUBLIC, editable=False)
    hash = fields.text("校验值", size=64, pii=Pii.PUBLIC, editable=False)
    previous_hash = fields.text("前一集校验值", size=64, pii=Pii.PUBLIC, editable=False)
    missing = fields.note("封存时未审核的单位", pii=Pii.PUBLIC, editable=False)
    exceptions = fields.note("例外说明", pii=Pii.PUBLIC, editable=False)

    class Meta(Record.Meta):
        verbose_name = "封存集"
        constraints = [
            models.UniqueConstraint(
                fields=["period", "version_no"],
                name="sealedset_version_once",
                violation_error_message="该统计期的这一版已经封存，可能刚由他人办理。",
            ),
            models.UniqueConstraint(
                fields=["seal"],
                name="sealedset_one_of_a_seal",
                violation_error_message="该封存数已属于另一个封存集。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="sealedset_of_org")]

    def __str__(self) -> str:
        return f"{self.period}第{self.version_no}版"


class LateChange(Record):
    """What the ledger gained for a sealed period after the seal, per union, indicator and day of recording.

    `change` is the sum of the ledger's entries; of an indicator that counts persons or units once it
    is what their records add up to before that. A row that a correction has taken up stays.
    """

    sealed_set = fields.link("封存集", "statistics.SealedSet", pii=Pii.PUBLIC)
    indicator = fields.text("指标编码", size=120, pii=Pii.PUBLIC)
    name = fields.text("指标", size=120, pii=Pii.PUBLIC)
    unit = fields.text("单位", size=20, pii=Pii.PUBLIC)
    change = fields.decimal("变动", digits=24, places=6, pii=Pii.PUBLIC, trims=True)
    recorded_on = fields.day("登记日期", pii=Pii.PUBLIC)
    records_count = fields.count("涉及记录", pii=Pii.PUBLIC, at_least=1)
    register = fields.text("台账", size=80, pii=Pii.PUBLIC)
    record_id = models.BigIntegerField("记录", null=True, blank=True)
    last_entry = models.BigIntegerField("账目号")
    explanation = fields.note("说明", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "事后变动"
        constraints = [
            models.UniqueConstraint(
                fields=["sealed_set", "org", "indicator", "recorded_on", "last_entry"],
                name="latechange_once",
                violation_error_message="该变动已经列出。",
            ),
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="latechange_of_org"),
            models.Index(fields=["sealed_set", "-last_entry"], name="latechange_of_set"),
        ]

    def __str__(self) -> str:
        return f"{self.name}{self.change:+f}{self.unit}"


class CorrectionRequest(Record):
    """Somebody asks that a sealed set be followed by a version with the figures as they are now.

    A union names its own sheet of the period, the departments may name the set.
    """

    submission = fields.link(
        "数据上报单", "statistics.DataSubmission", pii=Pii.PUBLIC, optional=True
    )
    sealed_set = fields.link("封存集", "statistics.SealedSet", pii=Pii.PUBLIC, optional=True)
    what = fields.text("更正内容", pii=Pii.PUBLIC)
    cause = fields.note("更正原因", pii=Pii.PUBLIC, optional=False)
    published_note = fields.note("公布说明", pii=Pii.PUBLIC)
    approved_on = fields.day("批准日期", pii=Pii.PUBLIC, optional=True, editable=False)
    new_set = fields.link(
        "更正后的封存集", "statistics.SealedSet", pii=Pii.PUBLIC, optional=True, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = "更正申请"
        constraints = [
            models.UniqueConstraint(
                fields=["sealed_set", "org"],
                condition=Q(state="requested", voided_at=None),
                name="correctionrequest_one_open",
                violation_error_message="对该封存集已有一份待批准的更正申请。",
            ),
        ]
        indexes = [models.Index(fields=["org", "-id"], name="correctionrequest_of_org")]

    def __str__(self) -> str:
        return str(self.what)
