"""The plan table of a year, and splitting a target among the organisations below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import groupby

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.base.wording import percent
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.goals import board, lamps, services
from gonghui.lines.goals.models import Issuer, Target
from gonghui.lines.goals.own_assessment import assessments_of
from gonghui.lines.goals.services import Part, Progress, Shares, Weighting
from gonghui.web import figure_text, show, windows
from gonghui.web.columns import record_url
from gonghui.web.figure_text import Standing
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request, user_of

EMPLOYEES = "orgs.covered_employees"


def _indicator(code: str) -> Indicator | None:
    return next((one for one in catalogue.all_indicators() if one.code == code), None)


def _number(value: Decimal | None, indicator: Indicator | None) -> str:
    if indicator is not None:
        return figure_text.number(value, indicator)
    return show.EMPTY if value is None else f"{value.normalize():,f}"


# The plan table


@dataclass(frozen=True, slots=True, kw_only=True)
class LightShown:
    """A light in words, with what it rests on and the pace still needed."""

    text: str
    colour: str
    reason: str
    outlook: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A target with what was reached; addresses are empty where there is nothing to open."""

    name: str
    part: Part
    target: str
    target_href: str
    actual: str
    actual_href: str
    standing: Standing
    light: LightShown | None
    note: str
    is_lowered: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The targets of one code and indicator."""

    code: str
    title: str
    unit: str
    figure_href: str
    split_href: str
    rows: list[Row]


@require_safe
def plan_table(request: HttpRequest) -> HttpResponse:
    """What an issuer asked for in a year, of whom, and how far it has been reached by a day."""
    actor = actor_of_request(request)
    if not actor.working:
        raise Http404
    problems: list[str] = []
    year = _year(request)
    issuer = _issuer(request)
    as_of = windows.day_of(request.GET.get("as_of", ""), "登记截止日", problems)
    on = windows.day_of(request.GET.get("on", ""), "统计到哪一天", problems) or min(
        as_of or clock.today(), date(year, 12, 31)
    )
    rows = services.progress(year, issuer.value, on, as_of)
    context = {
        "year": year,
        "issuer": issuer,
        "issuers": list(Issuer),
        "on": on,
        "as_of": as_of,
        "problem": "".join(problems),
        "groups": _groups(rows, on, as_of, actor),
        "told": _told(on, as_of),
    }
    return render(request, "goals/progress.html", context)


def _year(request: HttpRequest) -> int:
    asked = request.GET.get("year", "")
    year = int(asked) if asked.isdecimal() and len(asked) == 4 else clock.today().year
    return min(max(year, 2000), 2100)


def _issuer(request: HttpRequest) -> Issuer:
    asked = request.GET.get("issuer", "")
    return next((one for one in Issuer if asked in (one.value, one.label)), Issuer.PROVINCE)


def _told(on: date, as_of: date | None) -> str:
    until = f"统计到{on.year}年{on.month}月{on.day}日"
    return f"{until}，" + (f"按{as_of}已登记的记录" if as_of else "按现有记录")


def _groups(rows: list[Progress], on: date, as_of: date | None, actor: Actor) -> list[Group]:
    ids = {row.target_id for row in rows if row.target_id is not None}
    targets = {one.pk: one for one in Target.objects.filter(pk__in=ids).select_related("org")}
    terms = services.terms_of(targets.values(), on, as_of)
    groups = []
    for (code, indicator_code), members in groupby(rows, key=lambda row: (row.code, row.indicator)):
        found = list(members)
        indicator = _indicator(indicator_code)
        first = targets.get(found[0].target_id or 0)
        groups.append(
            Group(
                code=code,
                title=found[0].name,
                unit=found[0].unit,
                figure_href=_figure(found[0], first, terms, on, as_of),
                split_href=_split(actor, first) if first else "",
                rows=[
                    _row(row, targets.get(row.target_id or 0), indicator, terms, on, as_of)
                    for row in found
                ],
            )
        )
    return groups


def _row(
    row: Progress,
    target: Target | None,
    indicator: Indicator | None,
    terms: dict[int, services.Terms],
    on: date,
    as_of: date | None,
) -> Row:
    if indicator is not None:
        standing = figure_text.standing(row.actual, row.target, indicator)
    else:
        standing = Standing(
            target=_number(row.target, None), raw="", ratio="", text=row.note, colour="secondary"
        )
    is_whole = row.part in {Part.WHOLE, Part.SHARE}
    href = _figure(row, target, terms, on, as_of)
    return Row(
        name=row.org_name,
        part=row.part,
        target=_number(row.target, indicator),
        target_href=record_url(register_of(Target), target) if target and is_whole else "",
        actual=_number(row.actual, indicator),
        # What the own level keeps is seen beside the shares.
        actual_href=href if is_whole or not href else f"{href}#parts",
        standing=standing,
        light=_light(row),
        note="" if row.note == standing.text else row.note,
        is_lowered=row.is_lowered,
    )


def _light(row: Progress) -> LightShown | None:
    found = row.standing
    if found is None:
        return None
    lamp = lamps.of(found.light)
    return LightShown(
        text=lamp.text,
        colour=lamp.colour,
        reason=found.reason,
        outlook=board.outlook(found, row.unit),
    )


def _figure(
    row: Progress,
    target: Target | None,
    terms: dict[int, services.Terms],
    on: date,
    as_of: date | None,
) -> str:
    """The page of the figure for the days that count for a target."""
    if target is None or _indicator(row.indicator) is None:
        return ""
    end = min(on, terms[target.pk].due_on)
    if end < target.window_from:
        return ""
    period = Period(target.window_from, end)
    return windows.link_to(
        "web:figure", row.indicator, org_id=row.org_id, period=period, as_of=as_of
    )


# Splitting


def may_split(actor: Actor, target: Target) -> bool:
    """Whether splitting a target is offered; the service has the last word."""
    if not target.is_additive or target.value is None:
        return False
    if actor.has_role(Role.DEPT, over=target.org_id):
        return target.org.level in {OrgLevel.CITY, OrgLevel.COUNTY}
    return target.org.level == OrgLevel.COUNTY and actor.has_role(Role.COUNTY, over=target.org_id)


def _split(actor: Actor, target: Target) -> str:
    return reverse("goals:split", args=[target.pk]) if may_split(actor, target) else ""


class WeightsForm(forms.Form):
    """What the shares shall be in proportion to."""

    weights = forms.ChoiceField(
        label="测算依据",
        choices=Weighting.choices,
        initial=Weighting.LAST_YEAR.value,
        widget=forms.Select(attrs={"class": "form-select"}),
    )
    with_reserve = forms.BooleanField(label="市直（本级）参加测算", required=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An organisation in the split."""

    org_id: int
    name: str
    share: str
    last_year: str
    load: str
    of_whole: str


@require_http_methods(["GET", "HEAD", "POST"])
def split(request: HttpRequest, pk: int) -> HttpResponse:
    """Proposes the shares by some weights, lets them be edited, and writes them."""
    actor = actor_of_request(request)
    target: Target = record_or_404(register_of(Target), pk, actor)
    if not may_split(actor, target):
        raise Http404
    standing = services.shares_of(target)
    shares = Shares(
        by_org={share.org_id: share.value or Decimal(0) for share in standing},
        reserve=target.reserve,
    )
    errors: list[str] = []
    reason = target.markup_reason
    form = WeightsForm(request.GET if "weights" in request.GET else None)
    orgs = _orgs(target, standing)
    if request.method == "POST":
        reason = request.POST.get("reason", "")
        shares = _typed(request, orgs, errors)
        if not errors and _save(request, target, shares, reason, errors):
            return redirect(record_url(register_of(Target), target))
    elif form.is_bound and form.is_valid():
        shares = _proposed(target, form, errors) or shares
    whole = services.value_in_force(target) or Decimal(0)
    indicator = _indicator(target.indicator)
    context = {
        "target": target,
        "back": record_url(register_of(Target), target),
        "form": form,
        "unit": indicator.unit if indicator else "",
        "name": indicator.name if indicator else target.clause,
        "lines": _lines(target, orgs, shares, indicator, whole),
        "reserve": _plain(shares.reserve),
        "whole": whole,
        "whole_text": _number(whole, indicator),
        "total": _number(shares.total, indicator),
        "difference": _number(shares.total - whole, indicator),
        "reason": reason,
        "errors": errors,
    }
    return render(request, "goals/split.html", context)


def _orgs(target: Target, standing: Iterable[Target]) -> list[Org]:
    """The organisations below, and any other that already has a share."""
    found = {org.pk: org for org in services.orgs_below(target)}
    found |= {share.org_id: share.org for share in standing if share.org_id not in found}
    return list(found.values())


def _proposed(target: Target, form: WeightsForm, errors: list[str]) -> Shares | None:
    given = form.cleaned_data
    try:
        return services.propose(
            target, Weighting(given["weights"]), with_reserve=given["with_reserve"]
        )
    except DomainError as error:
        errors.append(error.message)
        return None


def _typed(request: HttpRequest, orgs: list[Org], errors: list[str]) -> Shares:
    """The shares as they were sent; what is no number is said."""
    by_org = {org.pk: _amount(request, f"share_{org.pk}", str(org), errors) for org in orgs}
    return Shares(by_org=by_org, reserve=_amount(request, "reserve", "本级预留", errors))


def _amount(request: HttpRequest, name: str, label: str, errors: list[str]) -> Decimal:
    text = request.POST.get(name, "").replace(",", "").strip()
    try:
        value = Decimal(text or 0)
    except InvalidOperation:
        value = Decimal("NaN")
    if not value.is_finite() or abs(value) >= 10**15:
        errors.append(f"{label}的“{text[:20]}”不是数字。")
        return Decimal(0)
    return value


def _save(
    request: HttpRequest, target: Target, shares: Shares, reason: str, errors: list[str]
) -> bool:
    try:
        made = services.set_shares(target, shares, actor_of_request(request), reason=reason)
    except DomainError as error:
        errors.append(error.message)
        return False
    messages.success(request, f"已分解给{len(made)}个单位。下达前须先征求意见。")
    return True


def _lines(
    target: Target,
    orgs: list[Org],
    shares: Shares,
    indicator: Indicator | None,
    whole: Decimal,
) -> list[Line]:
    last_year = _read(target.indicator, orgs, Period.year(target.year - 1))
    today = clock.today()
    employees = _read(EMPLOYEES, orgs, Period(today, today))
    lines = []
    for org in orgs:
        share = shares.by_org.get(org.pk, Decimal(0))
        heads = employees.get(org.pk)
        lines.append(
            Line(
                org_id=org.pk,
                name=str(org),
                share=_plain(share),
                last_year=_number(last_year.get(org.pk), indicator),
                load=f"{share / heads * 1000:.2f}" if heads else show.EMPTY,
                of_whole=percent(share / whole, 1) if whole else show.EMPTY,
            )
        )
    return lines


def _read(code: str, orgs: list[Org], period: Period) -> dict[int, Decimal | None]:
    """The figures of an indicator by organisation; nothing where it is not installed."""
    if _indicator(code) is None or not orgs:
        return {}
    found = figures([code], orgs, period)
    return {org: figure.value for (_, org), figure in found.items()}


def _plain(value: Decimal) -> str:
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


@require_safe
def own_assessment(request: HttpRequest) -> HttpResponse:
    """What the user's own unit is assessed by, its scores and its place."""
    org = user_of(request).org
    if org is None or not actor_of_request(request).has_role(Role.COUNTY, Role.INDUSTRY):
        raise NotAllowed("本单位考核供参评单位查看；市总请看“考核方案”。")
    context = {"org": org, "found": assessments_of(org)}
    return render(request, "goals/assessment.html", context)
