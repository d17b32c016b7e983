"""Pages beside the registers: enterprises without a union, terms that end, the founding funnel."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
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
from gonghui.kernel.orgs.models import Org, OrgState
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.orgs.models import CensusUnit, UnionFormation, UnionTerm
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
sees_renewals = holders(Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
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


# Lists in parts by a date: enterprises without a union, terms that end


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A part of a list by its date."""

    code: str
    label: str
    count: int


Parts = dict[str, tuple[str, Q]]


def _in_parts(
    request: HttpRequest, register: Register, base: Any, parts: Parts, template: str
) -> HttpResponse:
    """A list of live records with its parts to choose from and their numbers, those due first on top."""
    due = request.GET.get("due", "")
    due = due if due in parts else ""
    counted = permitted(actor_of_request(request), "view", register, base).aggregate(
        **{f"n_{code}": Count("pk", filter=wanted) for code, (_, wanted) in parts.items() if code},
        n_=Count("pk"),
    )
    listing = rows_for(register, request, base=base)
    # None of the rows is a voided one: there is nothing to tick.
    listing = replace(
        listing,
        rows=listing.rows.filter(parts[due][1]),
        has_voided=False,
        sort=listing.sort or "due_on",
    )
    context = {
        "dues": [
            Choice(code=code, label=label, count=counted[f"n_{code}"])
            for code, (label, _) in parts.items()
        ],
        "due": due,
        "kept": [("due", due)] if due else [],
        "today": clock.today(),
    }
    return _answer(request, template, listing, context)


@require_safe
def without_union(request: HttpRequest) -> HttpResponse:
    """The enterprises in scope that have no union today, those due first on top."""
    _actor(request, sees_employers)
    today = clock.today()
    parts: Parts = {
        "": ("全部", Q()),
        "late": ("已过应建期限", Q(due_on__lt=today)),
        "running": ("未到期限", Q(due_on__gte=today)),
        "unknown": ("期限不明", Q(due_on=None)),
    }
    base = counting.without_union(today)
    return _in_parts(request, register_of(CensusUnit), base, parts, "orgs/without_union.html")


_RADAR_DAYS = (30, 60, 120)


@require_safe
def renewals(request: HttpRequest) -> HttpResponse:
    """The terms in scope that are overdue or end within 120 days, by how near that is."""
    _actor(request, sees_renewals)
    today = clock.today()
    # A term is overdue from the day after its last one.
    ends = [today, *(today + timedelta(days=days + 1) for days in _RADAR_DAYS)]
    parts: Parts = {
        "": ("全部", Q()),
        "late": ("已超期", Q(overdue_from__lte=today)),
    }
    for days, after, end in zip(_RADAR_DAYS, ends, ends[1:], strict=False):
        parts[f"within_{days}"] = (
            f"{days}天内届满",
            Q(overdue_from__gt=after, overdue_from__lte=end),
        )
    base = UnionTerm.objects.filter(ended_on=None, voided_at=None, overdue_from__lte=ends[-1])
    base = base.exclude(org__state=OrgState.DISSOLVED)
    return _in_parts(request, register_of(UnionTerm), base, parts, "orgs/renewals.html")


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
