"""The files of a record: adding, reading and removing them on its page."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.views.decorators.http import require_POST, require_safe

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.files.kinds import MAX_BYTES
from gonghui.kernel.files.models import Attachment
from gonghui.kernel.files.services import (
    attach,
    attachments_of,
    content_of,
    is_relied_upon,
    remove,
)
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may, may_reveal
from gonghui.web import versions
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

log = logging.getLogger(__name__)


def may_read(actor: Actor, register: Register, record: Any) -> bool:
    """Whether the actor may open a record's files.

    A file shows personal values in clear, so it takes the right to see them on the record.
    """
    if may_reveal(actor, register, record, record.org_id):
        return True
    return register.reveals_to is None and not masked_for(actor, register, record)


def panel(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The files on a record's page; nothing where there are none and none may be added."""
    actor = actor_of_request(request)
    found = list(attachments_of(record))
    may_change = record.voided_at is None and may(actor, "change", register, record.org_id)
    if not found and not may_change:
        return None
    names = versions.names_of(file.added_by for file in found)
    context = {
        "files": [
            (file, _size(file.size), names.get(file.added_by, ""), is_relied_upon(file, record))
            for file in found
        ],
        "may_change": may_change,
        "may_read": may_read(actor, register, record),
        "largest": _size(MAX_BYTES),
    }
    return Panel(title=f"附件（{len(found)}）", template="web/_files.html", context=context)


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(size // 1024, 1)} KB"


@require_POST
def add(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Attach the files that were sent; those that are refused are named."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    sent = request.FILES.getlist("file")
    if not sent:
        messages.warning(request, "请先选择文件。")
    for file in sent:
        try:
            if (file.size or 0) > MAX_BYTES:
                raise DomainError(f"文件超过{_size(MAX_BYTES)}，请压缩后再传。")
            is_evidence = "is_evidence" in request.POST
            attach(record, file.name or "", file.read(), by=actor, is_evidence=is_evidence)
        except NotAllowed:
            raise
        except DomainError as error:
            messages.error(request, f"{file.name}：{error.message}")
    return redirect(record_url(register, record) + "#files")


def _file_or_404(record: Any, file: int) -> Attachment:
    found = attachments_of(record).filter(pk=file).first()
    if found is None:
        raise Http404
    return found


@require_safe
def read(request: HttpRequest, key: str, pk: int, file: int) -> HttpResponseBase:
    """One file, always as a download: nothing that users send is shown as a page of ours."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    found = _file_or_404(record, file)
    if not may_read(actor, register, record):
        raise NotAllowed("附件含个人信息，您没有查看的权限；可请经办单位协助。")
    log.info("user %s read file %s of %s/%s", actor.user_id, found.pk, key, pk)
    response = download(content_of(found), found.name, found.media_type)
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@require_POST
def drop(request: HttpRequest, key: str, pk: int, file: int) -> HttpResponse:
    """Take a file off its record."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    remove(_file_or_404(record, file), record, by=actor)
    messages.success(request, "附件已移除。")
    return redirect(record_url(register, record) + "#files")
