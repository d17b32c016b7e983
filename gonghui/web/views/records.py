"""The page of a record, today or as of a past day, and showing a hidden value for a purpose."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.records import sealing
from gonghui.kernel.records.fields import SealedField
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, require
from gonghui.kernel.workflow.declare import State
from gonghui.kernel.workflow.models import Task
from gonghui.web import links, menu, moves, printing, show, tasks, versions
from gonghui.web.columns import can_reveal, cell, column, readable, record_url
from gonghui.web.found import fields_shown, record_or_404, register_or_404
from gonghui.web.panels import panels_of
from gonghui.web.requests import actor_of_request


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """Where a record stands in its workflow: the steps, who is next, by when."""

    steps: list[tuple[State, str]]
    waits_for: str
    due_on: date | None
    late: tasks.Lateness | None


def standing(register: Register, record: Any) -> Standing | None:
    """The workflow bar of a record; None for a register without one."""
    workflow = register.workflow
    if workflow is None or len(workflow.states) < 2:
        return None
    codes = workflow.path()
    if record.state not in codes:
        codes = (codes[0], record.state)
    here = codes.index(record.state)
    marks = ["passed" if i < here else "here" if i == here else "" for i in range(len(codes))]
    task = Task.objects.filter(register=register.key, record_id=record.pk, closed_at=None).first()
    roles = "、".join(_who(task, Role(code)) for code in task.roles) if task else ""
    return Standing(
        steps=[(workflow.state(code), mark) for code, mark in zip(codes, marks, strict=True)],
        waits_for=roles,
        due_on=task.due_on if task else None,
        late=tasks.lateness(task.due_on, is_paused=task.paused_from is not None)
        if task and task.due_on
        else None,
    )


def _who(task: Task, role: Role) -> str:
    """A role that a task waits for, with the department where it is a matter of one."""
    is_of_one = role is Role.DEPT and task.department
    return f"{task.department}（{role.label}）" if is_of_one else str(role.label)


def sections(
    actor: Actor, register: Register, record: Any, *, masked: bool, with_reveal: bool
) -> list[tuple[str, list[show.Cell]]]:
    """The facts of a record, grouped as on its form."""
    parts = [(part.title, list(part.fields)) for part in register.sections]
    parts = parts or [(register.title, list(register.columns))]
    return [
        (
            title,
            [
                cell(
                    actor,
                    register,
                    record,
                    column(register.model, name),
                    masked=masked,
                    with_reveal=with_reveal,
                )
                for name in readable(register.model, names)
            ],
        )
        for title, names in parts
    ]


def _day_asked(request: HttpRequest) -> date | None:
    try:
        day = date.fromisoformat(request.GET.get("as_of", ""))
    except ValueError:
        return None
    return day if day < clock.today() else None


@require_safe
def record(request: HttpRequest, key: str, pk: int) -> HttpResponse:
    """A record's page; `?as_of=2012-05-17` shows it as it stood at the end of that day."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    found = record_or_404(register, pk, actor)
    masked = masked_for(actor, register, found)
    context: dict[str, Any] = {
        "register": register,
        "record": found,
        "leads_on": moves.leads_on,
        "org": found.org,
        "title": label_of(found, masked=masked),
        "line_title": menu.title_of_line(register.line),
        "state": show.state_label(register, found.state) if register.workflow else "",
        "state_colour": show.state_colour(register, found.state),
        "day": _day_asked(request),
        "yesterday": clock.today() - timedelta(days=1),
        "parent": _parent(register, found),
    }
    if context["day"] is not None:
        past = versions.as_of(register, found, clock.end_of(context["day"]))
        facts = past and sections(actor, register, past, masked=masked, with_reveal=False)
        return render(request, "web/record_past.html", {**context, "sections": facts, "past": past})
    names = versions.names_of([found.created_by, found.changed_by])
    context |= {
        "sections": sections(actor, register, found, masked=masked, with_reveal=True),
        "standing": standing(register, found),
        "moves": moves.of_record(actor, register, found),
        "may_edit": moves.may_edit(actor, register, found),
        "may_void": moves.may_void(actor, register, found),
        "handovers": moves.handovers(actor, register, found),
        "prints": printing.forms_of(register, found),
        "children": links.children(actor, register, found),
        "links": links.links(actor, register, found),
        "timeline": versions.timeline(register, found, masked=masked),
        "created_by": names.get(found.created_by, ""),
        "panels": panels_of(request, register, found),
    }
    return render(request, "web/record.html", context)


def _parent(register: Register, found: Any) -> tuple[str, str] | None:
    """The label and address of the record that a child's row belongs to."""
    if register.parent is None:
        return None
    above = getattr(found, register.parent)
    return label_of(above, masked=True), record_url(registry.register_of(above), above)


class PurposeForm(forms.Form):
    """Why somebody needs to read a hidden value."""

    reason = forms.CharField(
        label="用途",
        max_length=200,
        min_length=4,
        help_text="例如：核对银行账号后发放救助金。用途会连同您的姓名记入查看日志。",
        error_messages={
            "required": "请写明查看用途。",
            "min_length": "用途写得太短，请写明办什么事。",
        },
        widget=forms.TextInput(attrs={"class": "form-control", "autocomplete": "off"}),
    )


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def reveal(request: HttpRequest, key: str, pk: int, field: str) -> HttpResponse:
    """Shows one hidden value after a purpose was given; each time is logged."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    found = record_or_404(register, pk, actor)
    if field not in fields_shown(register) or "__" in field:
        raise Http404
    require(actor, "reveal", register, found.org_id)
    which = column(register.model, field)
    masked = masked_for(actor, register, found)
    if not can_reveal(actor, register, found, which, "", masked):
        raise Http404
    form = PurposeForm(request.POST or None)
    value = None
    if request.method == "POST" and form.is_valid():
        note_reveals(actor, [(register.key, found.pk, field)], purpose=form.cleaned_data["reason"])
        value = _in_clear(found, which.field)
    context = {
        "register": register,
        "record": found,
        "title": label_of(found, masked=masked),
        "back": record_url(register, found),
        "label": which.label,
        "form": form,
        "value": value,
    }
    return render(request, "web/reveal.html", context)


def _in_clear(found: Any, field: Any) -> str:
    if isinstance(field, SealedField):
        return sealing.opened(found, field.name) or show.EMPTY
    value = getattr(found, field.name)
    return str(value) if field.is_relation and value is not None else show.in_clear(field, value)
