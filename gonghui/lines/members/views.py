"""The page that takes a payroll for a roster check."""

from __future__ import annotations

from typing import cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base.errors import DomainError
from gonghui.kernel.files.kinds import XLSX
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.members.models import RosterCheck
from gonghui.lines.members.services import reconciling
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

_LARGEST = 20 * 1024 * 1024


class PayrollForm(forms.Form):
    """One workbook."""

    file = forms.FileField(
        label="工资名册（.xlsx）",
        help_text="须有“姓名”“证件号码”两列；其他列不读取，文件不保存。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xls"}),
    )

    def clean_file(self) -> UploadedFile[bytes]:
        """Refused before it is read if it is too big."""
        file = cast("UploadedFile[bytes]", self.cleaned_data["file"])
        if (file.size or 0) > _LARGEST:
            raise forms.ValidationError("文件超过20MB，请分次上传。")
        return file


@require_safe
def payroll_template(request: HttpRequest) -> HttpResponseBase:
    """The empty workbook."""
    if not actor_of_request(request).working:
        raise Http404
    return download(reconciling.template(), "工资名册.xlsx", XLSX)


@require_http_methods(["GET", "HEAD", "POST"])
def payroll(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the payroll and leads back to the check with its differences."""
    actor = actor_of_request(request)
    check = record_or_404(register_of(RosterCheck), pk, actor, "change")
    form = PayrollForm(request.POST, request.FILES) if request.method == "POST" else PayrollForm()
    back = record_url(register_of(check), check)
    if request.method == "POST" and form.is_valid():
        try:
            rows = reconciling.payroll_of(form.cleaned_data["file"].read())
            check = reconciling.compare(check, rows, actor)
        except DomainError as error:
            form.add_error("file", error.message)
        else:
            messages.success(
                request,
                f"已比对：名册{check.listed}人，疑似离职{check.gone}人，疑似新进{check.fresh}人。",
            )
            return redirect(back)
    return render(
        request, "members/payroll.html", {"form": form, "back": back, "above": str(check)}
    )
