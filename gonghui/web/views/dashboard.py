"""The dashboard: key figures on tiles, the next level side by side, what is late."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.base import clock
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.workflow.models import Task
from gonghui.web import cards, figure_text, figuring, tasks, windows
from gonghui.web.figure_text import Shown
from gonghui.web.panels import on_dashboard
from gonghui.web.requests import actor_of_request
from gonghui.web.windows import Window

MOST_LATE = 200
COUNTED = 1000

Found = dict[tuple[str, int], Figure]


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


@require_safe
def dashboard(request: HttpRequest) -> HttpResponse:
    """Key figures of the user's subtree; every number opens its figure."""
    actor = actor_of_request(request)
    board = cards.board_of(actor)
    if board is None:
        raise Http404
    window = windows.read(request)
    tiles, compared = cards.installed(board.tiles), cards.installed(board.compared)
    lower = [
        org
        for org in figuring.below(window.org, window.period, window.as_of)[: figuring.MOST_PARTS]
        if org != window.org
    ]
    plans = {one.code: figuring.plan_of(one.code) for one in (*tiles, *compared)}
    codes = [*plans, *(plan.code for plan in plans.values() if plan is not None)]
    found = figures(codes, [window.org, *lower], window.period, window.as_of)
    before = figuring.last_year(tiles, window)
    drawn = next((one for one in compared if one.code == request.GET.get("compare")), None)
    context = {
        "window": window,
        "choices": windows.CHOICES,
        "tiles": [_tile(one, window, found, before, plans[one.code]) for one in tiles],
        "compared": compared,
        "plans": plans,
        "drawn": drawn or next(iter(compared), None),
        "rows": [_row(org, window, compared, found, plans) for org in lower],
        "waiting": _count(tasks.waiting(actor)),
        "my_late": _count(_late(tasks.waiting(actor))),
        "late": _count(_late(_open_tasks(window))),
        "late_href": window.link("web:late"),
        "panels": on_dashboard(request, window),
    }
    return render(request, "web/dashboard.html", context)


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
        figure=figure_text.shown(found[one.code, org], one),
        plan=figure_text.shown(found[plan.code, org], plan) if plan else None,
        last_year=before[one.code],
    )


def _row(
    org: Org,
    window: Window,
    compared: list[Indicator],
    found: Found,
    plans: dict[str, Indicator | None],
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
    if cards.board_of(actor_of_request(request)) is None:
        raise Http404
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
