"""How many households in hardship there are, as a survey found them."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class HardshipCensus(Record):
    """A county's survey of households in hardship (困难职工摸底); it holds until the next one.

    It is what the files are measured against: 建档全覆盖 is a statement about it.
    """

    counted_on = fields.day("摸底日期", pii=Pii.PUBLIC)
    household_count = fields.count("摸底户数", pii=Pii.PUBLIC)
    source = fields.text("依据", size=120, pii=Pii.PUBLIC)
    replaced_on = fields.day("被取代日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "困难职工摸底"
        constraints = [
            models.UniqueConstraint(
                fields=["org"],
                condition=Q(replaced_on=None, voided_at=None),
                name="aid_hardshipcensus_one_in_force",
                violation_error_message="该单位已有更新的摸底结果；请填写更晚的摸底日期。",
            ),
            models.CheckConstraint(
                condition=Q(replaced_on=None) | Q(replaced_on__gt=F("counted_on")),
                name="aid_hardshipcensus_replaced_later",
                violation_error_message="摸底日期须晚于上一次摸底。",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.org}{self.counted_on:%Y-%m-%d}"
