"""The table of all targets (目标总表): what the leader sees first, and what a county sees of its own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gonghui.base import clock
from gonghui.base.wording import percent
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.goals import lamps, planned
from gonghui.lines.goals.light import Light, Standing
from gonghui.lines.goals.matters import matters_of
from gonghui.lines.goals.models import Issuer, SupervisionItem, Target
from gonghui.lines.goals.models.supervision import DONE_STATES
from gonghui.lines.goals.overview import HeatRow, Line, Overview, overview
from gonghui.web import moves, show, windows
from gonghui.web.columns import record_url
from gonghui.web.requests import actor_of_request

ITEMS_SHOWN = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """A target as the board tells it; `press_href` makes a supervision item of it."""

    code: str
    name: str
    issuer: str
    org: str
    dept: str
    href: str
    target: str
    actual: str
    lamp: lamps.Lamp
    reason: str
    outlook: str
    is_lowered: bool
    item: Answer | None
    press_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A supervision item with what its bearer says."""

    label: str
    href: str
    state: str
    lamp: lamps.Lamp | None
    lag_reason: str
    remedy: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatLine:
    """A target that was split, one cell for each organisation; an empty one has no share."""

    name: str
    href: str
    lamp: lamps.Lamp
    cells: list[tuple[str, lamps.Lamp, str] | None]


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """The targets of a year on a day: lights, the worst with what is done about them, matters."""
    actor = actor_of_request(request)
    if not actor.working:
        raise Http404
    problems: list[str] = []
    year = _year(request)
    on = windows.day_of(request.GET.get("on", ""), "统计到哪一天", problems)
    on = on or min(clock.today(), date(year, 12, 31))
    found = overview(year, on)
    context = {
        "year": year,
        "on": on,
        "problem": "".join(problems),
        "lamps": lamps.LAMPS,
        "counts": found.counts(),
        "count": len(found.wholes),
        "depts": found.by_dept(),
        "worst": [shown(line, actor) for line in found.worst()],
        "lines": [shown(line, actor) for line in found.wholes],
        "orgs": found.orgs,
        "heat": [_heat(row, found) for row in found.heat],
        "matters": _matters(year, on),
        "items": pressed(),
        "items_href": reverse("web:list", args=["goals.supervision_item"]),
    }
    return render(request, "goals/board.html", context)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return min(max(year, 2000), 2100)


def shown(line: Line, actor: Actor) -> Shown:
    """A target in words."""
    target, measured = line.target, line.measured
    name, unit = planned.named(target.indicator)
    standing = measured.standing
    return Shown(
        code=target.code,
        name=name or target.clause,
        issuer=str(Issuer(target.issuer).label),
        org=str(target.org),
        dept=target.lead_dept,
        href=record_url(register_of(Target), target),
        target=number(measured.terms.value, unit),
        actual=number(measured.actual, unit) if measured.actual is not None else measured.note,
        lamp=lamps.of(line.light),
        reason=standing.reason if standing else f"{measured.note}。",
        outlook=outlook(standing, unit),
        is_lowered=measured.terms.is_lowered,
        item=answer(line.item) if line.item is not None else None,
        press_href=_press(line, actor),
    )


def answer(item: SupervisionItem) -> Answer:
    """What is done about a target that is behind."""
    return Answer(
        label=str(item),
        href=record_url(register_of(SupervisionItem), item),
        state=show.state_label(register_of(SupervisionItem), item.state),
        lamp=lamps.SLIPS.get(item.colour),
        lag_reason=item.lag_reason,
        remedy=item.remedy,
    )


def outlook(standing: Standing | None, unit: str) -> str:
    """Where it will end at the present pace, and the pace that is needed."""
    if standing is None:
        return ""
    text = ""
    if standing.forecast is not None:
        text = f"到期预计{_short(standing.forecast.mid, unit)}"
        text += (
            f"（{_short(standing.forecast.low, unit)}至{_short(standing.forecast.high, unit)}）。"
        )
    elif standing.forecast_note:
        text = f"到期预计：{standing.forecast_note}。"
    if standing.weekly_needed is not None and standing.weekly_now is not None:
        needed, now = _short(standing.weekly_needed, unit), _short(standing.weekly_now, unit)
        text += f"每周需{needed}，目前{now}。"
    return text


def number(value: Decimal | None, unit: str) -> str:
    """A value of a target or what was reached of it."""
    if value is None:
        return show.EMPTY
    if unit == "%":
        return percent(value, 1)
    return f"{value.normalize():,f}{unit}"


def _short(value: Decimal, unit: str) -> str:
    if unit == "%":
        return percent(value, 1)
    return f"{value.quantize(Decimal('0.1'), rounding=ROUND_HALF_UP):,}"


def _press(line: Line, actor: Actor) -> str:
    """Where one tap makes an item: of what is behind and has none open."""
    is_open = line.item is not None and line.item.state not in DONE_STATES
    if is_open or line.light not in {Light.RED, Light.YELLOW}:
        return ""
    register = register_of(Target)
    for position, receiver, _ in moves.handovers(actor, register, line.target):
        if receiver.model is SupervisionItem:
            return reverse("web:handover", args=[register.key, line.target.pk, position])
    return ""


def _heat(row: HeatRow, found: Overview) -> HeatLine:
    register = register_of(Target)
    cells: list[tuple[str, lamps.Lamp, str] | None] = []
    for org in found.orgs:
        line = row.shares.get(org.pk)
        if line is None:
            cells.append(None)
            continue
        done = percent(line.measured.share) if line.measured.share is not None else show.EMPTY
        cells.append((done, lamps.of(line.light), record_url(register, line.target)))
    name, _ = planned.named(row.whole.target.indicator)
    return HeatLine(
        name=f"{row.whole.target.code} {name or row.whole.target.clause}",
        href=record_url(register, row.whole.target),
        lamp=lamps.of(row.whole.light),
        cells=cells,
    )


def _matters(year: int, on: date) -> list[dict[str, Any]]:
    return [
        {
            "title": str(each.matter),
            "href": record_url(register_of(each.matter), each.matter),
            "lamp": lamps.of(each.light),
            "share": show.EMPTY if each.share is None else percent(each.share, 1),
            "reason": each.reason,
        }
        for each in matters_of(year, on)
    ]


def pressed() -> list[Answer]:
    """The open items on a red slip, the longest overdue first."""
    items = SupervisionItem.objects.filter(colour="red", voided_at=None)
    late = items.exclude(state__in=DONE_STATES).order_by("due_on", "pk")[:ITEMS_SHOWN]
    return [answer(item) for item in late]
