"""One action on many records of a register, with a result for each."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers import write
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, require
from gonghui.kernel.registers.write import Outcome
from gonghui.web import show
from gonghui.web.columns import joins, record_url
from gonghui.web.found import register_or_404
from gonghui.web.requests import actor_of_request
from gonghui.web.views.actions import ActionForm, transition_or_404

MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What became of one record."""

    label: str
    href: str
    state: str
    colour: str
    error: str


@require_POST
def bulk(request: HttpRequest, key: str) -> HttpResponse:
    """Asks what the action needs, then does it; rows that fail do not hold up the others."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    require(actor, "view", register)
    picked = _picked(request, register)
    action = request.POST.get("action", "")
    is_void = action == "void"
    transition = None if is_void else transition_or_404(register, action)
    label = transition.label if transition else "作废"
    if not picked:
        messages.warning(request, "请先勾选要办理的记录。")
        return redirect(request.POST.get("back") or reverse("web:list", args=[key]))
    needs_reason = transition.needs_reason if transition else True
    asks = transition.asks if transition else ()
    is_sent = "confirmed" in request.POST
    form = ActionForm(
        register, asks, None, request.POST if is_sent else None, needs_reason=needs_reason
    )
    if is_sent and form.is_valid():
        try:
            outcomes = _do(register, picked, action, actor, form)
        except DomainError as error:
            form.take(error)
        else:
            return _results(request, register, picked, outcomes, label)
    context = {
        "register": register,
        "label": label,
        "action": action,
        "form": form,
        "is_void": is_void,
        "picked": [(row.pk, _label(actor, register, row)) for row in picked],
        "back": reverse("web:list", args=[key]),
    }
    return render(request, "web/bulk.html", context)


def _picked(request: HttpRequest, register: Register) -> list[Any]:
    """The ticked records that exist for the actor, in the order of the page."""
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isdecimal() and len(pk) < 19]
    if len(ids) > MOST:
        raise DomainError(f"一次最多办理{MOST}条，现勾选了{len(ids)}条，请分批办理。")
    wanted = joins(register.model, register.columns)
    found = register.model.objects.select_related(*wanted).in_bulk(ids)
    return [found[pk] for pk in dict.fromkeys(ids) if pk in found]


def _do(
    register: Register, picked: list[Any], action: str, actor: Actor, form: ActionForm
) -> list[Outcome]:
    if action == "void":
        return write.void_many(picked, by=actor, reason=form.reason)
    values = {name: value for name, value in form.values.items() if value not in (None, "", [])}
    return write.perform_many(picked, action, by=actor, reason=form.reason, **values)


def _label(actor: Actor, register: Register, row: Any) -> str:
    return label_of(row, masked=masked_for(actor, register, row))


def _results(
    request: HttpRequest,
    register: Register,
    picked: list[Any],
    outcomes: list[Outcome],
    label: str,
) -> HttpResponse:
    actor = actor_of_request(request)
    results = []
    for row, outcome in zip(picked, outcomes, strict=True):
        state = (outcome.record or row).state
        results.append(
            Result(
                label=_label(actor, register, row),
                href=record_url(register, row),
                state=show.state_label(register, state) if register.workflow else "",
                colour=show.state_colour(register, state),
                error=outcome.error.message if outcome.error else "",
            )
        )
    failed = sum(1 for result in results if result.error)
    context = {
        "register": register,
        "label": label,
        "results": sorted(results, key=lambda result: not result.error),
        "done": len(results) - failed,
        "failed": failed,
        "back": reverse("web:list", args=[register.key]),
    }
    return render(request, "web/bulk_results.html", context)
