"""Search-as-you-type: what a link field or a filter may be set to."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import require
from gonghui.web import choosing
from gonghui.web.columns import fields_along
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.requests import actor_of_request


@require_safe
def candidates(request: HttpRequest, key: str, field: str) -> HttpResponse:
    """The candidates of a register's link field that match `q`, for the record or parent named."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    require(actor, "view", register)
    is_own = _is_link(register, field)
    if is_own and "__" not in field and field in {*register.form_fields, "org"}:
        rows = choosing.candidates(register, field, record_in_hand(request, register))
    elif is_own and field in register.filters:
        rows = choosing.current(fields_along(register.model, field)[-1].related_model)
    else:
        raise Http404
    return _found(request, rows)


@require_safe
def orgs(request: HttpRequest) -> HttpResponse:
    """The orgs in scope that match `q`."""
    return _found(request, choosing.orgs())


def _is_link(register: Register, path: str) -> bool:
    try:
        return isinstance(fields_along(register.model, path)[-1], models.ForeignKey)
    except (FieldDoesNotExist, AttributeError):
        return False


def _found(request: HttpRequest, rows: QuerySet[Any]) -> HttpResponse:
    actor = actor_of_request(request)
    text = request.GET.get("q", "")
    options = [
        {
            "pk": row.pk,
            "label": label_of(row, masked=choosing.is_masked(actor, row)),
            "hint": _hint(row),
        }
        for row in choosing.matches(rows, text)
    ]
    return render(request, "web/_choices.html", {"options": options})


def _hint(row: Any) -> str:
    return str(next((v for n in ("code", "number", "uscc") if (v := getattr(row, n, ""))), ""))


def record_in_hand(request: HttpRequest, register: Register) -> Any:
    """The record that a form is about: the saved one, or a new one with its parent set."""
    pk, parent = request.GET.get("record", ""), request.GET.get("parent", "")
    if pk.isdecimal():
        return record_or_404(register, int(pk), actor_of_request(request))
    return new_record(register, parent)


def new_record(register: Register, parent: str = "") -> Any:
    """A record in memory, with its parent and the parent's org where one is named."""
    record: Any = register.model()
    if register.parent is None or not parent:
        return record
    link: Any = register.model._meta.get_field(register.parent)
    above = choosing.by_key(link.related_model.objects.all(), parent)
    if above is None:
        raise Http404
    setattr(record, register.parent, above)
    record.org_id = above.org_id
    return record
