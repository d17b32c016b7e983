"""Administrative divisions as they count for the statistics of the unions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.orgs.models import DivisionLevel
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class DivisionEntry(Record):
    """A division counts for the county union of its territory while it exists.

    Divisions are plain reference data that must be there before the first organisation, so they
    have no union of their own; this row adds it and copies what the figures need.
    """

    division = fields.link("行政区划", "kernel_orgs.Division", pii=Pii.PUBLIC)
    level = fields.choice("层级", DivisionLevel, pii=Pii.PUBLIC, optional=True, editable=False)
    valid_from = fields.day("设立日期", pii=Pii.PUBLIC, optional=True, editable=False)
    valid_to = fields.day("撤销日期", pii=Pii.PUBLIC, optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "行政区划"
        constraints = [
            models.UniqueConstraint(
                fields=["division"],
                condition=Q(voided_at=None),
                name="divisionentry_once",
                violation_error_message="该行政区划已列入。",
            )
        ]

    def __str__(self) -> str:
        return str(self.division)
