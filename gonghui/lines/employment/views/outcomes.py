"""What became of those who were trained, by union, by occupation or by session."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.employment.models import TrainingSession
from gonghui.lines.employment.services import outcomes as service
from gonghui.lines.employment.services.outcomes import Way
from gonghui.web import windows
from gonghui.web.columns import record_url
from gonghui.web.requests import actor_of_request
from gonghui.web.windows import Window

_KINDS = (("part", "按单位"), ("occupation", "按工种"), ("session", "按期次"))
_KINDS_OF = {"part": "单位", "occupation": "工种", "session": "期次"}
_LABELS = ("期次", "报名", "到课", "结业", "就业", "稳岗", "培训费（元）", "每个稳岗（元）")


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the table; `href` opens what is behind it."""

    name: str
    cells: list[tuple[str, str]]
    href: str = ""


@require_safe
def outcomes(request: HttpRequest) -> HttpResponse:
    """The way from the list to the kept job, of the sessions that ended in a period."""
    actor = actor_of_request(request)
    sessions = register_of(TrainingSession)
    if not actor.working or not may(actor, "view", sessions):
        raise Http404
    window = windows.read(request)
    by = request.GET.get("by", "")
    by = by if by in dict(_KINDS) else "part"
    found = service.ways(window.org, window.period)
    rows = [_row("合计", service.total_of(found)), *_rows(by, found, window)] if found else []
    context = {
        "window": window,
        "choices": windows.CHOICES,
        "is_now": True,
        "by": by,
        "more_fields": "employment/_by.html",
        "labels": _LABELS,
        "rows": rows,
        "of_what": _KINDS_OF[by],
        "tabs": [
            (label, window.link("employment:outcomes", by=code), None, code == by)
            for code, label in _KINDS
        ],
    }
    return render(request, "employment/outcomes.html", context)


def _rows(by: str, found: list[tuple[TrainingSession, Way]], window: Window) -> list[Row]:
    if by == "occupation":
        return [_row(name, way) for name, way in service.by_occupation(found)]
    if by == "session":
        register = register_of(TrainingSession)
        return [
            _row(f"{each}（{each.end_on}）", way, record_url(register, each)) for each, way in found
        ]
    return [
        _row(
            str(part or f"{window.org}（本级）"),
            way,
            window.link("employment:outcomes", org=part) if part is not None else "",
        )
        for part, way in service.by_part(window.org, found)
    ]


def _row(name: str, way: Way, href: str = "") -> Row:
    cells = [
        f"{way.sessions:,}",
        f"{way.enrolled:,}",
        f"{way.attended:,}{_share(way.attended, way.enrolled)}",
        f"{way.completed:,}{_share(way.completed, way.enrolled)}",
        f"{way.placed:,}{_share(way.placed, way.completed)}",
        f"{way.sustained:,}{_share(way.sustained, way.placed)}",
        f"{way.fees:,.2f}" if way.fees else "—",
        f"{way.cost:,.2f}" if way.cost is not None else "—",
    ]
    return Row(name=name, cells=list(zip(_LABELS, cells, strict=True)), href=href)


def _share(part: int, whole: int) -> str:
    """A part in per cent of the step before it."""
    return f"（{Decimal(part * 100) / whole:.1f}%）" if whole else ""
