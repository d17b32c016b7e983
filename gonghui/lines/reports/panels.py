"""What the pages of templates, documents and versions show beside their fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base.periods import Period
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.reports.models import ReportFigure, ReportVersion
from gonghui.web import windows
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request


def template_file(request: HttpRequest, register: Register, record: Any) -> Panel:
    """Fetching a template's file, and giving a draft another one."""
    may_upload = (
        record.state == "draft"
        and record.voided_at is None
        and may(actor_of_request(request), "change", register, record.org_id)
    )
    context = {
        "file_href": reverse("reports:template_file", args=[record.pk]) if record.file_id else None,
        "upload_href": reverse("reports:upload", args=[record.pk]) if may_upload else None,
    }
    return Panel(title="模板文件", template="reports/_template_file.html", context=context)


def versions(request: HttpRequest, register: Register, record: Any) -> Panel:
    """A document's versions with their files, newest first."""
    found = ReportVersion.objects.filter(document=record, voided_at=None).order_by("-n")
    may_return = record.state in {"filled", "reviewing"} and may(
        actor_of_request(request), "change", register, record.org_id
    )
    rows = [
        {
            "version": version,
            "href": record_url(register_of(version), version),
            "file_href": reverse("reports:version_file", args=[version.pk]),
        }
        for version in found
    ]
    give_back = reverse("reports:give_back", args=[record.pk]) if may_return else None
    context = {"rows": rows, "give_back_href": give_back}
    return Panel(title="稿次", template="reports/_versions.html", context=context)


def figures(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The figures that a version prints; a returned one shows those it was made from."""
    source = record.based_on or record
    found = ReportFigure.objects.filter(version_of=source).order_by("id")
    rows = [
        {
            "figure": each,
            "href": record_url(register_of(each), each),
            "records_href": _behind(each, source),
        }
        for each in found
    ]
    context = {"rows": rows, "file_href": reverse("reports:version_file", args=[record.pk])}
    return Panel(title="引用数", template="reports/_figures.html", context=context)


def _behind(figure: ReportFigure, version: ReportVersion) -> str | None:
    """The page of the figure as it was told in the version, with its parts and records."""
    if figure.about_id is None or figure.period_from is None or figure.period_to is None:
        return None
    period = Period(figure.period_from, figure.period_to)
    return windows.link_to(
        "web:figure",
        figure.indicator,
        org_id=figure.about_id,
        period=period,
        as_of=version.as_of,
    )
