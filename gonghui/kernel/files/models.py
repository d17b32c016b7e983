"""Attachments; their bytes lie in a table of their own, so lists never load them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q

from gonghui.kernel.access.managers import ScopedManager


class Attachment(models.Model):
    """A file that belongs to a record; a removed one stays readable in the history."""

    register = models.CharField("台账", max_length=80)
    record_id = models.BigIntegerField("记录")
    org = models.ForeignKey(
        "kernel_orgs.Org", models.PROTECT, verbose_name="工会", related_name="+"
    )
    name = models.CharField("文件名", max_length=200)
    media_type = models.CharField("类型", max_length=100)
    size = models.PositiveIntegerField("大小")
    digest = models.CharField("校验值", max_length=64)
    is_evidence = models.BooleanField("保留原图", default=False)
    added_at = models.DateTimeField("上传时间")
    added_by = models.BigIntegerField("上传人", null=True)
    removed_at = models.DateTimeField("移除时间", null=True)
    removed_by = models.BigIntegerField("移除人", null=True)

    objects = ScopedManager()
    _unscoped: ClassVar[models.Manager[Attachment]] = models.Manager()

    class Meta:
        verbose_name = "附件"
        base_manager_name = "_unscoped"
        default_manager_name = "objects"
        constraints = [
            models.UniqueConstraint(
                fields=["register", "record_id", "digest"],
                condition=Q(removed_at=None),
                name="attachment_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class AttachmentData(models.Model):
    """The bytes of an attachment, as kept."""

    attachment = models.OneToOneField(
        Attachment, models.PROTECT, primary_key=True, related_name="data"
    )
    content = models.BinaryField()

    def __str__(self) -> str:
        return f"data of {self.attachment_id}"
