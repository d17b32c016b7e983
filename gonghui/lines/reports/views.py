"""Files of templates and versions: fetching them, uploading new ones, giving an edited one back."""

from __future__ import annotations

from typing import Any, cast
from urllib.parse import quote

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import WORKING_ROLES
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.linting import lint_format
from gonghui.kernel.docx.package import MAX_FILE
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.reports import checking, services
from gonghui.lines.reports.models import ReportDoc, ReportTemplate, ReportVersion
from gonghui.web.columns import record_url
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


class FileForm(forms.Form):
    """One Word document."""

    file = forms.FileField(
        label="Word文档（.docx）",
        help_text="不超过20MB，不含宏。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".docx"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refused before it is read if it is too big."""
        file = cast("UploadedFile[bytes]", self.cleaned_data["file"])
        if (file.size or 0) > MAX_FILE:
            raise forms.ValidationError("文件超过20MB，请压缩其中的图片后再上传。")
        return file

    def content(self) -> bytes:
        """The bytes of the file."""
        return bytes(self.cleaned_data["file"].read())


@require_safe
def version_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A version's file."""
    found = record_or_404(register_of(ReportVersion), pk, actor_of_request(request))
    return _attachment(*services.file_of(found))


@require_safe
def template_file(request: HttpRequest, pk: int) -> HttpResponse:
    """A template's file."""
    found = record_or_404(register_of(ReportTemplate), pk, actor_of_request(request))
    return _attachment(*services.file_of_template(found))


@require_http_methods(["GET", "HEAD", "POST"])
def upload(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes a template's file; its page then shows what its tags are worth."""
    actor = actor_of_request(request)
    template = record_or_404(register_of(ReportTemplate), pk, actor, "change")
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            template = services.replace_file(template, form.content(), actor)
            return redirect(record_url(register_of(template), template))
        except DomainError as error:
            form.add_error("file", error.message)
    return _form_page(request, "上传模板文件", template, form)


@require_http_methods(["GET", "HEAD", "POST"])
def give_back(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes an edited document and shows which figures no longer stand as they were printed."""
    actor = actor_of_request(request)
    document = record_or_404(register_of(ReportDoc), pk, actor, "change")
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            version, findings = services.take_back(document, form.content(), actor)
            context = _context(document, "回传核对结果") | {
                "version": version,
                "version_href": record_url(register_of(version), version),
                "errors": [finding for finding in findings if finding.is_error],
                "remarks": [finding for finding in findings if not finding.is_error],
                "departures": lint_format(bytes(version.file.content)),
            }
            return render(request, "reports/findings.html", context)
        except DomainError as error:
            form.add_error("file", error.message)
    return _form_page(request, "回传改稿", document, form)


def sees_check(actor: Actor) -> bool:
    """Whoever works on records may have a file of his own checked."""
    return actor.has_role(*WORKING_ROLES)


@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    """Judges a Word file of any origin: its format, and where its numbers come from."""
    actor = actor_of_request(request)
    if not sees_check(actor):
        raise NotAllowed("公文体检供业务人员使用。")
    form = _form(request)
    context: dict[str, Any] = {"file_name": ""}
    if request.method == "POST" and form.is_valid():
        try:
            content = form.content()
            context = {
                "file_name": form.cleaned_data["file"].name,
                "departures": lint_format(content),
                "numbers": checking.numbers_of(content),
            }
        except DomainError as error:
            form.add_error("file", error.message)
    return render(request, "reports/check.html", context | {"form": form})


def _form(request: HttpRequest) -> FileForm:
    return FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()


def _form_page(
    request: HttpRequest, title: str, record: ReportTemplate | ReportDoc, form: FileForm
) -> HttpResponse:
    context = _context(record, title) | {"form": form}
    return render(request, "reports/upload.html", context)


def _context(record: ReportTemplate | ReportDoc, title: str) -> dict[str, Any]:
    return {"title": title, "above": str(record), "back": record_url(register_of(record), record)}


def _attachment(name: str, content: bytes) -> HttpResponse:
    response = HttpResponse(content, content_type=DOCX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response
