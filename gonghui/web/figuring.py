"""The parts of a figure's page: its standing to plans, the next level, the months, what changed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count

from gonghui.base.periods import Period, add_months
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue, drill, past, reading, targets, versions
from gonghui.kernel.ledger.declare import Figure, Indicator, Kind
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.models import Move
from gonghui.kernel.orgs.models import NODE_LEVELS, Org, OrgAncestry
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for
from gonghui.web import figure_text, show
from gonghui.web.columns import record_url
from gonghui.web.figure_text import Shown, Standing
from gonghui.web.listing import permitted
from gonghui.web.versions import names_of
from gonghui.web.windows import Window

# Whose plans there are, in the order of pages; the line that keeps targets knows them by these names.
ISSUERS = ("全总", "省总", "市委", "市政府", "市总", "县总", "自定")
KINDS = {
    Kind.FLOW: "期内累计",
    Kind.STOCK: "期末时点",
    Kind.DISTINCT: "去重计数",
    Kind.RATIO: "比率",
    Kind.PLAN: "计划完成率",
    Kind.YOY: "同比增长",
    Kind.ALIAS: "同一指标",
    Kind.DIFFERENCE: "相减",
    Kind.AVERAGE: "平均",
    Kind.COVERAGE: "覆盖率",
}
MOST_PARTS = 200
MOST_CHANGES = 200
MONTHS = 12


def kind_label(indicator: Indicator) -> str:
    """How an indicator is counted, in words."""
    if indicator.kind is Kind.DISTINCT and indicator.is_stock:
        return "期末时点（去重）"
    return KINDS[indicator.kind]


def plan_of(code: str) -> Indicator | None:
    """The indicator that puts another one over its target, if one is declared."""
    for each in catalogue.all_indicators():
        if each.kind is Kind.PLAN and each.over == (code,):
            return each
    return None


# What counts and what does not


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition:
    """What an indicator counts (计) and what not (不计), and since when."""

    counted: str
    not_counted: str
    boundary: str = ""
    since: str = ""


def definition_of(indicator: Indicator, day: date) -> Definition:
    """The definition that held on a day: a kept version, else the declared one in its two halves."""
    version = versions.version_on(indicator.code, day)
    if version is not None:
        note = f"：{version.change_note}" if version.change_note else ""
        return Definition(
            counted=version.counted,
            not_counted=version.not_counted,
            boundary=version.boundary,
            since=f"第{version.number}版，{version.valid_from}起{note}",
        )
    counted, _, rest = indicator.definition.partition("不计：")
    return Definition(counted=counted.strip().removeprefix("计："), not_counted=rest.strip())


def last_year(
    indicators: Sequence[Indicator],
    window: Window,
    shown: Callable[[Figure, Indicator], Shown] = figure_text.shown,
) -> dict[str, Shown]:
    """The figures of the same days a year earlier, marked where they cannot be compared."""
    earlier = window.period.a_year_earlier()
    found = figures(
        [one.code for one in indicators],
        [window.org],
        earlier,
        window.as_of,
        beside=window.period,
    )
    return {one.code: shown(found[one.code, window.org.pk], one) for one in indicators}


def stand_in(total: Figure, indicator: Indicator, window: Window) -> str:
    """What the records themselves make where a figure of before their time stands in for them."""
    posted = catalogue.behind_alias(indicator.code)
    if past.HISTORICAL not in total.marks or not posted.is_posted:
        return ""
    made = drill.recorded(posted.code, window.org, window.period, window.as_of)
    return f"系统启用以前的历史数据，不由台账记录产生；台账中同期为{figure_text.number(made, posted)}。"


# The next level


def below(org: Org, period: Period, as_of: reading.AsOf) -> list[Org]:
    """The orgs in scope directly below one in the statistics tree as known then.

    For the sake of sums these are all that were below it on some day of the period; where there
    are orgs of levels that keep sums of their own, only those.
    """
    before = reading.Window(period=period, as_of=as_of).before
    ids = OrgAncestry.objects.filter(
        ancestor=org,
        depth=1,
        valid_from__lte=period.end,
        valid_to__gt=period.start,
        known_from__lt=before,
        known_to__gte=before,
    ).values("org_id")
    found = list(Org.objects.filter(pk__in=ids).order_by("code"))
    return [one for one in found if one.level in NODE_LEVELS] or found


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A line of the comparison."""

    name: str
    href: str
    records: str
    figure: Shown
    standing: Standing


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A figure, its parts of the next level, and what no part has."""

    total: Figure
    whole: Part
    parts: list[Part]
    rest: str
    left_out: int
    issuer: str
    issuers: list[str]
    plans: list[tuple[str, Standing]]
    has_value_chart: bool


def comparison(indicator: Indicator, window: Window, issuer: str) -> Comparison:
    """The figure of the window's org beside those of the next level, with the plans of an issuer.

    Without an issuer, or one that has no plan here, the first that has one is taken.
    """
    lower = _children(window)
    shown_orgs = lower[:MOST_PARTS]
    made = drill.composition(indicator.code, window.org, window.period, lower, window.as_of)
    plans = _plans(indicator, window, [window.org, *shown_orgs])
    chosen = issuer if issuer in plans else next(iter(plans), "")
    wanted = plans.get(chosen, {})
    by_org = {window.org.pk: window.org, **{org.pk: org for org in shown_orgs}}
    lines = {
        figure.org_id: _part(indicator, window, by_org[figure.org_id], figure, wanted)
        for figure in (made.total, *made.parts)
        if figure.org_id in by_org
    }
    return Comparison(
        total=made.total,
        whole=lines.pop(window.org.pk),
        parts=list(lines.values()),
        rest=figure_text.number(made.rest, indicator) if made.rest and lower else "",
        left_out=len(lower) - len(shown_orgs),
        issuer=chosen,
        issuers=list(plans),
        plans=[
            (name, figure_text.standing(made.total.value, found[window.org.pk], indicator))
            for name, found in plans.items()
            if window.org.pk in found
        ],
        has_value_chart=any(part.figure.has_value for part in lines.values()),
    )


def _children(window: Window) -> list[Org]:
    return [org for org in below(window.org, window.period, window.as_of) if org != window.org]


def _plans(
    indicator: Indicator, window: Window, orgs: Sequence[Org]
) -> dict[str, dict[int, Decimal]]:
    """The targets of the orgs by issuer; issuers without any are left out."""
    if indicator.kind in {Kind.PLAN, Kind.YOY}:
        return {}
    code = catalogue.behind_alias(indicator.code).code
    ids = [org.pk for org in orgs]
    found = {
        issuer: targets.targets_of(code, ids, window.period.end, window.as_of, issuer)
        for issuer in ISSUERS
    }
    return {issuer: values for issuer, values in found.items() if values}


def _part(
    indicator: Indicator, window: Window, org: Org, figure: Figure, plans: dict[int, Decimal]
) -> Part:
    return Part(
        name=str(org),
        href=window.link("web:figure", indicator.code, org=org),
        records=window.link("web:figure_records", indicator.code, org=org),
        figure=figure_text.shown(figure, indicator),
        standing=figure_text.standing(figure.value, plans.get(org.pk), indicator),
    )


# What a coverage lacks


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing:
    """The expected subjects that are not there: as many as a page shows, and how many there are."""

    total: int
    lines: list[tuple[str, str]]
    hidden: int
    left_out: int


def missing(actor: Actor, indicator: Indicator, window: Window) -> Missing | None:
    """The gaps of a coverage by name and address, as far as whoever looks may see them."""
    if indicator.kind is not Kind.COVERAGE:
        return None
    found = drill.missing_of(indicator.code, window.org, window.period, window.as_of)
    register = registry.of_model(found.model)
    rows = found.model.objects.filter(pk__in=found.ids)  # type: ignore[attr-defined]  # every model has it
    if register is not None:
        rows = permitted(actor, "view", register, rows)
    shown = list(rows.order_by("pk"))
    return Missing(
        total=len(found.ids),
        lines=[_gap(actor, register, row) for row in shown[:MOST_PARTS]],
        hidden=len(found.ids) - len(shown),
        left_out=max(len(shown) - MOST_PARTS, 0),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """What was considered and not counted: how much, where it is listed, and why, most first."""

    figure: Shown
    href: str
    reasons: list[tuple[str, int]]
    hidden: int


def left_out(actor: Actor, indicator: Indicator, window: Window) -> LeftOut | None:
    """What an indicator does not count, by reason, as far as whoever looks may see the records."""
    if not indicator.leaves_out:
        return None
    other = catalogue.indicator(indicator.leaves_out)
    total = figures([other.code], [window.org], window.period, window.as_of)
    found = drill.records_of(other.code, window.org, window.period, window.as_of)
    register = registry.register_of(found.register_key)
    rows = permitted(actor, "view", register, found.visible())
    reasons = rows.order_by().values_list(other.told_by).annotate(n=Count("pk"))
    counted = sorted(reasons, key=lambda pair: (-pair[1], pair[0]))
    return LeftOut(
        figure=figure_text.shown(total[other.code, window.org.pk], other),
        href=window.link("web:figure_records", other.code),
        reasons=[(reason or "未写明原因", count) for reason, count in counted],
        hidden=found.count() - sum(count for _, count in counted),
    )


def _gap(actor: Actor, register: Register | None, row: Any) -> tuple[str, str]:
    if register is None:
        return str(row), ""
    masked = masked_for(actor, register, row)
    return label_of(row, masked=masked), record_url(register, row)


# The months


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of the trend."""

    label: str
    href: str
    figure: Shown


def trend(indicator: Indicator, window: Window) -> list[Month]:
    """Twelve months up to the last day of the window; a plan ratio from New Year's Day each time."""
    last = min(window.period.end, max(window.day, window.period.start)).replace(day=1)
    found = []
    for back in range(MONTHS - 1, -1, -1):
        first = add_months(last, -back)
        month = Period.month(first.year, first.month)
        days = Period.year_to_date(month.end) if indicator.kind is Kind.PLAN else month
        figure = figures([indicator.code], [window.org], days, window.as_of)
        found.append(
            Month(
                label=f"{first.year}年{first.month}月",
                href=window.link_for(days, "web:figure", indicator.code),
                figure=figure_text.shown(figure[indicator.code, window.org.pk], indicator),
            )
        )
    return found


# Why it changed


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A difference in words; `href` is empty where the record does not exist for whoever looks."""

    at: str
    who: str
    what: str
    href: str
    org: str
    day: str
    value: str
    is_less: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What was recorded between two days, the newest first, and what it adds up to."""

    lines: list[Change]
    total: str
    before: str
    after: str
    left_out: int
    hidden: int


def changes(
    actor: Actor, indicator: Indicator, window: Window, since: date, until: reading.AsOf
) -> Changes:
    """Why the window's figure is not what it was at the end of a day."""
    posted = catalogue.behind_alias(indicator.code)
    found = drill.changes(posted.code, window.org, window.period, since, until)
    found.reverse()
    then, now = (
        drill.recorded(posted.code, window.org, window.period, day) for day in (since, until)
    )
    lines = _in_words(actor, posted, found[:MOST_CHANGES])
    return Changes(
        lines=lines,
        total=_signed(now - then, posted),
        before=figure_text.number(then, posted),
        after=figure_text.number(now, posted),
        left_out=max(len(found) - MOST_CHANGES, 0),
        hidden=sum(1 for line in lines if not line.href and line.day),
    )


def _in_words(actor: Actor, posted: Indicator, found: list[drill.Change]) -> list[Change]:
    register_key, model = catalogue.source_of(posted.code)
    register = registry.register_of(register_key)
    ids = {change.record_id for change in found if change.record_id is not None}
    rows = permitted(actor, "view", register, model.objects.filter(pk__in=ids))  # type: ignore[attr-defined]  # every model has it
    records = {record.pk: record for record in rows}
    orgs = _names(found)
    who = names_of(change.actor for change in found)
    lines = []
    for change in found:
        record = records.get(change.record_id)
        if change.record_id is None:
            what = "、".join(_move(move, orgs) for move in change.moves) or "组织划转"
        elif record is None:
            what = "（您无权查看的记录）"
        else:
            what = label_of(record, masked=masked_for(actor, register, record))
        lines.append(
            Change(
                at=show.moment(change.recorded_at),
                who=who.get(change.actor, f"账号{change.actor}"),
                what=what,
                href=record_url(register, record) if record is not None else "",
                org=orgs.get(change.org_id, "（范围外）") if change.org_id else "",
                day=change.day.isoformat() if change.day else "",
                value=_signed(change.value, posted),
                is_less=change.value < 0,
            )
        )
    return lines


def _names(found: list[drill.Change]) -> dict[int | None, str]:
    """The names of the orgs in scope that the changes speak of."""
    wanted: set[int | None] = {change.org_id for change in found}
    for change in found:
        for move in change.moves:
            wanted |= {move.org, move.superior, move.superior_before}
    known = Org.objects.filter(pk__in=wanted - {None}) if wanted - {None} else []
    return {org.pk: str(org) for org in known}


def _move(move: Move, names: dict[int | None, str]) -> str:
    org, old, new = (
        names.get(key, "范围外工会") for key in (move.org, move.superior_before, move.superior)
    )
    return f"“{org}”自{move.day}由“{old}”划转至“{new}”（{move.basis_doc}）"


def _signed(value: Decimal, indicator: Indicator) -> str:
    sign = "+" if value > 0 else "−" if value < 0 else ""
    return sign + figure_text.number(abs(value), indicator)
