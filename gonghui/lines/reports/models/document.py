"""Documents made from templates, their versions, and every figure that they print."""

from __future__ import annotations

from datetime import date, datetime

from django.db import models
from django.db.models import Q

from gonghui.kernel.records import fields
from gonghui.kernel.records.fields import Pii
from gonghui.kernel.records.models import Record


class Edition(models.TextChoices):
    """Which form is printed: clean, or with a footnote to each figure and the check sheet."""

    FINAL = "final", "正式版"
    REVIEW = "review", "核稿版"


class DataBasis(models.TextChoices):
    """Where figures come from: the ledger as known at the cut-off, or what was sealed of their period.

    `SEALED_FIRST` takes the ledger where the period is not sealed, and says so.
    """

    LIVE = "live", "现时台账"
    SEALED_FIRST = "sealed_first", "封存集优先"
    SEALED_ONLY = "sealed_only", "仅封存集"


class VersionKind(models.TextChoices):
    """How a version came about."""

    GENERATED = "generated", "生成"
    RETURNED = "returned", "回传"
    SWAPPED = "swapped", "换数"


class Truth(models.TextChoices):
    """Whether a printed text holds of the exact value."""

    TRUE = "true", "成立"
    UNTRUE = "untrue", "不成立"
    EDITED = "edited", "人工改动"


class ReportDoc(Record):
    """A report of an organisation, filled from the ledger as known at the end of `as_of`.

    `as_of_at` narrows that to a moment of the day. Figures are never typed in: they come with
    the versions that 取数 makes. `owner_dept`, the template's or else the office, writes it.
    `signed_hash` is the SHA-256 of the file that was signed. What comes out in numbers has its own
    by masthead and year (`numbering`).
    """

    template = fields.link("模板", "reports.ReportTemplate", pii=Pii.PUBLIC)
    title = fields.note("题目", pii=Pii.PUBLIC, optional=False)
    meeting = fields.text("会议", size=120, pii=Pii.PUBLIC, optional=True)
    owner_dept = fields.text("归口部室", size=60, pii=Pii.PUBLIC, optional=True, editable=False)
    speaker = fields.text("报告人", size=120, pii=Pii.PUBLIC, optional=True)
    speak_on = fields.day("会议日", pii=Pii.PUBLIC, optional=True)
    as_of = fields.day("取数时点", pii=Pii.PUBLIC)
    as_of_at = fields.moment("取数时刻", optional=True)
    edition = fields.choice("版式", Edition, default=Edition.FINAL.value)
    basis = fields.choice("数据来源", DataBasis, default=DataBasis.LIVE.value)
    doc_no = fields.text("文号", size=60, pii=Pii.PUBLIC, optional=True)
    masthead = fields.text("刊名", size=60, pii=Pii.PUBLIC, optional=True, editable=False)
    issue_year = fields.year("期号年度", pii=Pii.PUBLIC, optional=True, editable=False)
    issue_no = fields.count("期号", pii=Pii.PUBLIC, optional=True, editable=False)
    shown = fields.text("通报指标", pii=Pii.PUBLIC, optional=True)
    editors_note = fields.note("编者按", pii=Pii.PUBLIC)
    report_to = fields.text("报", pii=Pii.PUBLIC, optional=True)
    send_to = fields.text("送", pii=Pii.PUBLIC, optional=True)
    distribute_to = fields.text("发", pii=Pii.PUBLIC, optional=True)
    copies = fields.count("份数", pii=Pii.PUBLIC, optional=True)
    signed_on = fields.day("签发日期", optional=True, editable=False)
    signed_hash = fields.text("签发稿校验码", size=64, optional=True, editable=False)
    issued_on = fields.day("印发日期", optional=True)
    archived_on = fields.day("归档日期", optional=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "工作报告"
        constraints = [
            models.UniqueConstraint(
                fields=["org", "masthead", "issue_year", "issue_no"],
                condition=Q(voided_at=None),
                name="reports_reportdoc_one_issue",
                violation_error_message="该期号刚被另一份文稿使用，请重新取数。",
            )
        ]

    @property
    def cut_off(self) -> date | datetime:
        """What was known then: the moment if one was given, else the end of the day."""
        moment: datetime | None = self.as_of_at
        day: date = self.as_of
        return moment or day

    def __str__(self) -> str:
        return "".join(str(self.title).split("\n"))[:80]


class ReportVersion(Record):
    """One version of a document with its file; only the system adds versions, nobody edits them.

    `remarks` holds what its file shows by itself: place, rule, what is wrong, how to mend it, whether
    it is an error.
    """

    document = fields.link("报告", "reports.ReportDoc", related_name="versions", pii=Pii.PUBLIC)
    n = fields.count("稿次", at_least=1, pii=Pii.PUBLIC)
    kind = fields.choice("来源", VersionKind)
    edition = fields.choice("版式", Edition)
    as_of = fields.day("取数时点")
    file = fields.link("文件", "reports.StoredDocx")
    based_on = fields.link("所据稿次", "reports.ReportVersion", optional=True)
    figure_count = fields.count("数字数", default=0)
    missing_count = fields.count("待补数", default=0)
    error_count = fields.count("错误数", default=0)
    missing = fields.note("待补")
    errors = fields.note("错误")
    facts = fields.note("事实依据")
    remarks = models.JSONField("文稿检查", default=list, blank=True, editable=False)

    class Meta(Record.Meta):
        verbose_name = "报告稿次"
        constraints = [
            models.UniqueConstraint(
                fields=["document", "n"],
                name="reports_reportversion_one_n",
                violation_error_message="该报告已有这一稿，请刷新后再试。",
            )
        ]

    @property
    def is_complete(self) -> bool:
        """Whether every tag was filled and every phrase is true."""
        return not self.error_count and not self.missing_count

    def __str__(self) -> str:
        return f"第{self.n}稿（{VersionKind(self.kind).label}，{Edition(self.edition).label}）"


class ReportFigure(Record):
    """A figure that a version prints, with all that is needed to stand up for it.

    `value` is exact to ten decimals; ratios are kept as ratios. `org` is the document's. `state` tells
    whether the department that owns it stands up for it.
    """

    version_of = fields.link(
        "稿次", "reports.ReportVersion", related_name="figures", pii=Pii.PUBLIC
    )
    tag_id = fields.text("标记", size=60)
    place = fields.text("位置", size=40)
    kind = fields.text("标签类型", size=10)
    indicator = fields.text("指标", size=200, pii=Pii.PUBLIC)
    name = fields.text("指标名称", size=200, pii=Pii.PUBLIC)
    unit = fields.text("单位", size=20, optional=True, pii=Pii.PUBLIC)
    about_org = fields.text("数据组织", size=120, optional=True, pii=Pii.PUBLIC)
    about = fields.link("数据所属工会", "kernel_orgs.Org", optional=True, pii=Pii.PUBLIC)
    period = fields.text("期间", size=80, optional=True, pii=Pii.PUBLIC)
    period_from = fields.day("期间起", optional=True, pii=Pii.PUBLIC)
    period_to = fields.day("期间止", optional=True, pii=Pii.PUBLIC)
    as_of = fields.text("截至", size=40, optional=True)
    value = fields.decimal(
        "准确值", digits=30, places=10, optional=True, pii=Pii.PUBLIC, trims=True
    )
    exact = fields.text("准确值（文字）", size=300, pii=Pii.PUBLIC)
    printed = fields.text("印出文字", size=300, pii=Pii.PUBLIC)
    word = fields.text("概数词", size=20, optional=True)
    basis = fields.text("依据", size=300, optional=True)
    against = fields.text("比照", size=80, optional=True, pii=Pii.PUBLIC)
    marks = fields.text("标明", size=120, optional=True, pii=Pii.PUBLIC)
    records_count = fields.count("记录数", default=0)
    truth = fields.choice("结论", Truth)
    hint = fields.text("提示", size=300, optional=True)
    owner = fields.text("归口部室", size=60, optional=True)
    voucher = fields.text("认数人", size=60, optional=True)
    vouched_at = fields.moment("认数时间", optional=True)
    objection = fields.note("异议")

    class Meta(Record.Meta):
        verbose_name = "引用数"
        ordering = ("id",)
        constraints = [
            models.UniqueConstraint(
                fields=["tag_id"],
                name="reports_reportfigure_one_tag",
                violation_error_message="该数字标记已存在。",
            )
        ]
        indexes = [
            models.Index(fields=["indicator"], name="reports_figure_printed"),
            models.Index(fields=["version_of", "owner"], name="reports_figure_of_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.printed}"
