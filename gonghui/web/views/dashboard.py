"""The dashboard: key figures on tiles, the next level side by side, what is late."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.workflow.models import Task
from gonghui.web import cards, figure_text, figuring, preferences, tasks, windows
from gonghui.web.cards import Section
from gonghui.web.figure_text import Shown
from gonghui.web.menu import indicators_by_line, title_of_line
from gonghui.web.panels import on_dashboard
from gonghui.web.requests import actor_of_request, user_of
from gonghui.web.windows import Window

MOST_LATE = 200
COUNTED = 1000

Found = dict[tuple[str, int], Figure]
Plans = dict[str, Indicator | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """A key figure with its plan and the same days of last year."""

    title: str
    href: str
    figure: Shown
    plan: Shown | None
    last_year: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number of the comparison; `plan` is empty where the indicator has no plan ratio."""

    label: str
    href: str
    figure: Shown
    plan: Shown | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """An org of the next level."""

    name: str
    href: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The tiles of a line of work."""

    title: str
    tiles: list[Tile]


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Key figures of the user's subtree; every number opens its figure."""
    actor = _holder(request)
    window = windows.read(request)
    sections = cards.sections_for(user_of(request))
    context = {
        "window": window,
        "choices": windows.CHOICES,
        "groups": _groups(sections, window),
        "waiting": _count(tasks.waiting(actor)),
        "my_late": _count(_late(tasks.waiting(actor))),
        "late": _count(_late(_open_tasks(window))),
        "late_href": window.link("web:late"),
        "panels": on_dashboard(request, window),
        **_comparison(request, sections, window),
    }
    return render(request, "web/dashboard.html", context)


def _holder(request: HttpRequest) -> Actor:
    """Who asks; 404 for roles without a dashboard."""
    actor = actor_of_request(request)
    if not cards.has_board(actor):
        raise Http404
    return actor


def _indicators(codes: Iterable[str]) -> tuple[list[Indicator], dict[str, Indicator | None]]:
    """The indicators of some codes, and what puts each over its plan."""
    found = [catalogue.indicator(code) for code in codes]
    return found, {one.code: figuring.plan_of(one.code) for one in found}


def _with_plans(plans: Plans) -> list[str]:
    return [*plans, *(plan.code for plan in plans.values() if plan is not None)]


def _groups(sections: list[Section], window: Window) -> list[Group]:
    shown, plans = _indicators(code for section in sections for code in section.tiles)
    found = figures(_with_plans(plans), [window.org], window.period, window.as_of)
    before = figuring.last_year(shown, window, figure_text.brief)
    tiles = {one.code: _tile(one, window, found, before, plans[one.code]) for one in shown}
    return [
        Group(title=title_of_line(one.line), tiles=[tiles[code] for code in one.tiles])
        for one in sections
    ]


def _comparison(request: HttpRequest, sections: list[Section], window: Window) -> dict[str, Any]:
    """The next level side by side in the figures of one line of work, one of them drawn."""
    comparable = [section for section in sections if section.compared]
    asked = request.GET.get("compare", "")
    section = next((one for one in comparable if asked in one.compared), None)
    section = section or next(iter(comparable), None)
    if section is None:
        return {"rows": [], "compared": []}
    compared, plans = _indicators(section.compared)
    lower = [
        org
        for org in figuring.below(window.org, window.period, window.as_of)[: figuring.MOST_PARTS]
        if org != window.org
    ]
    found = figures(_with_plans(plans), lower, window.period, window.as_of) if lower else {}
    return {
        "lines": [(one.compared[0], title_of_line(one.line), one == section) for one in comparable],
        "compared": compared,
        "plans": plans,
        "drawn": next((one for one in compared if one.code == asked), compared[0]),
        "rows": [_row(org, window, compared, found, plans) for org in lower],
    }


@require_http_methods(["GET", "HEAD", "POST"])
def tiles(request: HttpRequest) -> HttpResponse:
    """The user chooses which figures his dashboard shows, or goes back to what lines show."""
    _holder(request)
    user = user_of(request)
    picked = [code for section in cards.sections_for(user) for code in section.tiles]
    problem = ""
    if request.method == "POST":
        picked = [code for code in request.POST.getlist("code") if catalogue.is_declared(code)]
        back_to_all = "reset" in request.POST
        if back_to_all or 0 < len(picked) <= cards.MOST:
            preferences.choose_tiles(user, [] if back_to_all else picked)
            messages.success(request, "已恢复默认。" if back_to_all else "已保存。")
            return redirect("web:dashboard")
        problem = (
            f"看板最多放{cards.MOST}个指标，您选了{len(picked)}个。"
            if picked
            else "请至少选一个指标。"
        )
    context = {
        "groups": indicators_by_line(),
        "picked": set(picked),
        "most": cards.MOST,
        "is_own": bool(preferences.tiles_of(user)),
        "problem": problem,
    }
    return render(request, "web/tiles.html", context)


def _tile(
    one: Indicator,
    window: Window,
    found: Found,
    before: dict[str, Shown],
    plan: Indicator | None,
) -> Tile:
    org = window.org.pk
    return Tile(
        title=one.name,
        href=window.link("web:figure", one.code),
        figure=figure_text.brief(found[one.code, org], one),
        plan=figure_text.shown(found[plan.code, org], plan) if plan else None,
        last_year=before[one.code],
    )


def _row(
    org: Org,
    window: Window,
    compared: list[Indicator],
    found: Found,
    plans: Plans,
) -> Row:
    cells = []
    for one in compared:
        plan = plans[one.code]
        cells.append(
            Cell(
                label=one.name,
                href=window.link("web:figure", one.code, org=org),
                figure=figure_text.shown(found[one.code, org.pk], one),
                plan=figure_text.shown(found[plan.code, org.pk], plan) if plan else None,
            )
        )
    return Row(name=str(org), href=window.link("web:dashboard", org=org), cells=cells)


def _open_tasks(window: Window) -> QuerySet[Task]:
    found: QuerySet[Task] = Task.objects.filter(
        org__path__startswith=window.org.path, closed_at=None
    )
    return found


def _late(rows: QuerySet[Task]) -> QuerySet[Task]:
    return rows.filter(paused_from=None, due_on__lt=clock.today())


def _count(rows: QuerySet[Task]) -> str:
    found = rows.order_by()[: COUNTED + 1].count()
    return f"{COUNTED:,}+" if found > COUNTED else f"{found:,}"


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """What is overdue in the subtree, whoever owes it; the latest first."""
    _holder(request)
    window = windows.read(request)
    rows = _late(_open_tasks(window))
    found = rows.select_related("org").order_by("due_on", "pk")[:MOST_LATE]
    context = {
        "window": window,
        "count": _count(rows),
        "lines": [row for task in found if (row := tasks.as_row(task)) is not None],
        "most": MOST_LATE,
        "back": window.link("web:dashboard"),
    }
    return render(request, "web/late.html", context)
