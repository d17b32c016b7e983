"""An uploaded sheet on its way into a register, and what became of each of its rows."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gonghui.kernel.access.managers import ScopedManager


class RunState(models.TextChoices):
    """Where an import stands; the three that end in -ing go on in steps."""

    CHECKING = "checking", "检查中"
    CHECKED = "checked", "待写入"
    WRITING = "writing", "写入中"
    DONE = "done", "已写入"
    UNDOING = "undoing", "撤销中"
    UNDONE = "undone", "已撤销"
    FAILED = "failed", "未完成"


MOVING = ("checking", "writing", "undoing")


class ImportRun(models.Model):
    """One uploaded sheet; `org` is the union its rows belong to unless a row names another.

    `parent_id` is the record whose child rows the sheet holds, such as the batch of a roster.
    `position` is the number of the last sheet row that the step in hand has dealt with, in the same
    transaction as the row itself; a step that was killed goes on behind it. `progress` of `total`
    rows are done. `step_before_failure` tells what to go on with.
    """

    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, verbose_name="所属工会", related_name="+"
    )
    register = models.CharField("台账", max_length=80)
    parent_id = models.BigIntegerField("所属记录", null=True)
    name = models.CharField("文件名", max_length=200)
    digest = models.CharField("校验值", max_length=64)
    state = models.CharField(
        "状态", max_length=20, choices=RunState.choices, default=RunState.CHECKING
    )
    failure = models.CharField("未完成的原因", max_length=500, blank=True)
    step_before_failure = models.CharField(max_length=20, blank=True)
    notices = models.JSONField("提示", default=list)
    summary = models.JSONField("摘要", default=dict)
    position = models.PositiveIntegerField("处理到第几行", default=0)
    progress = models.PositiveIntegerField("已处理行数", default=0)
    total = models.PositiveIntegerField("总行数", default=0)
    new_count = models.PositiveIntegerField("新增", default=0)
    changed_count = models.PositiveIntegerField("修改", default=0)
    unchanged_count = models.PositiveIntegerField("未变", default=0)
    refused_count = models.PositiveIntegerField("拒绝", default=0)
    uploaded_at = models.DateTimeField("上传时间")
    uploaded_by = models.BigIntegerField("上传人", null=True)
    acting_user = models.BigIntegerField("当前步骤办理人", null=True)
    progress_at = models.DateTimeField("最近进展")
    checked_at = models.DateTimeField("检查完成", null=True)
    written_at = models.DateTimeField("写入完成", null=True)
    written_by = models.BigIntegerField("写入人", null=True)
    undone_at = models.DateTimeField("撤销完成", null=True)
    undone_by = models.BigIntegerField("撤销人", null=True)

    objects = ScopedManager()
    _unscoped: ClassVar[models.Manager[ImportRun]] = models.Manager()

    class Meta:
        verbose_name = "导入"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        ordering = ("-id",)
        constraints = [
            models.UniqueConstraint(
                fields=["register", "digest"],
                condition=Q(state__in=["writing", "undoing"]),
                name="importrun_one_at_work",
                violation_error_message="同一份文件正在写入或撤销，请等它完成。",
            )
        ]
        indexes = [models.Index(fields=["register", "org", "-id"], name="importrun_last")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_moving(self) -> bool:
        """Whether a step is under way."""
        return self.state in MOVING


class ImportFile(models.Model):
    """The uploaded bytes, sealed like the personal data they hold; deleted after a time."""

    run = models.OneToOneField(ImportRun, models.PROTECT, primary_key=True, related_name="file")
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"file of {self.run_id}"


class RowOutcome(models.TextChoices):
    """What a row does to the register."""

    NEW = "new", "新增"
    CHANGED = "changed", "修改"
    UNCHANGED = "unchanged", "未变"
    REFUSED = "refused", "拒绝"


class Undo(models.TextChoices):
    """What became of a row's record when the import was taken back."""

    NOT = "", "未撤销"
    VOIDED = "voided", "已作废"
    RESTORED = "restored", "已恢复"
    LEFT = "left", "未撤销，须另行处理"


class ImportRow(models.Model):
    """A row of the sheet: what checking found it would do, and later what writing did.

    `notes` and `faults` are lists of [heading, cell address, text]; `before` holds the former values
    of what was changed, by column; `version` is the record's after the import.
    """

    run = models.ForeignKey(ImportRun, models.PROTECT, related_name="rows")
    number = models.PositiveIntegerField("行号")
    outcome = models.CharField("结果", max_length=10, choices=RowOutcome.choices)
    record_id = models.BigIntegerField("记录", null=True)
    version = models.PositiveIntegerField("版本", null=True)
    notes = models.JSONField("说明", default=list)
    faults = models.JSONField("错误", default=list)
    before = models.JSONField("原值", null=True)
    undo = models.CharField("撤销", max_length=10, choices=Undo.choices, blank=True, default="")
    undo_note = models.CharField("撤销说明", max_length=300, blank=True, default="")

    class Meta:
        verbose_name = "导入行"
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="importrow_one_a_row")
        ]
        indexes = [models.Index(fields=["run", "outcome", "number"], name="importrow_of")]

    def __str__(self) -> str:
        return f"{self.run_id}/{self.number}"
