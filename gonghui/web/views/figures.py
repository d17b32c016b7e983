"""Figures: the directory of all, one with its parts and changes, the records behind it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.catalogue import line_of
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.drill import RecordSet, records_of
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may, require
from gonghui.web import figure_text, figuring, menu, windows
from gonghui.web.figure_text import Shown
from gonghui.web.listing import permitted, rows_for
from gonghui.web.requests import actor_of_request, wants_part
from gonghui.web.views import export as export_view
from gonghui.web.views.lists import list_context
from gonghui.web.windows import Window


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A figure in the directory."""

    indicator: Indicator
    kind: str
    href: str
    figure: Shown
    plan: Shown | None
    plan_href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The figures of a line of work."""

    title: str
    lines: list[Line]


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """Every indicator with its figure, by line and department; all are read at once."""
    window = windows.read(request)
    text = request.GET.get("q", "").strip()
    found = sorted(
        catalogue.matching(text), key=lambda one: (line_of(one.code), one.owner, one.code)
    )
    context = {
        "window": window,
        "choices": windows.CHOICES,
        "groups": _groups(found, window),
        "count": len(found),
        "q": text,
    }
    return render(request, "web/figures.html", context)


def _groups(found: list[Indicator], window: Window) -> list[Group]:
    plans = {one.code: figuring.plan_of(one.code) for one in found}
    codes = [*plans, *(plan.code for plan in plans.values() if plan is not None)]
    values = figures(codes, [window.org], window.period, window.as_of)

    def line(one: Indicator) -> Line:
        plan = plans[one.code]
        return Line(
            indicator=one,
            kind=figuring.kind_label(one),
            href=window.link("web:figure", one.code),
            figure=figure_text.shown(values[one.code, window.org.pk], one),
            plan=figure_text.shown(values[plan.code, window.org.pk], plan) if plan else None,
            plan_href=window.link("web:figure", plan.code) if plan else "",
        )

    return [
        Group(title=menu.title_of_line(key), lines=[line(one) for one in members])
        for key, members in groupby(found, key=lambda one: line_of(one.code))
    ]


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """One figure: what it counts, its value, plans, parts, months, and why it changed."""
    indicator = _indicator_or_404(code)
    window = windows.read(request)
    compared = figuring.comparison(indicator, window, request.GET.get("issuer", ""))
    earlier = window.period.a_year_earlier()
    posted = catalogue.behind_alias(code)
    context = {
        "indicator": indicator,
        "window": window,
        "choices": windows.CHOICES,
        "kind": figuring.kind_label(indicator),
        "line_title": menu.title_of_line(line_of(code)),
        "definition": figuring.definition_of(posted, window.period.end),
        "shown": figure_text.shown(compared.total, indicator),
        "compared": compared,
        "earlier": earlier,
        "last_year": figuring.last_year([indicator], window)[code],
        "stand_in": figuring.stand_in(compared.total, indicator, window),
        "last_year_href": window.link_for(earlier, "web:figure", code),
        "left_out": figuring.left_out(actor_of_request(request), posted, window),
        "missing": figuring.missing(actor_of_request(request), indicator, window),
        "trend": figuring.trend(indicator, window),
        "sources": [catalogue.indicator(source) for source in indicator.over],
        "records_href": window.link("web:figure_records", code) if posted.is_posted else "",
        **_changes(request, posted, window),
    }
    return render(request, "web/figure.html", context)


def _changes(request: HttpRequest, posted: Indicator, window: Window) -> dict[str, Any]:
    """The part of the page that says why a figure changed, once a day to compare with is named."""
    problems: list[str] = []
    since = windows.day_of(request.GET.get("since", ""), "对比起点", problems)
    found = None
    if since is not None and posted.is_posted:
        if since >= window.day:
            problems.append(f"对比起点{since}须早于{window.day}。")
        else:
            actor = actor_of_request(request)
            found = figuring.changes(actor, posted, window, since, window.as_of)
    return {"since": since, "changes": found, "changes_problem": "".join(problems)}


def _indicator_or_404(code: str) -> Indicator:
    try:
        return catalogue.indicator(code)
    except DomainError:
        raise Http404 from None


# The records behind a figure


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How many records make a figure, and how many of them whoever looks may not see."""

    all: int
    hidden: int

    @property
    def sentence(self) -> str:
        """Both numbers in words."""
        if not self.hidden:
            return f"共{self.all:,}条"
        return f"共{self.all:,}条，其中{self.hidden:,}条您无权查看"


@require_safe
def records(request: HttpRequest, code: str) -> HttpResponse:
    """Exactly the records that make a figure, in the list of their register."""
    indicator = _indicator_or_404(code)
    window = windows.read(request)
    found = records_of(code, window.org, window.period, window.as_of)
    actor = actor_of_request(request)
    register = registry.register_of(found.register_key)
    # The tick for voided records means nothing here: the list has what was counted.
    listing = replace(rows_for(register, request, base=found.visible()), has_voided=False)
    context = {
        **list_context(listing),
        "indicator": indicator,
        "window": window,
        "counted": _counted(actor, register, found),
        "total": figure_text.number(found.total, catalogue.behind_alias(code)),
        "unit": figure_text.unit(indicator),
        "back": window.link("web:figure", code),
        "kept": list(window.params.items()),
        "cleared": window.link("web:figure_records", code),
        "has_many_orgs": actor.whole_city or len(actor.org_ids) > 1,
        "export_href": window.link("web:figure_export", code)
        if may(actor, "export", register)
        else "",
    }
    part = "web/_rows.html" if wants_part(request) else "web/figure_records.html"
    response = render(request, part, context)
    patch_vary_headers(response, ("HX-Request",))
    return response


def _counted(actor: Actor, register: Register, found: RecordSet) -> Counted:
    whole = found.count()
    seen = permitted(actor, "view", register, found.visible()).order_by().count()
    return Counted(all=whole, hidden=whole - seen)


@require_safe
def export(request: HttpRequest, code: str) -> HttpResponseBase:
    """The workbook of the records behind a figure, as far as the user may export them."""
    _indicator_or_404(code)
    window = windows.read(request)
    found = records_of(code, window.org, window.period, window.as_of)
    register = registry.register_of(found.register_key)
    require(actor_of_request(request), "export", register)
    listing = rows_for(register, request, base=found.visible(), verb="export")
    return export_view.workbook_of(listing)
