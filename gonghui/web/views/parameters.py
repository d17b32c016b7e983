"""Dated parameters and the calendar of holidays: read by all, set by the system administrator."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.parameters import services
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.parameters.services import InForce
from gonghui.kernel.parameters.values import Declared, Shape, declaration_of
from gonghui.web import menu
from gonghui.web.requests import actor_of_request
from gonghui.web.versions import names_of

_WEEKDAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A parameter in the list."""

    code: str
    label: str
    value: str
    unit: str
    source: str
    to_verify: bool
    since: str
    is_declared: bool
    own: int
    coming: str


@require_http_methods(["GET", "HEAD"])
def parameters(request: HttpRequest) -> HttpResponse:
    """All parameters with the value in force today, by line of work."""
    text = request.GET.get("q", "").strip()
    lines = [
        line
        for one in services.overview()
        if text.casefold() in (line := _line(one)).label.casefold() + line.code
    ]
    context = {
        "groups": [
            (menu.title_of_line(key), list(members))
            for key, members in groupby(lines, key=lambda line: line.code.split(".")[0])
        ],
        "q": text,
        "count": len(lines),
        "may_set": services.may_set(actor_of_request(request)),
    }
    return render(request, "web/parameters.html", context)


def _line(one: InForce) -> Line:
    declared = one.declared
    coming = one.upcoming[0] if one.upcoming else None
    return Line(
        code=declared.code,
        label=declared.label,
        value=services.written(one.value),
        unit=declared.unit,
        source=one.row.source if one.row else declared.source,
        to_verify=declared.to_verify and one.row is None,
        since=one.row.valid_from.isoformat() if one.row else "",
        is_declared=one.row is None,
        own=len(one.of_orgs),
        coming=f"{coming.valid_from}起改为{services.written(coming.value)}" if coming else "",
    )


class ValueForm(forms.Form):
    """A new value from a day on."""

    value = forms.CharField(label="新值", max_length=4000)
    org = forms.ChoiceField(label="适用范围", required=False)
    valid_from = forms.DateField(
        label="起用日期",
        error_messages={"required": "请填写起用日期。", "invalid": "请填写起用日期。"},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    source = forms.CharField(
        label="依据",
        max_length=200,
        help_text="文件名称和文号，例如：平工〔2012〕8号。",
        error_messages={"required": "请填写依据。"},
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def __init__(self, declared: Declared, data: Any = None) -> None:
        super().__init__(data, initial={"valid_from": clock.today()})
        self.declared = declared
        is_long = isinstance(declared.default, list | dict)
        attrs = {"class": "form-control"}
        widget = forms.Textarea({**attrs, "rows": 4}) if is_long else forms.TextInput(attrs)
        if declared.shape is Shape.DAY:
            widget = forms.DateInput({**attrs, "type": "date"})
        self.fields["value"].widget = widget
        self.fields["value"].error_messages["required"] = "请填写新值。"
        if is_long:
            self.fields["value"].help_text = f"照此格式填写：{services.written(declared.default)}"
        elif declared.shape is Shape.MONTH_DAY:
            self.fields["value"].help_text = f"写月日，例如：{declared.default}"
        elif declared.unit:
            self.fields["value"].help_text = f"单位：{declared.unit}"
        self.counties = {str(org.pk): org for org in services.counties()}
        scope = self.fields["org"]
        scope.choices = [("", "全市"), *((pk, str(org)) for pk, org in self.counties.items())]  # type: ignore[attr-defined]  # a choice field
        scope.widget.attrs["class"] = "form-select"

    def take(self, error: DomainError) -> None:
        """Show a broken rule at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
def parameter(request: HttpRequest, code: str) -> HttpResponse:
    """One parameter: what holds, every value it had, and the form of a new one."""
    declared = _declared_or_404(code)
    actor = actor_of_request(request)
    may_set = services.may_set(actor)
    form = ValueForm(declared, request.POST or None) if may_set else None
    if form is not None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_value(
                code,
                services.read_value(code, given["value"]),
                by=actor,
                valid_from=given["valid_from"],
                source=given["source"],
                org=form.counties.get(given["org"]),
            )
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, f"已设定，{given['valid_from']}起用。")
            return redirect("web:parameter", code)
    history = services.history_of(code)
    names = names_of(row.set_by for row in history)
    now = next(one for one in services.overview() if one.declared.code == code)
    in_force = {row.pk for row in (now.row, *now.of_orgs) if row is not None}
    context = {
        "declared": declared,
        "line_title": menu.title_of_line(code.split(".")[0]),
        "now": _line(now),
        "default": services.written(declared.default),
        "history": [
            (row, services.written(row.value), names.get(row.set_by, ""), _state(row, in_force))
            for row in history
        ],
        "form": form,
    }
    return render(request, "web/parameter.html", context)


def _state(row: Parameter, in_force: set[int]) -> tuple[str, str]:
    if row.pk in in_force:
        return "生效中", "green"
    return ("未起用", "yellow") if row.valid_from > clock.today() else ("已被取代", "secondary")


def _declared_or_404(code: str) -> Declared:
    try:
        return declaration_of(code)
    except DomainError:
        raise Http404 from None


@require_POST
def withdraw(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """Take back a value that has not begun."""
    row = Parameter.objects.filter(code=_declared_or_404(code).code, pk=pk).first()
    if row is None:
        raise Http404
    services.withdraw_value(row, by=actor_of_request(request))
    messages.success(request, "已撤回。")
    return redirect("web:parameter", code)


class HolidayForm(forms.Form):
    """A day off, or a day worked."""

    day = forms.DateField(
        label="日期",
        error_messages={"required": "请填写日期。", "invalid": "请填写日期。"},
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date", "class": "form-control"}),
    )
    kind = forms.ChoiceField(
        label="安排",
        choices=[("off", "放假"), ("work", "上班")],
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    name = forms.CharField(
        label="名称",
        max_length=40,
        error_messages={"required": "请填写名称。"},
        help_text="例如：国庆节、国庆节调休上班。",
        widget=forms.TextInput(attrs={"class": "form-control"}),
    )

    def take(self, error: DomainError) -> None:
        """Show a broken rule at its field, or above the form."""
        self.add_error(error.field if error.field in self.fields else None, error.message)


@require_http_methods(["GET", "HEAD", "POST"])
def holidays(request: HttpRequest) -> HttpResponse:
    """The days off and make-up days of a year."""
    actor = actor_of_request(request)
    may_set = services.may_set(actor)
    form = HolidayForm(request.POST or None) if may_set else None
    if form is not None and request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        try:
            services.set_holiday(
                given["day"], is_working=given["kind"] == "work", name=given["name"], by=actor
            )
        except DomainError as error:
            form.take(error)
        else:
            messages.success(request, f"已设定{given['day']}。")
            return redirect(f"{reverse('web:holidays')}?year={given['day'].year}")
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    context = {
        "year": year,
        "years": sorted({*services.years_known(), clock.today().year, year}),
        "days": [
            (row, f"星期{_WEEKDAYS[row.day.weekday()]}") for row in services.holidays_of(year)
        ],
        "form": form,
    }
    return render(request, "web/holidays.html", context)
