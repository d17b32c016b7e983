"""Numbers that somebody changed by hand in a returned file, and what became of them."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.base.periods import Period
from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class FigureEdit(Record):
    """A figure that a returned file prints otherwise than the system did.

    It stands against the document until the system's text is back, another basis is cited for which
    the ledger tells the typed number, or a leader answers for it with a reason. What the ledger told
    for the cited basis is kept in `cited_value`.
    """

    document = fields.link("报告", "reports.ReportDoc", related_name="edits", pii=Pii.PUBLIC)
    figure = fields.link("引用数", "reports.ReportFigure", related_name="edits", pii=Pii.PUBLIC)
    version_of = fields.link("稿次", "reports.ReportVersion", related_name="edits", pii=Pii.PUBLIC)
    place = fields.text("位置", size=40, pii=Pii.PUBLIC)
    found = fields.text("改成", size=300, pii=Pii.PUBLIC)
    says = fields.text("内容", size=500, pii=Pii.PUBLIC)
    ground = fields.note("例外理由", pii=Pii.PUBLIC)
    decided_by = fields.text("决定人", size=60, optional=True, editable=False, pii=Pii.PUBLIC)
    decided_at = fields.moment("决定时间", optional=True, editable=False, pii=Pii.PUBLIC)
    cited_from = fields.day("改引期间起", optional=True, pii=Pii.PUBLIC)
    cited_to = fields.day("改引期间止", optional=True, pii=Pii.PUBLIC)
    cited_as_of = fields.day("改引截至", optional=True, pii=Pii.PUBLIC)
    cited_value = fields.decimal(
        "改引准确值",
        digits=30,
        places=10,
        optional=True,
        pii=Pii.PUBLIC,
        trims=True,
        editable=False,
    )
    cited_exact = fields.text(
        "改引准确值（文字）", size=300, optional=True, pii=Pii.PUBLIC, editable=False
    )

    class Meta(Record.Meta):
        verbose_name = "人工改动"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "figure", "found"],
                condition=Q(voided_at=None),
                name="reports_figureedit_once",
                violation_error_message="该处人工改动已经列出。",
            )
        ]
        indexes = [models.Index(fields=["org", "-id"], name="reports_figureedit_of_org")]

    @property
    def basis(self) -> str:
        """The cited basis in words; nothing where none is cited."""
        if not self.cited_exact:
            return ""
        period = Period(self.cited_from, self.cited_to)
        return f"{period.label()}，截至{self.cited_as_of:%Y-%m-%d}，准确值{self.cited_exact}"

    def __str__(self) -> str:
        return f"{self.place}“{self.figure.name}”{self.figure.printed}改成{self.found}"
