"""What issued documents told the public, and where a later document tells something else."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class PublishedFigure(Record):
    """A figure as an issued document printed it: written once, at the issue, and never changed.

    What makes two of them figures of the same thing are indicator, kind, what it is measured against,
    the union it is about and the days.
    """

    document = fields.link("报告", "reports.ReportDoc", related_name="published", pii=Pii.PUBLIC)
    figure = fields.link("引用数", "reports.ReportFigure", pii=Pii.PUBLIC)
    title = fields.note("文件", optional=False, pii=Pii.PUBLIC)
    doc_no = fields.text("文号", size=60, optional=True, pii=Pii.PUBLIC)
    issued_on = fields.day("印发日期", pii=Pii.PUBLIC)
    place = fields.text("位置", size=40, pii=Pii.PUBLIC)
    kind = fields.text("标签类型", size=10, pii=Pii.PUBLIC)
    indicator = fields.text("指标编码", size=200, pii=Pii.PUBLIC)
    name = fields.text("指标名称", size=200, pii=Pii.PUBLIC)
    unit = fields.text("单位", size=20, optional=True, pii=Pii.PUBLIC)
    against = fields.text("比照", size=80, optional=True, pii=Pii.PUBLIC)
    about = fields.link("数据所属工会", "kernel_orgs.Org", optional=True, pii=Pii.PUBLIC)
    period = fields.text("期间", size=80, optional=True, pii=Pii.PUBLIC)
    period_from = fields.day("期间起", optional=True, pii=Pii.PUBLIC)
    period_to = fields.day("期间止", optional=True, pii=Pii.PUBLIC)
    as_of = fields.text("截至", size=40, optional=True, pii=Pii.PUBLIC)
    value = fields.decimal(
        "准确值", digits=30, places=10, optional=True, pii=Pii.PUBLIC, trims=True
    )
    exact = fields.text("准确值（文字）", size=300, pii=Pii.PUBLIC)
    printed = fields.text("印出文字", size=300, pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "对外数据"
        constraints = [
            models.UniqueConstraint(
                fields=["figure"],
                name="reports_publishedfigure_once",
                violation_error_message="该数字已经列入对外数据。",
            )
        ]
        indexes = [
            models.Index(fields=["indicator", "-issued_on"], name="reports_published_of"),
            models.Index(fields=["org", "-id"], name="reports_published_of_org"),
        ]

    def __str__(self) -> str:
        heading = "".join(str(self.title).split("\n"))[:60]
        return f"《{heading}》{self.place}“{self.name}”{self.printed}"


class Contradiction(Record):
    """A document prints another number than was published last for the same thing (C10).

    It is settled when the newest version prints what was published, and explained by a sentence
    that stands in the document itself.
    """

    document = fields.link(
        "报告", "reports.ReportDoc", related_name="contradictions", pii=Pii.PUBLIC
    )
    figure = fields.link("本报告的数", "reports.ReportFigure", pii=Pii.PUBLIC)
    published = fields.link("已发布的数", "reports.PublishedFigure", pii=Pii.PUBLIC)
    says = fields.text("内容", size=500, pii=Pii.PUBLIC)
    explanation = fields.note("文中说明的原句", pii=Pii.PUBLIC)

    class Meta(Record.Meta):
        verbose_name = "数字矛盾"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "published"],
                condition=Q(voided_at=None),
                name="reports_contradiction_once",
                violation_error_message="该处数字矛盾已经列出。",
            )
        ]
        indexes = [models.Index(fields=["org", "-id"], name="reports_contradiction_of_org")]

    def __str__(self) -> str:
        return str(self.says)[:120]
