"""A register's list: which rows, in which order, which page of them.

`rows_for` is also what drill-down pages use: they give the records behind a figure as `base` and
get the same filters, sorting, paging and masking.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.http import HttpRequest

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import roles_for
from gonghui.web import choosing, filters, preferences, search
from gonghui.web.columns import Column, column, columns_of, joins, readable
from gonghui.web.requests import actor_of_request, user_of

PAGE = 50
COUNTED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a list; `before` and `after` are the keys from which the neighbours start.

    `is_whole` says that the list has no other page.
    """

    records: list[Any]
    before: int | None
    after: int | None
    is_whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list as the query string asks for it; `rows` has every matching row, unordered."""

    register: Register
    actor: Actor
    rows: QuerySet[Any]
    columns: list[Column]
    filters: list[filters.Filter]
    filters_in_use: int
    search: str
    org: Org | None
    has_voided: bool
    sort: str
    request: HttpRequest

    def count(self, page: Page) -> str:
        """How many rows match, as a page of them says it; large numbers are cut at ten thousand."""
        found = len(page.records) if page.is_whole else self.rows.order_by()[: COUNTED + 1].count()
        return f"{COUNTED:,}+" if found > COUNTED else f"{found:,}"

    def page(self) -> Page:
        """The page that the query string asks for, with what its columns show."""
        return page_of(self)


def permitted(actor: Actor, verb: str, register: Register, rows: QuerySet[Any]) -> QuerySet[Any]:
    """The rows over whose org the actor has the verb; the scope alone may reach further."""
    if actor.is_system:
        return rows
    holders = roles_for(verb, register)
    held = [h for h in actor.held if h.role in holders]
    if any(h.org_ids is None for h in held):
        return rows
    reach: frozenset[int] = frozenset().union(*(h.org_ids or frozenset() for h in held))
    if reach >= actor.org_ids and not actor.whole_city:
        return rows
    return rows.filter(**{f"{_scope_column(register)}__in": reach})


def _scope_column(register: Register) -> str:
    return register.model.scope_column


def in_subtree(register: Register, org: Org) -> Q:
    """Rows of an org and of those below it."""
    prefix = _scope_column(register).removesuffix("id").rstrip("_")
    path = f"{prefix}{LOOKUP_SEP}path" if prefix else "path"
    return Q(**{f"{path}__startswith": org.path})


def rows_for(
    register: Register, request: HttpRequest, base: QuerySet[Any] | None = None, verb: str = "view"
) -> Listing:
    """The list of a register as the request's query string asks for it, within `base` if given.

    Only rows that the actor may see (or has another verb on) are in it.
    """
    actor, query = actor_of_request(request), request.GET
    rows = register.model.objects.all() if base is None else base
    rows = permitted(actor, verb, register, rows)
    # What a figure counted is listed whatever became of it since.
    has_voided = query.get("voided") == "1" or base is not None
    if not has_voided:
        rows = rows.filter(voided_at=None)
    chosen = filters.read(register, query)
    rows = rows.filter(chosen.condition)
    org = choosing.by_key(Org.objects.all(), query.get("org.pk", "") or query.get("org", ""))
    if org is None and query.get("org", "").strip():
        org = next(iter(choosing.matches(Org.objects.all(), query["org"], limit=1)), None)
    if org is not None:
        rows = rows.filter(in_subtree(register, org))
    text = query.get("q", "").strip()
    wanted = search.condition(register, text)
    if wanted is not None:
        rows = rows.filter(wanted)
    paths = preferences.chosen_columns(user_of(request), register)
    return Listing(
        register=register,
        actor=actor,
        rows=rows,
        columns=columns_of(register, readable(register.model, paths)),
        filters=chosen.filters,
        filters_in_use=chosen.in_use + (org is not None),
        search=text,
        org=org,
        has_voided=has_voided,
        sort=_sort_of(register, query.get("sort", "")),
        request=request,
    )


def _sort_of(register: Register, asked: str) -> str:
    path = asked.removeprefix("-")
    known = {*register.columns, *register.form_fields}
    return asked if path in known and column(register.model, path).sort else ""


def page_of(listing: Listing) -> Page:
    """One page by key: the rows next after (or before) a given row in the list's order."""
    query = listing.request.GET
    backwards = "before" in query
    anchor = choosing.by_key(
        listing.register.model.objects.all(), query.get("before") or query.get("after") or ""
    )
    order = _Order(listing)
    rows = listing.rows.select_related(
        *joins(listing.register.model, [which.path for which in listing.columns])
    )
    if anchor is not None:
        rows = rows.filter(order.beyond(anchor.pk, backwards=backwards))
    found = list(rows.order_by(*order.by(backwards=backwards))[: PAGE + 1])
    has_more = len(found) > PAGE
    found = found[:PAGE]
    if backwards and anchor is not None:
        found.reverse()
        has_before, has_after = has_more, True
    else:
        has_before, has_after = anchor is not None, has_more
    return Page(
        records=found,
        before=found[0].pk if found and has_before else None,
        after=found[-1].pk if found and has_after else None,
        is_whole=anchor is None and not has_more,
    )


class _Order:
    """The order of a list: by one expression, empty values last, then by key."""

    def __init__(self, listing: Listing) -> None:
        self.listing = listing
        path = listing.sort.removeprefix("-")
        self.key = column(listing.register.model, path).sort if path else ""
        self.is_descending = listing.sort.startswith("-") or not path

    def by(self, *, backwards: bool) -> list[Any]:
        """The expressions to order by; backwards everything is turned round."""
        down = self.is_descending != backwards
        order: list[Any] = []
        if self.key:
            key = F(self.key)
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
            order.append(key.desc(**nulls) if down else key.asc(**nulls))
        return [*order, "-pk" if down else "pk"]

    def beyond(self, pk: int, *, backwards: bool) -> Q:
        """What the rows on the far side of a row fulfil."""
        side = "lt" if self.is_descending != backwards else "gt"
        past = Q(**{f"pk__{side}": pk})
        if not self.key:
            return past
        rows = self.listing.register.model.objects.filter(pk=pk)
        value = rows.values_list(self.key, flat=True).first()
        is_empty = Q(**{f"{self.key}__isnull": True})
        if value is None:
            return (~is_empty | past & is_empty) if backwards else past & is_empty
        further = Q(**{f"{self.key}__{side}": value}) | Q(**{self.key: value}) & past
        return further if backwards else further | is_empty
