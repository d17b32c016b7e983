"""Queries of figures that are kept under a name (常用查询): asked, saved, shared, exported."""

from __future__ import annotations

import tempfile

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import Column, Sheet, write_sheets
from gonghui.kernel.files.kinds import XLSX
from gonghui.web import menu, preferences, queries, windows
from gonghui.web.downloads import download
from gonghui.web.queries import Line, Query
from gonghui.web.requests import actor_of_request, user_of

# What saved views of this page are kept under.
PLACE = "figures"


@require_safe
def query(request: HttpRequest) -> HttpResponse:
    """The answer of a query, with the queries that the user and his office have kept."""
    _refuse_strangers(request)
    asked, user = queries.read(request), user_of(request)
    here = request.GET.urlencode()
    context = {
        "query_asked": asked,
        "window": asked.window,
        "choices": windows.CHOICES,
        "more_fields": "web/_query_fields.html",
        "groups": menu.indicators_by_line(),
        "picked": {one.code for one in asked.indicators},
        "compared_choices": queries.COMPARED,
        "lines": queries.lines_of(asked) if asked.indicators else [],
        "own": preferences.views_of(user, PLACE),
        "of_office": preferences.views_of_office(user, PLACE),
        "sharing": preferences.sharing_label(user),
        "here_query": here,
        "export_href": f"{reverse('web:query_export')}?{here}",
    }
    return render(request, "web/query.html", context)


def _refuse_strangers(request: HttpRequest) -> None:
    """Figures are for those who work with records."""
    if not actor_of_request(request).working:
        raise Http404


@require_POST
def saved(request: HttpRequest) -> HttpResponse:
    """Keep the query in hand under a name, or forget one of one's own."""
    _refuse_strangers(request)
    user, address = user_of(request), reverse("web:query")
    if "drop" in request.POST:
        preferences.drop_view(user, PLACE, request.POST["drop"])
        messages.success(request, "已删除。")
        return redirect(address)
    asked = request.POST.get("query", "")
    try:
        name, shared = request.POST.get("name", ""), "shared" in request.POST
        preferences.save_view(user, PLACE, name, asked, shared=shared)
        messages.success(request, "已保存，以后在本页一点即开。")
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{address}?{asked}")


@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """The answer as a workbook, with a sheet that says what the numbers mean and as known when."""
    _refuse_strangers(request)
    asked = queries.read(request)
    if not asked.indicators:
        raise DomainError("请先选择指标。")
    # Not a context manager: the response reads the file and closes it.
    file = tempfile.TemporaryFile()  # noqa: SIM115
    write_sheets(file, _sheets(asked, actor_of_request(request).name))
    return download(file, f"指标查询{clock.now():%Y%m%d%H%M}.xlsx", XLSX)


def _sheets(asked: Query, by: str) -> list[Sheet]:
    window, earlier, now = asked.window, asked.earlier, clock.now()
    stamp = f"导出人：{by}　导出时间：{now:%Y-%m-%d %H:%M}"
    lead = (f"{window.org}　{window.period.label()}　{window.told()}",)
    compared = dict(queries.COMPARED)[asked.compared]
    columns = [
        *(Column(label=label) for label in ("指标", "工会", "计量单位")),
        Column(label=window.period.label(), kind=CellKind.DECIMAL),
    ]
    if earlier is not None:
        columns += [
            Column(label=f"{compared}（{earlier.label()}）", kind=CellKind.DECIMAL),
            Column(label="增减"),
        ]
    columns.append(Column(label="备注", width=24))
    labels = ("指标", "编码", "计量单位", "算法", "归口部室", "计", "不计", "边界情形", "口径版本")
    meant = [Column(label=label, width=40 if label in {"计", "不计"} else None) for label in labels]
    return [
        Sheet(
            columns=columns,
            rows=[_cells(line, has_base=earlier is not None) for line in queries.lines_of(asked)],
            name="指标",
            title="指标查询",
            lead=lead,
            watermark_note=stamp,
        ),
        Sheet(
            columns=meant,
            rows=queries.definitions_of(asked),
            name="口径",
            title="指标口径",
            lead=lead,
            watermark_note=stamp,
        ),
    ]


def _cells(line: Line, *, has_base: bool) -> list[object]:
    said = [line.now.note, *line.now.marks]
    if line.before is not None:
        said += [f"对比：{text}" for text in (line.before.note, *line.before.marks) if text]
    return [
        line.indicator.name,
        str(line.org),
        line.indicator.unit,
        line.value,
        *([line.base, line.change] if has_base else []),
        "；".join(text for text in said if text),
    ]
