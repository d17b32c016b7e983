"""Templates, and the files of templates and documents."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class DocType(models.TextChoices):
    """Kinds of documents."""

    WORK_REPORT = "work_report", "工作报告"
    HALF_YEAR = "half_year", "半年总结"
    BRIEF = "brief", "简报"
    BULLETIN = "bulletin", "通报"
    SPECIAL = "special", "专报"
    STATISTICS = "statistics", "统计公报"
    NOTICE = "notice", "通知"
    COUNTY_CIRCULAR = "county_circular", "县区数据通报"


# Kinds that come out in numbers under a masthead (第N期).
IN_NUMBERS = (DocType.BRIEF.value, DocType.COUNTY_CIRCULAR.value)


class StoredDocx(models.Model):
    """The bytes of a docx, kept apart from the rows that refer to them; never changed."""

    content = models.BinaryField("内容")
    sha256 = models.CharField("校验", max_length=64)
    size = models.PositiveIntegerField("字节数")
    stored_at = models.DateTimeField("存入时间")
    stored_by = models.BigIntegerField("存入人", null=True)

    class Meta:
        verbose_name = "文档文件"

    def __str__(self) -> str:
        return self.sha256[:12]


class ReportTemplate(Record):
    """A Word document with tags; usable once every tag can be read.

    `tags` holds what was found in the file: place, raw text, kind, error, suggestions.
    """

    title = fields.text("模板名称", size=120, pii=Pii.PUBLIC)
    doc_type = fields.choice("文种", DocType, pii=Pii.PUBLIC)
    owner_dept = fields.text("归口部室", size=60, pii=Pii.PUBLIC, optional=True)
    masthead = fields.text("刊名", size=60, pii=Pii.PUBLIC, optional=True)
    shown = fields.text("通报指标", pii=Pii.PUBLIC, optional=True)
    key = fields.text("模板代码", size=60, optional=True, editable=False)
    revision = fields.count("版次", pii=Pii.PUBLIC, default=0, editable=False)
    file = fields.link("模板文件", "reports.StoredDocx", optional=True, editable=False)
    tags = models.JSONField("标签", default=list, blank=True, editable=False)
    tag_count = fields.count("标签数", default=0, editable=False)
    error_count = fields.count("标签错误数", default=0, editable=False)
    lint = fields.note("标签检查", editable=False)

    class Meta(Record.Meta):
        verbose_name = "报告模板"
        constraints = [
            models.UniqueConstraint(
                fields=["key"],
                condition=Q(voided_at__isnull=True) & ~Q(key=""),
                name="reports_reporttemplate_one_key",
                violation_error_message="该模板代码已被使用。",
            )
        ]

    def __str__(self) -> str:
        return f"{self.title}（第{self.revision}版）" if self.revision else str(self.title)
