"""Attaching, reading and removing files; who may change a record may do it with its files."""

from __future__ import annotations

import hashlib
from pathlib import PurePath
from typing import Any

from django.db import IntegrityError, models, transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.files.kinds import JPEG, PNG, media_type_of, smaller_picture
from gonghui.kernel.files.models import Attachment, AttachmentData
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of

MAX_FILES = 50


@transaction.atomic
def attach(
    record: Any, name: str, data: bytes, *, by: Actor, is_evidence: bool = False
) -> Attachment:
    """Attach a file to a record; evidence keeps the original picture with its position."""
    register = register_of(record)
    require(by, "change", register, record.org_id)
    media_type = media_type_of(data)
    if media_type in {JPEG, PNG} and not is_evidence:
        data = smaller_picture(data, media_type)
    if attachments_of(record).count() >= MAX_FILES:
        raise DomainError(f"每条记录最多{MAX_FILES}个附件。", field="file")
    attachment = Attachment(
        register=register.key,
        record_id=record.pk,
        org_id=record.org_id,
        name=PurePath(name.replace("\\", "/")).name[:200] or "附件",
        media_type=media_type,
        size=len(data),
        digest=hashlib.sha256(data).hexdigest(),
        is_evidence=is_evidence,
        added_at=clock.now(),
        added_by=by.user_id,
    )
    try:
        with transaction.atomic():
            attachment.save()
    except IntegrityError:
        raise Conflict("这个文件已经上传过了。", field="file") from None
    AttachmentData.objects.create(attachment=attachment, content=data)
    return attachment


def attachments_of(record: Any) -> models.QuerySet[Attachment]:
    """The files of a record that are not removed; the record itself must be in the caller's scope."""
    return Attachment._unscoped.filter(
        register=register_of(record).key, record_id=record.pk, removed_at=None
    ).order_by("pk")


def content_of(attachment: Attachment) -> bytes:
    """The bytes as kept."""
    return bytes(AttachmentData.objects.get(attachment=attachment).content)


def is_relied_upon(attachment: Attachment, record: Any) -> bool:
    """Whether a file lay there when its record, now locked, took its last step: then it stays."""
    workflow = register_of(record).workflow
    is_locked = workflow is not None and workflow.state(record.state).is_locked
    return is_locked and bool(attachment.added_at <= record.changed_at)


@transaction.atomic
def remove(attachment: Attachment, record: Any, *, by: Actor) -> None:
    """Take a file off its record; the bytes stay."""
    register = register_of(record)
    require(by, "change", register, record.org_id)
    if is_relied_upon(attachment, record):
        raise Conflict("该记录已进入下一步，办理时已有的附件不能移除；有误的请另行补充。")
    taken = Attachment._unscoped.filter(pk=attachment.pk, removed_at=None)
    if not taken.update(removed_at=clock.now(), removed_by=by.user_id):
        raise Conflict("该附件已被移除。")
