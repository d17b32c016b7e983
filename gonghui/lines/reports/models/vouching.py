"""The sheet on which a department vouches for its figures in a document."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class VouchSheet(Record):
    """A department's figures in a version of a document, sent round to be vouched for.

    Each figure keeps who vouched for it and when; the sheet follows from its figures, and its
    deadline from the day on which it was sent.
    """

    document = fields.link("报告", "reports.ReportDoc", related_name="vouch_sheets", pii=Pii.PUBLIC)
    figures_of = fields.link("稿次", "reports.ReportVersion", pii=Pii.PUBLIC)
    owner = fields.text("归口部室", size=60, pii=Pii.PUBLIC)
    figure_count = fields.count("数字数", pii=Pii.PUBLIC)
    pending_count = fields.count("待认数", pii=Pii.PUBLIC)
    objected_count = fields.count("异议数", pii=Pii.PUBLIC, default=0)

    class Meta(Record.Meta):
        verbose_name = "认数单"
        constraints = [
            models.UniqueConstraint(
                fields=["figures_of", "owner"],
                condition=Q(voided_at=None) & ~Q(state="withdrawn"),
                name="reports_vouchsheet_once",
                violation_error_message="该部室在这一稿的认数单已经送出。",
            )
        ]
        indexes = [
            models.Index(fields=["org", "-id"], name="reports_vouchsheet_of_org"),
            models.Index(fields=["document", "-id"], name="reports_vouchsheet_of_doc"),
        ]

    def __str__(self) -> str:
        return f"{self.owner}：{self.document}（{self.figure_count}个数）"
