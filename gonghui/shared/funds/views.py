"""The bank's file of a batch, the bank's answer to it, and paying again what failed."""

from __future__ import annotations

from datetime import date
from typing import Any, cast

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds.models import PayBatch
from gonghui.shared.funds.services import bank, formats, paying
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

MOST_BYTES = 20 * 1024 * 1024


class AnswerForm(forms.Form):
    """The bank's answer and the day it booked the payments."""

    value_on = forms.DateField(
        label="入账日期",
        error_messages={"required": "请填写入账日期。", "invalid": "请填写正确的日期。"},
        widget=forms.DateInput(attrs={"class": "form-control", "type": "date"}),
    )
    file = forms.FileField(
        label="回盘文件（Excel或CSV）",
        help_text="须有序号、账号、金额、结果四列，失败的另填原因；批次选了银行文件模板的，按该银行的回盘模板。",
        error_messages={"required": "请选择文件。", "empty": "文件是空的，请重新选择。"},
        widget=forms.FileInput(attrs={"class": "form-control", "accept": ".xlsx,.xls,.csv,.txt"}),
    )

    def clean_value_on(self) -> date:
        """Not in the future."""
        day = cast("date", self.cleaned_data["value_on"])
        if day > clock.today():
            raise forms.ValidationError("入账日期不能晚于今天。")
        return day

    def clean_file(self) -> UploadedFile[bytes]:
        """Refused before it is read if it is too big."""
        file = cast("UploadedFile[bytes]", self.cleaned_data["file"])
        if (file.size or 0) > MOST_BYTES:
            raise forms.ValidationError("文件超过20MB，请拆分后再上传。")
        return file


def _batch(request: HttpRequest, pk: int) -> tuple[PayBatch, Actor]:
    actor = actor_of_request(request)
    return record_or_404(register_of(PayBatch), pk, actor), actor


def _require_finance(actor: Actor, batch: PayBatch) -> None:
    if not actor.has_role(Role.FINANCE, over=batch.org_id):
        raise NotAllowed("银行文件须由财务办理。")


@never_cache
@require_POST
def bank_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file with account numbers in clear; each download is noted, which is why it is posted."""
    batch, actor = _batch(request, pk)
    _require_finance(actor, batch)
    ending, kind = formats.name_and_type(batch.bank_template)
    return download(bank.download(batch, by=actor), f"{batch.number}代发文件.{ending}", kind)


@require_http_methods(["GET", "HEAD", "POST"])
def bank_answer(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the bank's answer; nothing is registered unless every row fits."""
    batch, actor = _batch(request, pk)
    _require_finance(actor, batch)
    form = AnswerForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            answer = bank.take_answer(
                batch,
                bytes(file.read()),
                file_name=file.name or "回盘",
                value_on=form.cleaned_data["value_on"],
                by=actor,
            )
            text = f"已登记：成功{answer.paid_count}笔，失败{answer.failed_count}笔。"
            messages.success(request, text)
            return redirect(_home(batch))
        except DomainError as error:
            form.add_error("file", error.message)
    return render(request, "funds/answer.html", _context(batch) | {"form": form})


@require_POST
def reissue(request: HttpRequest, pk: int) -> HttpResponse:
    """Opens a new batch of what failed."""
    batch, actor = _batch(request, pk)
    require(actor, "change", register_of(PayBatch), batch.org_id)
    return redirect(_home(paying.reissue(batch, by=actor)))


def _home(batch: PayBatch) -> str:
    return record_url(register_of(batch), batch)


def _context(batch: PayBatch) -> dict[str, Any]:
    return {"title": "导入银行回盘", "above": str(batch), "back": _home(batch)}
