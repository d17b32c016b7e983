"""What the pages of books, targets and matters show beside their fields, and the dashboard."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base import clock
from gonghui.base.wording import percent
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.goals import board, lamps
from gonghui.lines.goals.assessment import changed_since, ranking
from gonghui.lines.goals.matters import standings
from gonghui.lines.goals.models import Target
from gonghui.lines.goals.overview import lines_of, overview
from gonghui.web import show
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request
from gonghui.web.windows import Window


def standing_of_matter(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The light of a matter today, and of each of its targets."""
    (found,) = standings([record], clock.today())
    rows = [
        {
            "title": str(each.part.target),
            "href": record_url(register_of(each.part.target), each.part.target),
            "weight": f"{each.part.weight.normalize():f}",
            "share": share(each.share),
            "lamp": lamps.of(each.light),
            "reason": each.reason,
        }
        for each in found.parts
    ]
    context = {
        "lamp": lamps.of(found.light),
        "reason": found.reason,
        "share": share(found.share),
        "rows": rows,
    }
    return Panel(title="进度和亮灯", template="goals/_matter.html", context=context)


def share(value: Any) -> str:
    """A share as a percentage, or the sign of nothing known."""
    return show.EMPTY if value is None else percent(value, 1)


def standing_of_book(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The targets of an issued book today: what was reached, lights, what is done about it."""
    if record.issued_at is None:
        return None
    found = Target.objects.filter(plan=record, voided_at=None)
    targets = list(found.select_related("org", "plan").order_by("code", "pk"))
    return _lines(request, "完成情况", targets)


def standing_of_target(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """An issued target today, and each organisation that bears a share of it."""
    if record.plan.issued_at is None or record.voided_at is not None:
        return None
    found = Target.objects.filter(parent=record, voided_at=None, plan__issued_at__isnull=False)
    shares = list(found.select_related("org", "plan").order_by("org__code"))
    return _lines(request, "完成情况和各单位对比" if shares else "完成情况", [record, *shares])


def _lines(request: HttpRequest, title: str, targets: list[Target]) -> Panel:
    actor = actor_of_request(request)
    rows = [board.shown(line, actor) for line in lines_of(targets, clock.today())]
    return Panel(title=title, template="goals/_standing.html", context={"rows": rows})


def lights_on_dashboard(request: HttpRequest, window: Window) -> Panel | None:
    """How many targets have which light at the end of the window, and those farthest behind."""
    end = min(window.period.end, clock.today())
    found = overview(end.year, end, window.as_of, under=window.org)
    if not found.wholes:
        return None
    actor = actor_of_request(request)
    context = {
        "counts": [(lamp, found.counts()[light]) for light, lamp in lamps.LAMPS.items()],
        "rows": [board.shown(line, actor) for line in found.worst()],
        "href": f"{reverse('goals:board')}?year={end.year}&on={end}",
    }
    return Panel(title="目标亮灯", template="goals/_lights.html", context=context)


def ranking_of_scheme(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The places within the groups once scored, and what was recorded otherwise since."""
    if record.basis_at is None:
        return None
    context = {"ranks": ranking(record), "later": changed_since(record)}
    return Panel(title="得分和排名", template="goals/_ranking.html", context=context)
