"""One action on one record: a step of its workflow, voiding it, handing it over."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.records.models import RecordLink
from gonghui.kernel.registers import write
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import (
    makers_of,
    masked_for,
    require,
    require_move,
    require_other_hands,
)
from gonghui.kernel.registers.registry import handovers_from, register_of
from gonghui.kernel.workflow.declare import Transition
from gonghui.web import moves, show
from gonghui.web.columns import record_url
from gonghui.web.forms import RegisterForm
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.requests import actor_of_request

REASON_HINT = "原因会记入历史，经办各方都能看到。"


class ActionForm(RegisterForm):
    """What an action asks for, and the reason or remark that goes with it."""

    def __init__(
        self,
        register: Register,
        asks: tuple[str, ...],
        record: Any,
        data: Any,
        *,
        needs_reason: bool,
    ) -> None:
        super().__init__(register, asks, record, data, are_optional=True)
        self.fields["reason"] = forms.CharField(
            label="原因" if needs_reason else "办理意见",
            required=needs_reason,
            max_length=400,
            help_text=REASON_HINT if needs_reason else "可不填。",
            error_messages={"required": "请说明原因。"},
            widget=forms.Textarea(attrs={"class": "form-control", "rows": 3}),
        )

    @property
    def reason(self) -> str:
        """The reason as it was typed."""
        return str(self.cleaned_data["reason"]).strip()

    @property
    def rows(self) -> list[forms.BoundField]:
        """All fields in order."""
        return [self[name] for name in self.fields]


def transition_or_404(register: Register, action: str) -> Transition:
    """The declared action of a name."""
    found = register.workflow.transition(action) if register.workflow else None
    if found is None:
        raise Http404
    return found


@require_http_methods(["GET", "HEAD", "POST"])
def perform(request: HttpRequest, key: str, pk: int, action: str) -> HttpResponse:
    """A step of a record's workflow."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    found = record_or_404(register, pk, actor)
    transition = transition_or_404(register, action)
    _check(actor, register, found, transition)
    form = ActionForm(
        register,
        transition.asks,
        found,
        request.POST or None,
        needs_reason=transition.needs_reason,
    )
    if request.method == "POST" and form.is_valid():
        try:
            write.perform(
                found,
                action,
                by=actor,
                reason=form.reason,
                version=_seen(request, found),
                **form.values,
            )
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, f"已办理：{transition.label}。")
            return redirect(_where_to(register, found))
    return _page(request, register, found, form, transition.label)


def _where_to(register: Register, record: Any) -> str:
    """The record's page, or the list where the action took the record out of the actor's scope."""
    if register.model.objects.filter(pk=record.pk).exists():
        return record_url(register, record)
    return reverse("web:list", args=[register.key])


def _check(actor: Actor, register: Register, found: Any, transition: Transition) -> None:
    """Refuse before the form is filled in what would be refused after it."""
    require_move(actor, transition, found)
    if transition not in moves.of_record(actor, register, found):
        makers = makers_of(register, [transition], [found.pk])
        require_other_hands(actor, transition, found, makers)
        now = show.state_label(register, found.state)
        raise Conflict(f"该记录现为“{now}”，不能“{transition.label}”；可能刚由他人办理。")


def _seen(request: HttpRequest, found: Any) -> int:
    sent = request.POST.get("version", "")
    return int(sent) if sent.isdecimal() and len(sent) < 10 else int(found.version)


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """Takes a record out of lists and figures, for a reason."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    found = record_or_404(register, pk, actor)
    require(actor, "void", register, found.org_id)
    if found.voided_at is not None:
        raise Conflict("该记录已作废，不能再改动。")
    try:
        write.check_may_be_voided(register, found)
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(record_url(register, found))
    form = ActionForm(register, (), found, request.POST or None, needs_reason=True)
    if request.method == "POST" and form.is_valid():
        try:
            write.void(found, by=actor, reason=form.reason, version=_seen(request, found))
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, "已作废。记录仍可查看，但不再计入任何数字。")
            return redirect(record_url(register, found))
    return _page(request, register, found, form, "作废", is_void=True)


def _page(
    request: HttpRequest,
    register: Register,
    found: Any,
    form: ActionForm,
    label: str,
    *,
    is_void: bool = False,
) -> HttpResponse:
    context = {
        "register": register,
        "record": found,
        "title": label_of(found, masked=masked_for(actor_of_request(request), register, found)),
        "label": label,
        "form": form,
        "back": record_url(register, found),
        "is_void": is_void,
    }
    return render(request, "web/action.html", context)


@require_POST
def handover(request: HttpRequest, key: str, pk: int, position: int) -> HttpResponse:
    """Hands a record over to another register and links the two."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    found = record_or_404(register, pk, actor)
    if position >= len(handovers_from(register.key)):
        raise Http404
    possible = {place: (to, how) for place, to, how in moves.handovers(actor, register, found)}
    if position not in possible:
        raise NotAllowed("您没有办理这项转办的权限。")
    _, declared = possible[position]
    try:
        with transaction.atomic():
            made = declared.make(found, actor)
            target = register_of(made)
            RecordLink.objects.get_or_create(
                from_register=register.key,
                from_id=found.pk,
                to_register=target.key,
                to_id=made.pk,
                kind=declared.label[:40],
                defaults={"made_at": clock.now(), "made_by": actor.user_id},
            )
    except DomainError as error:
        messages.error(request, error.message)
        return redirect(record_url(register, found))
    messages.success(request, f"已{declared.label}，请核对转来的内容。")
    return redirect(record_url(target, made))
