"""What the pages of templates, documents and versions show beside their fields."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base.periods import Period
from gonghui.kernel.docx.saying import exact_in
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.workflow.models import Task
from gonghui.lines.reports import editing, final_check, publishing
from gonghui.lines.reports.models import (
    Contradiction,
    Edition,
    FigureEdit,
    PublishedFigure,
    ReportDoc,
    ReportFigure,
    ReportVersion,
    VouchSheet,
)
from gonghui.lines.reports.retelling import period_before, values_of
from gonghui.lines.reports.services import CAN_COME_BACK, latest_version
from gonghui.lines.reports.speaking import reading_of
from gonghui.web import moves, show, tasks, windows
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

MOST_SHOWN = 100
EDIT_COLOURS = {"open": "red", "excepted": "yellow", "recited": "green", "restored": "secondary"}
VOUCH_COLOURS = {
    "pending": "yellow",
    "open": "yellow",
    "vouched": "green",
    "objected": "red",
    "withdrawn": "secondary",
}


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
    may_return = record.state in CAN_COME_BACK and may(
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
    sheet = reverse("reports:check_sheet", args=[rows[0]["version"].pk]) if rows else None
    sources = reverse("reports:sources", args=[rows[0]["version"].pk]) if rows else None
    context = {
        "rows": rows,
        "give_back_href": give_back,
        "sheet_href": sheet,
        "sources_href": sources,
    }
    return Panel(title="稿次", template="reports/_versions.html", context=context)


def problems(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """What the final check would say of a document now; when signed, comparing a file with it."""
    if record.signed_hash:
        href = reverse("reports:check_signed", args=[record.pk])
        return Panel(title="签发稿", template="reports/_signed.html", context={"href": href})
    if record.state not in publishing.AT_WORK:
        return None
    found = final_check.problems_of(record)
    errors = [each for each in found if each.is_error]
    context = {
        "errors": errors[:MOST_SHOWN],
        "error_count": len(errors),
        "hints": [each for each in found if not each.is_error][:MOST_SHOWN],
        "moved_href": reverse("reports:moved", args=[record.pk]),
    }
    return Panel(title="终核检查", template="reports/_problems.html", context=context)


def edits(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """Numbers that were changed by hand, how each was settled, and what may be done about it."""
    actor, of_edits = actor_of_request(request), register_of(FigureEdit)
    found = [each for each in editing.edits_of([record]) if each.state != editing.RESTORED]
    if not found:
        return None
    at_work = record.state in editing.UNSETTLED
    may_restore = at_work and may(actor, "change", register, record.org_id)
    rows = [
        {
            "edit": each,
            "href": record_url(of_edits, each),
            "state": show.state_label(of_edits, each.state),
            "colour": EDIT_COLOURS[each.state],
            "restore_href": reverse("reports:restore", args=[each.pk]) if may_restore else None,
            "moves": [
                (move.label, reverse("web:do", args=[of_edits.key, each.pk, move.name]))
                for move in (moves.of_record(actor, of_edits, each) if at_work else ())
            ],
        }
        for each in found
    ]
    return Panel(title="人工改动的数", template="reports/_edits.html", context={"rows": rows})


def ways_out(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """On which other basis the ledger tells the typed number, if there is one."""
    if record.state != editing.OPEN:
        return None
    rows = [
        {"basis": each, "exact": exact_in(each.value, record.figure.unit)}
        for each in editing.other_bases(record)
    ]
    return Panel(title="处理办法", template="reports/_ways_out.html", context={"rows": rows})


def contradictions(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """Where a document tells otherwise than one that was issued, and what to do about it."""
    found = (
        Contradiction.objects.filter(document=record, voided_at=None)
        .exclude(state="settled")
        .select_related("figure", "published")
        .order_by("id")
    )
    rows = [
        {
            "contradiction": each,
            "href": record_url(register_of(each), each),
            "figure": each.figure,
            "published": each.published,
            "published_href": record_url(register_of(each.published), each.published),
        }
        for each in found
    ]
    if not rows:
        return None
    context = {"rows": rows, "to_do": publishing.TO_DO}
    return Panel(
        title="与已印发文件矛盾的数", template="reports/_contradictions.html", context=context
    )


def published_since(request: HttpRequest, register: Register, record: Any) -> Panel:
    """Every publication of the same thing, and what the ledger tells of a published figure by now."""
    told = publishing.since([record])
    rows = [
        {"published": each, "href": record_url(register, each), "is_this": each.pk == record.pk}
        for each in publishing.same_thing(record)
    ]
    context = {
        "rows": rows,
        "since": told[0] if told else None,
        "records_href": _behind(record, record.document),
    }
    return Panel(title="现时数和历次发布", template="reports/_published.html", context=context)


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


def speech(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """How long the newest version takes to read out, and its speech edition."""
    version = latest_version(record)
    if version is None or version.edition != Edition.FINAL:
        return None
    reading = reading_of(version)
    context = {
        "version": version,
        "reading": reading,
        "rows": [(part, part.lasts(reading.per_minute)) for part in reading.parts],
        "href": reverse("reports:speech_file", args=[version.pk]),
    }
    return Panel(title="发言版", template="reports/_speech.html", context=context)


def vouching_of_document(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """Whose turn it is, and for each figure of the newest version who vouched for it and when."""
    figures = publishing.figures_in_force([record])
    if not figures:
        return None
    sheets = VouchSheet.objects.filter(
        document=record, figures_of=figures[0].version_of_id, voided_at=None
    ).exclude(state="withdrawn")
    due = dict(
        Task.objects.filter(
            register="reports.vouch_sheet", record_id__in=sheets, closed_at=None
        ).values_list("record_id", "due_on")
    )
    of_figures = register_of(ReportFigure)
    context = {
        "sheets": [
            {
                "sheet": sheet,
                "href": record_url(register_of(sheet), sheet),
                "due_on": due.get(sheet.pk),
                "late": tasks.lateness(due[sheet.pk]) if sheet.pk in due else None,
                "state": show.state_label(register_of(sheet), sheet.state),
                "colour": VOUCH_COLOURS[sheet.state],
            }
            for sheet in sheets.order_by("owner")
        ],
        "figures": [_vouched(of_figures, each) for each in figures],
        "wanting": sum(each.state != "vouched" for each in figures),
    }
    return Panel(title="部室认数", template="reports/_vouching.html", context=context)


def figures_of_sheet(request: HttpRequest, register: Register, record: Any) -> Panel:
    """A department's figures with what it needs to judge them, and what it may answer."""
    actor = actor_of_request(request)
    of_figures = register_of(ReportFigure)
    found = list(
        ReportFigure.objects.filter(version_of=record.figures_of_id, owner=record.owner)
        .select_related("version_of__document")
        .order_by("id")
    )
    document = record.document
    before = values_of(found, lambda _: document.cut_off, period_before)
    definitions = {each.code: each.definition for each in catalogue.all_indicators()}
    is_going_round = document.state == "vouching" and record.state != "withdrawn"
    rows = [
        {
            **_vouched(of_figures, each),
            "definition": definitions.get(each.indicator, ""),
            "before": before.get(each.pk),
            "records_href": _behind(each, document),
            "moves": [
                (move.label, reverse("web:do", args=[of_figures.key, each.pk, move.name]))
                for move in (moves.of_record(actor, of_figures, each) if is_going_round else ())
            ],
        }
        for each in found
    ]
    return Panel(title="本部室的数", template="reports/_vouch_sheet.html", context={"rows": rows})


def _vouched(of_figures: Register, figure: ReportFigure) -> dict[str, Any]:
    """How a figure stands with its department."""
    return {
        "figure": figure,
        "href": record_url(of_figures, figure),
        "state": show.state_label(of_figures, figure.state),
        "colour": VOUCH_COLOURS[figure.state],
    }


def _behind(
    figure: ReportFigure | PublishedFigure, source: ReportVersion | ReportDoc
) -> str | None:
    """The page of the figure as it was told in a version, with its parts and records."""
    if figure.about_id is None or figure.period_from is None or figure.period_to is None:
        return None
    period = Period(figure.period_from, figure.period_to)
    # A sealed figure, or one that was swapped, was told as of another day than its document.
    told_on = date.fromisoformat(figure.as_of[:10]) if figure.as_of else source.as_of
    return windows.link_to(
        "web:figure",
        figure.indicator,
        org_id=figure.about_id,
        period=period,
        as_of=told_on,
    )
