"""The list of a register, and the directory of all registers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_safe

from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may, require
from gonghui.web import menu, moves, preferences, printing, show
from gonghui.web.columns import cell, column, record_url
from gonghui.web.found import register_or_404
from gonghui.web.listing import Listing, rows_for
from gonghui.web.requests import actor_of_request, user_of, wants_part
from gonghui.web.views import help


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A line of a list."""

    pk: int
    href: str
    is_voided: bool
    cells: list[show.Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """A column's heading; `sort` is what a click on it asks for, empty where it cannot be sorted."""

    label: str
    sort: str
    order: str
    is_number: bool


def headings(listing: Listing) -> list[Heading]:
    """The headings of a list with their sorting."""
    return [
        Heading(
            label=which.label,
            sort=(f"-{which.path}" if listing.sort == which.path else which.path)
            if which.sort
            else "",
            order={which.path: "ascending", f"-{which.path}": "descending"}.get(listing.sort, ""),
            is_number=which.is_number,
        )
        for which in listing.columns
    ]


def lines(listing: Listing, records: list[Any]) -> list[Row]:
    """The lines of a page of a list, masked for whoever looks."""
    register, actor = listing.register, listing.actor
    masked = {
        record.org_id: masked_for(actor, register, record)
        for record in {record.org_id: record for record in records}.values()
    }
    return [
        Row(
            pk=record.pk,
            href=record_url(register, record),
            is_voided=record.voided_at is not None,
            cells=[
                cell(actor, register, record, which, masked=masked[record.org_id])
                for which in listing.columns
            ],
        )
        for record in records
    ]


def list_context(listing: Listing) -> dict[str, Any]:
    """What `_rows.html` needs; drill-down pages give it their own listing."""
    page = listing.page()
    states = {record.state for record in page.records}
    may_void = may(listing.actor, "void", listing.register)
    return {
        "register": listing.register,
        "listing": listing,
        "page": page,
        "headings": headings(listing),
        "lines": lines(listing, page.records),
        "count": listing.count(page),
        "bulk_actions": [
            *moves.of_list(listing.actor, listing.register, states),
            *([("void", "作废")] if may_void else []),
        ],
    }


@require_safe
def rows(request: HttpRequest, key: str) -> HttpResponse:
    """The list of a register; htmx gets the rows alone."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    require(actor, "view", register)
    listing = rows_for(register, request)
    context = list_context(listing)
    if wants_part(request):
        response = render(request, "web/_rows.html", context)
    else:
        response = render(request, "web/list.html", {**context, **_around(request, register)})
    patch_vary_headers(response, ("HX-Request",))
    return response


def _around(request: HttpRequest, register: Register) -> dict[str, Any]:
    actor, user = actor_of_request(request), user_of(request)
    return {
        "line_title": menu.title_of_line(register.line),
        "may_add": may(actor, "add", register)
        and register.parent is None
        and bool(register.form_fields),
        "may_import": register.import_sheet is not None
        and not Layout(register).needs_parent
        and may(actor, "import", register),
        "may_export": may(actor, "export", register),
        "help_page": register.line if register.line in help.pages() else "",
        "rosters": printing.rosters_of(register) if may(actor, "export", register) else [],
        "has_many_orgs": actor.whole_city or len(actor.org_ids) > 1,
        "views": preferences.views_of(user, register.key),
        "of_office": preferences.views_of_office(user, register.key),
        "sharing": preferences.sharing_label(user),
        "possible_columns": [
            (name, column(register.model, name).label)
            for name in preferences.possible_columns(register)
        ],
        "chosen_columns": preferences.chosen_columns(user, register),
    }


@require_safe
def directory(request: HttpRequest) -> HttpResponse:
    """All registers that the user may view, by line; the menu of telephones."""
    return render(
        request,
        "web/directory.html",
        {"groups": menu.groups_for(actor_of_request(request))},
    )
