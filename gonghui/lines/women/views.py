"""The women workers' view: what concerns women in all lines, by figures that those lines keep."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django import forms
from django.core.validators import MaxValueValidator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import find
from gonghui.lines.women import gaps
from gonghui.lines.women.composition import COMPOSITION, Subject
from gonghui.lines.women.services import leave as leaves
from gonghui.web import figure_text, figuring, windows
from gonghui.web.figure_text import Shown
from gonghui.web.requests import actor_of_request
from gonghui.web.windows import Window

Found = dict[tuple[str, int], Figure]


@dataclass(frozen=True, slots=True, kw_only=True)
class Number:
    """A figure with the same days of last year, and the page that explains it."""

    name: str
    href: str
    figure: Shown
    last_year: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A subject with its figures; without any of them its line is not connected yet."""

    title: str
    line: str
    numbers: list[Number]
    records_href: str


@require_safe
def board(request: HttpRequest) -> HttpResponse:
    """All subjects of the composition, for an organisation and a period."""
    actor = actor_of_request(request)
    if not actor.working:
        raise Http404
    window = windows.read(request)
    kept = {one.code: one for one in catalogue.all_indicators()}
    codes = [code for subject in COMPOSITION for code in subject.codes if code in kept]
    now = figures(codes, [window.org], window.period, window.as_of)
    before = figuring.last_year([kept[code] for code in dict.fromkeys(codes)], window)
    rows = [_row(subject, kept, window, now, before, actor) for subject in COMPOSITION]
    context = {"window": window, "choices": windows.CHOICES, "rows": rows}
    context["gaps"] = gaps.counts(window.org, actor)
    context["leave_href"] = reverse("women:leave")
    return render(request, "women/board.html", context)


def _row(
    subject: Subject,
    kept: dict[str, Indicator],
    window: Window,
    now: Found,
    before: dict[str, Shown],
    actor: Actor,
) -> Row:
    org = window.org.pk
    numbers = [
        Number(
            name=kept[code].name,
            href=window.link("web:figure", code),
            figure=figure_text.shown(now[code, org], kept[code]),
            last_year=before[code],
        )
        for code in subject.codes
        if code in kept
    ]
    return Row(
        title=subject.title,
        line=subject.line,
        numbers=numbers,
        records_href=_records(subject, actor) if numbers else "",
    )


def _records(subject: Subject, actor: Actor) -> str:
    """The list behind a subject, for those who may open it."""
    register = find(subject.register)
    if register is None or not may(actor, "view", register):
        return ""
    query = f"?{subject.narrowed}" if subject.narrowed else ""
    return reverse("web:list", args=[register.key]) + query


class LeaveForm(forms.Form):
    """What a leave depends on."""

    event = forms.ChoiceField(
        label="情况",
        choices=[(code.value, label) for code, label in leaves.EVENTS],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    on = forms.DateField(
        label="生育（流产）日期",
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    children = forms.IntegerField(
        label="婴儿数",
        initial=1,
        min_value=1,
        max_value=9,
        widget=forms.NumberInput(attrs={"class": "form-control"}),
    )
    is_difficult = forms.BooleanField(label="难产", required=False)
    first = forms.DateField(
        label="开始休假日期（可空）",
        required=False,
        validators=[MaxValueValidator(date(2199, 12, 31))],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )


@require_safe
def leave(request: HttpRequest) -> HttpResponse:
    """The maternity leave by date and case; nothing is kept."""
    form = LeaveForm(request.GET if "event" in request.GET else None)
    found = last_day = first = None
    if form.is_bound and form.is_valid():
        given = form.cleaned_data
        first = given["first"]
        try:
            found = leaves.leave_for(
                leaves.Event(given["event"]),
                given["on"],
                is_difficult=given["is_difficult"],
                children=given["children"],
            )
            last_day = found.last_day(first) if first else None
        except DomainError as error:
            form.add_error(error.field, error.message)
    context = {
        "form": form,
        "leave": found,
        "first": first,
        "last_day": last_day,
        "board_href": reverse("women:board"),
    }
    return render(request, "women/leave.html", context)
