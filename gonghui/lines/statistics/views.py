"""A statutory form as a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_safe

from gonghui.base import clock
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import Column, write_rows
from gonghui.kernel.files.kinds import XLSX
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.statistics.form_page import values_of
from gonghui.lines.statistics.language import cell_name
from gonghui.lines.statistics.models import FormReturn, ReturnValue
from gonghui.lines.statistics.services import forms
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

_LABELS = "甲乙丙"


@require_safe
def form_file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A return laid out as the authority prescribes it, with its signatures' line."""
    found = record_or_404(register_of(FormReturn), pk, actor_of_request(request), "export")
    # Not a context manager: the response reads the file and closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    _write(file, found)
    name = f"{found.form.code}{found.form.title}（{found.org}，{found.period}）.xlsx"
    return download(file, name, XLSX)


def _write(file: Any, found: FormReturn) -> None:
    values = {forms.name_of(value.cell): value for value in values_of(found)}
    layout = forms.layout_of([value.cell for value in values.values()])

    def box(row: str, column: str) -> object:
        there = values.get(cell_name(row, column))
        if there is None:
            return ""
        return there.note if there.value is None else there.value.normalize()

    numbers = [
        [row.label, row.unit, row.code, *(box(row.code, c.code) for c in layout.columns)]
        for row in layout.rows
    ]
    columns = [
        Column(label="指标名称", width=36),
        Column(label="计量单位", width=10),
        Column(label="代码", width=8),
        *(Column(label=column.label, kind=CellKind.DECIMAL) for column in layout.columns),
    ]
    write_rows(
        file,
        columns,
        [[*_LABELS, *(column.code for column in layout.columns)], *numbers],
        title=found.form.title,
        sheet_name=found.form.title,
        lead=_lead(found),
        watermark_note=_read(found) + _said(values.values()),
        sign_off="单位负责人：　　　　　　统计负责人：　　　　　　填表人：　　　　　　报出日期：　　　年　　月　　日",
    )


def _lead(found: FormReturn) -> tuple[str, ...]:
    form = found.form
    approval = f"　　制表依据：{form.approval}" if form.approval else ""
    return (
        f"表号：{form.code}（第{form.version_no}版）　　制定机关：{form.authority}{approval}",
        f"填报单位：{found.org}　　报告期：{found.period}",
    )


def _said(values: Iterable[ReturnValue]) -> str:
    """What has to be said of numbers, which stand alone in their cells."""
    marked = [value for value in values if value.value is not None and value.note]
    return "".join(f"；{forms.name_of(value.cell)}{value.note}" for value in marked)


def _read(found: FormReturn) -> str:
    read = found.as_of.astimezone(clock.ZONE)
    whence = f"封存集“{found.sealed_set}”" if found.sealed_set_id else "台账"
    return f"数取自{whence}，取数时点：{read:%Y-%m-%d %H:%M}"
