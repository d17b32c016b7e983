"""Files of templates and versions: fetching them, uploading new ones, giving an edited one back."""

from __future__ import annotations

import tempfile
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import WORKING_ROLES
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.docx.handbook import EXAMPLES
from gonghui.kernel.docx.linting import lint_format
from gonghui.kernel.docx.package import MAX_FILE
from gonghui.kernel.files.kinds import DOCX, XLSX
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.reports import (
    checking,
    editing,
    final_check,
    listing,
    publishing,
    services,
    swapping,
    tagging,
)
from gonghui.lines.reports.models import FigureEdit, ReportDoc, ReportTemplate, ReportVersion
from gonghui.lines.reports.moved import moved_since
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request, user_of


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
def version_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version's file."""
    found = record_or_404(register_of(ReportVersion), pk, actor_of_request(request))
    return _document(*services.file_of(found))


@require_safe
def speech_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version's speech edition."""
    found = record_or_404(register_of(ReportVersion), pk, actor_of_request(request))
    return _document(*services.speech_file_of(found))


@require_safe
def check_sheet(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version's check sheet."""
    found = record_or_404(register_of(ReportVersion), pk, actor_of_request(request))
    return _document(*services.sheet_file_of(found))


@require_safe
def sources(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A version's list of sources as a workbook."""
    actor = actor_of_request(request)
    found = record_or_404(register_of(ReportVersion), pk, actor)
    # Not a context manager: the response reads the file and closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    listing.write_sources(found, file, actor)
    return download(file, services.sources_name_of(found), XLSX)


@require_POST
def restore(request: HttpRequest, pk: int) -> HttpResponse:
    """Makes a version in which a number that was typed is the system's again."""
    actor = actor_of_request(request)
    edit = record_or_404(register_of(FigureEdit), pk, actor)
    try:
        version = services.restore(edit, actor)
        messages.success(request, f"已恢复为系统数{edit.figure.printed}，存为{version}。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(record_url(register_of(ReportDoc), edit.document))


@require_safe
def template_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A template's file."""
    found = record_or_404(register_of(ReportTemplate), pk, actor_of_request(request))
    return _document(*services.file_of_template(found))


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
                "accepted": [
                    edit for edit in editing.edits_of([document]) if edit.state in editing.ACCEPTED
                ],
                "errors": [finding for finding in findings if finding.is_error],
                "remarks": [finding for finding in findings if not finding.is_error],
                "departures": lint_format(bytes(version.file.content)),
            }
            return render(request, "reports/findings.html", context)
        except DomainError as error:
            form.add_error("file", error.message)
    return _form_page(request, "回传改稿", document, form)


@require_http_methods(["GET", "HEAD", "POST"])
def moved(request: HttpRequest, pk: int) -> HttpResponse:
    """Which figures of a document the ledger tells otherwise by now; those that are chosen are swapped."""
    actor, register = actor_of_request(request), register_of(ReportDoc)
    document = record_or_404(register, pk, actor)
    if document.state not in publishing.AT_WORK:
        raise Conflict("报告还没有取数，或已经印发，不用会前核对。")
    if request.method == "POST":
        try:
            version = swapping.swap(document, request.POST.getlist("tag"), actor)
        except DomainError as error:
            messages.error(request, error.message)
            return redirect("reports:moved", pk)
        messages.success(
            request, f"已换用现时数，存为{version}。请送部室认数，再送核、终核、签发。"
        )
        return redirect(record_url(register, document))
    rows = moved_since(document)
    may_swap = may(actor, "change", register, document.org_id)
    context = _context(document, "会前核对") | {
        "document": document,
        "now": clock.now(),
        "rows": rows,
        "may_swap": may_swap and any(each.can_be_swapped for each in rows),
        "has_charts": any(tag["kind"] == "图" for tag in document.template.tags),
    }
    return render(request, "reports/moved.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def check_signed(request: HttpRequest, pk: int) -> HttpResponse:
    """Tells whether a file, such as the one at the printer's, is the one that was signed."""
    actor = actor_of_request(request)
    document = record_or_404(register_of(ReportDoc), pk, actor)
    form = _form(request)
    if request.method == "POST" and form.is_valid():
        try:
            final_check.check_is_signed_file(document, form.content())
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(request, "这份文件与签发稿完全一致。")
            return redirect(record_url(register_of(document), document))
    return _form_page(request, "核对签发稿", document, form, press="核对")


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


@require_safe
def tags(request: HttpRequest) -> HttpResponse:
    """What may be typed into a template, with what it would print now."""
    org, text = _org_of_writer(request), request.GET.get("q", "").strip()
    context = {
        "org": org,
        "q": text,
        "entries": tagging.entries(org.pk, text),
        "examples": EXAMPLES,
    }
    return render(request, "reports/tags.html", context)


@require_safe
def handbook(request: HttpRequest) -> HttpResponseBase:
    """The same as a Word document to keep."""
    return _document("指标标签手册.docx", tagging.handbook_of(_org_of_writer(request).pk))


def _org_of_writer(request: HttpRequest) -> Org:
    if not sees_check(actor_of_request(request)):
        raise NotAllowed("标签手册供业务人员使用。")
    org = user_of(request).org
    if org is None:
        raise NotAllowed("您的账号没有所属工会。")
    return org


def _form(request: HttpRequest) -> FileForm:
    return FileForm(request.POST, request.FILES) if request.method == "POST" else FileForm()


def _form_page(
    request: HttpRequest,
    title: str,
    record: ReportTemplate | ReportDoc,
    form: FileForm,
    press: str = "上传",
) -> HttpResponse:
    context = _context(record, title) | {"form": form, "press": press}
    return render(request, "reports/upload.html", context)


def _context(record: ReportTemplate | ReportDoc, title: str) -> dict[str, Any]:
    return {"title": title, "above": str(record), "back": record_url(register_of(record), record)}


def _document(name: str, content: bytes) -> HttpResponseBase:
    return download(content, name, DOCX)
