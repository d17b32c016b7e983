"""Pages beside the registers: enterprises without a union, and the founding funnel with its records."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.orgs.models import CensusUnit, UnionFormation
from gonghui.lines.orgs.services import funnel as counting
from gonghui.lines.orgs.services.funnel import Stage
from gonghui.lines.orgs.workflows import UNION_FORMATION
from gonghui.web import windows
from gonghui.web.columns import record_url
from gonghui.web.listing import Listing, permitted, rows_for
from gonghui.web.menu import holders
from gonghui.web.requests import actor_of_request, wants_part
from gonghui.web.views.lists import list_context
from gonghui.web.windows import Window

# Whom the specification gives each page to.
sees_employers = holders(Role.STATION, Role.COUNTY, Role.DEPT, Role.LEADER)
sees_funnel = holders(Role.COUNTY, Role.DEPT, Role.LEADER)


def _actor(request: HttpRequest, may_see: Callable[[Actor], bool]) -> Actor:
    actor = actor_of_request(request)
    if not may_see(actor):
        raise Http404
    return actor


def _answer(
    request: HttpRequest, template: str, listing: Listing, more: dict[str, Any]
) -> HttpResponse:
    """A page with a list in it; htmx gets the rows alone."""
    actor = listing.actor
    context = {
        **list_context(listing),
        "has_many_orgs": actor.whole_city or len(actor.org_ids) > 1,
        **more,
    }
    response = render(request, "web/_rows.html" if wants_part(request) else template, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


# The cadre's own union


@require_safe
def own_union(request: HttpRequest) -> HttpResponse:
    """Lead a basic union's cadre to the page of his union."""
    actor = _actor(request, holders(Role.BASIC))
    own = [held.org_id for held in actor.held if held.role == Role.BASIC]
    org = Org.objects.filter(pk__in=own).order_by("-path").first()
    if org is None:
        raise Http404
    return redirect(record_url(register_of(Org), org))


# Enterprises without a union


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A part of the list by when the union is due."""

    code: str
    label: str
    count: int


def _dues(today: date) -> dict[str, tuple[str, Q]]:
    return {
        "": ("全部", Q()),
        "late": ("已过应建期限", Q(due_on__lt=today)),
        "running": ("未到期限", Q(due_on__gte=today)),
        "unknown": ("期限不明", Q(due_on=None)),
    }


@require_safe
def without_union(request: HttpRequest) -> HttpResponse:
    """The enterprises in scope that have no union today, those due first on top."""
    actor = _actor(request, sees_employers)
    today = clock.today()
    dues = _dues(today)
    due = request.GET.get("due", "")
    due = due if due in dues else ""
    base = counting.without_union(today)
    census = register_of(CensusUnit)
    counted = permitted(actor, "view", census, base).aggregate(
        **{f"n_{code}": Count("pk", filter=wanted) for code, (_, wanted) in dues.items() if code},
        n_=Count("pk"),
    )
    listing = rows_for(census, request, base=base)
    # Rows without a union are never voided ones: there is nothing to tick.
    listing = replace(
        listing,
        rows=listing.rows.filter(dues[due][1]),
        has_voided=False,
        sort=listing.sort or "due_on",
    )
    context = {
        "dues": [
            Choice(code=code, label=label, count=counted[f"n_{code}"])
            for code, (label, _) in dues.items()
        ],
        "due": due,
        "kept": [("due", due)] if due else [],
        "today": today,
    }
    return _answer(request, "orgs/without_union.html", listing, context)


# The founding funnel


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A number of the funnel; without formations there is nothing to open."""

    label: str
    count: int
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of the funnel: `href` opens the funnel of that org."""

    name: str
    href: str
    numbers: list[Number]


def _day_of(window: Window) -> date:
    return min(window.day, clock.today())


@require_safe
def funnel(request: HttpRequest) -> HttpResponse:
    """How many formations stood in each state at the end of a day, by the orgs next below."""
    _actor(request, sees_funnel)
    window = windows.read(request)
    day = _day_of(window)
    found = counting.stages(day, window.org)
    whole = Stage(part=window.org, counts=counting.total_of(found))
    context = {
        "window": window,
        "day": day,
        "states": [state.label for state in UNION_FORMATION.states],
        "rows": [_row(row, window) for row in (whole, *found)] if found else [],
    }
    return render(request, "orgs/funnel.html", context)


def _row(stage: Stage, window: Window) -> Row:
    is_below = stage.part is not None and stage.part != window.org
    own = {"own": 1} if stage.part is None else {}
    numbers = [
        Number(
            label=label,
            count=count,
            href=window.link(
                "orgs:funnel_records", org=stage.part, as_of=_day_of(window), at=state, **own
            )
            if count
            else "",
        )
        for state, label, count in _columns(stage)
    ]
    return Row(
        name=str(stage.part or f"{window.org}（本级）"),
        href=window.link("orgs:funnel", org=stage.part) if is_below else "",
        numbers=numbers,
    )


def _columns(stage: Stage) -> list[tuple[str, str, int]]:
    """State, label and number from left to right; the last one is all states together."""
    columns = [(s.code, s.label, stage.counts.get(s.code, 0)) for s in UNION_FORMATION.states]
    return [*columns, ("", "合计", sum(stage.counts.values()))]


@require_safe
def funnel_records(request: HttpRequest) -> HttpResponse:
    """Exactly the formations that make a number of the funnel, in the list of their register."""
    _actor(request, sees_funnel)
    window = windows.read(request)
    day = _day_of(window)
    state = next((one for one in UNION_FORMATION.states if one.code == request.GET.get("at")), None)
    base = counting.formations_on(day, window.org)
    if state is not None:
        base = base.filter(state_then=state.code)
    is_own = request.GET.get("own") == "1"
    if is_own:
        base = counting.at_own_level(base, window.org)
    kept = {**window.params, "as_of": day.isoformat()}
    kept |= {"at": state.code} if state is not None else {}
    kept |= {"own": "1"} if is_own else {}
    listing = replace(rows_for(register_of(UnionFormation), request, base=base), has_voided=False)
    context = {
        "window": window,
        "day": day,
        "state": state.label if state is not None else "全部",
        "is_own": is_own,
        "kept": list(kept.items()),
        "cleared": f"{reverse('orgs:funnel_records')}?{urlencode(kept)}",
        "back": window.link("orgs:funnel"),
    }
    return _answer(request, "orgs/funnel_records.html", listing, context)
