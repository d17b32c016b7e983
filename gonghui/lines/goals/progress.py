"""How far the targets of an issuer have been reached: one table for all organisations at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Kind
from gonghui.kernel.ledger.figures import NO_TARGET, NOT_COMPUTABLE, figures
from gonghui.kernel.ledger.reading import AsOf
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.parameters import values as parameters
from gonghui.lines.goals import planned
from gonghui.lines.goals.in_force import Terms, issuer_of, known_targets, terms_of
from gonghui.lines.goals.light import (
    TREND_DAYS,
    Aim,
    Limits,
    Reached,
    Standing,
    months_of,
    standing,
)
from gonghui.lines.goals.milestones import Step, judged, share_of, steps_of, told
from gonghui.lines.goals.models import Target, TargetKind

NOT_BEGUN = "尚未开始"
NOT_INSTALLED = "尚未接入"
NOT_MEASURED = "按节点或定性考核"
BY_DIFFERENCE = "按去重总数减各单位数推算"

_COUNTED_FROM_ZERO = frozenset({TargetKind.FLOW, TargetKind.DISTINCT})


class Part(StrEnum):
    """Whose row it is."""

    WHOLE = "whole"
    SHARE = "share"
    RESERVE = "reserve"
    MISSING = "missing"


_OF_TARGETS = frozenset({Part.WHOLE, Part.SHARE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """A target and what has been reached of it; `ratio` is None where `note` says why.

    A reserve row is about what the parent's own level keeps, such as the direct unions of the city.
    `standing` is the light of a target that is measured; None for the other rows.
    """

    part: Part
    code: str
    indicator: str
    name: str
    unit: str
    org_id: int
    org_name: str
    target: Decimal | None
    actual: Decimal | None
    ratio: Decimal | None
    note: str = ""
    is_lowered: bool = False
    target_id: int | None = None
    standing: Standing | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A figure, and whether it exists at all."""

    value: Decimal | None
    note: str


_Key = tuple[str, int, Period]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """A target on a day: `share` is what is done from 0 to 1, None where nobody can say."""

    terms: Terms
    actual: Decimal | None
    note: str
    share: Decimal | None
    standing: Standing | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """What was read for some targets on a day."""

    on: date
    terms: dict[int, Terms]
    figures: dict[_Key, _Found]
    steps: dict[int, list[Step]]


def progress(
    year: int,
    issuer: str,
    on: date,
    as_of: AsOf = None,
    *,
    codes: Iterable[str] = (),
    orgs: Iterable[Org] = (),
) -> list[Progress]:
    """The targets of an issuer and year in the scope in force, with what was reached by a day.

    `codes` and `orgs` narrow the table; where both are given, pairs without a target are told as
    目标值未录入. Figures are read in one call for all targets of the same window.
    """
    wanted, places = list(codes), list(orgs)
    found = known_targets(as_of).filter(year=year, issuer=issuer_of(issuer))
    if wanted:
        found = found.filter(indicator__in=wanted)
    if places:
        found = found.filter(org__in=places)
    targets = list(found.select_related("org").order_by("code", "indicator", "org__code"))
    absent = _absent(targets, wanted, places)
    to_date = Period(date(year, 1, 1), max(on, date(year, 1, 1)))
    read = _reading(targets, on, as_of, {(code, org.pk, to_date) for code, org in absent})
    lights = _lights(targets, read)
    rows = [
        replace(row, standing=lights.get(row.target_id or 0)) if row.part in _OF_TARGETS else row
        for row in _rows(targets, read)
    ]
    return rows + [_missing(code, org, read.figures[code, org.pk, to_date]) for code, org in absent]


def measure(targets: list[Target], on: date, as_of: AsOf = None) -> dict[int, Measured]:
    """How some targets stand on a day, by their ids."""
    read = _reading(targets, on, as_of, set())
    lights = _lights(targets, read)
    return {target.pk: _measured(target, read, lights.get(target.pk)) for target in targets}


def _measured(target: Target, read: _Reading, light: Standing | None) -> Measured:
    found, terms = _found(target, read), read.terms[target.pk]
    share = None
    if target.pk in read.steps:
        share = share_of(read.steps[target.pk])
    elif found.note == NOT_BEGUN:
        share = Decimal(0)
    elif found.value is not None and terms.value:
        share = min(max(found.value / terms.value, Decimal(0)), Decimal(1))
    return Measured(terms=terms, actual=found.value, note=found.note, share=share, standing=light)


def _reading(targets: list[Target], on: date, as_of: AsOf, more: set[_Key]) -> _Reading:
    terms = terms_of(targets, on, as_of)
    asked = more | {
        (target.indicator, target.org_id, period)
        for target in targets
        for day in (on, _before_trend(on))
        if (period := _window(target, terms[target.pk], day)) is not None
    }
    by_milestones = [target.pk for target in targets if target.kind == TargetKind.MILESTONE]
    return _Reading(
        on=on,
        terms=terms,
        figures=_read(asked, as_of),
        steps=steps_of(by_milestones, on, as_of) if by_milestones else {},
    )


def _absent(targets: list[Target], codes: list[str], orgs: list[Org]) -> list[tuple[str, Org]]:
    have = {(target.indicator, target.org_id) for target in targets}
    return [(code, org) for code in codes for org in orgs if (code, org.pk) not in have]


def _window(target: Target, terms: Terms, on: date) -> Period | None:
    """The days that count, up to the due day; None before they begin or where nothing is counted."""
    end = min(on, terms.due_on)
    if not target.indicator or end < target.window_from:
        return None
    return Period(target.window_from, end)


def _read(asked: set[_Key], as_of: AsOf) -> dict[_Key, _Found]:
    known = {indicator.code for indicator in catalogue.all_indicators()}
    found: dict[_Key, _Found] = {
        key: _Found(value=None, note=NOT_INSTALLED) for key in asked if key[0] not in known
    }
    for period in sorted({key[2] for key in asked if key[0] in known}):
        here = [key for key in asked if key[2] == period and key[0] in known]
        read = figures(
            sorted({code for code, _, _ in here}),
            sorted({org for _, org, _ in here}),
            period,
            as_of,
        )
        for code, org, _ in here:
            figure = read[code, org]
            found[code, org, period] = _Found(value=figure.value, note=figure.note)
    return found


def _rows(targets: list[Target], read: _Reading, above: Target | None = None) -> Iterator[Progress]:
    """Each target is followed by its shares, and these by what its own level keeps."""
    ids = {target.pk for target in targets}
    for target in targets:
        is_here = target.parent_id == above.pk if above else target.parent_id not in ids
        if not is_here:
            continue
        terms, found = read.terms[target.pk], _found(target, read)
        part = Part.WHOLE if target.parent_id is None else Part.SHARE
        yield _row(target, terms, found, part, terms.value)
        yield from _rows(targets, read, above=target)
        if target.reserve > 0:
            shares = [share for share in targets if share.parent_id == target.pk]
            rest = _rest(target, found, [_found(share, read) for share in shares])
            yield _row(target, terms, rest, Part.RESERVE, target.reserve)


def _found(target: Target, read: _Reading, on: date | None = None) -> _Found:
    if target.pk in read.steps:
        return _Found(value=None, note=told(read.steps[target.pk]))
    if not target.indicator:
        return _Found(value=None, note=NOT_MEASURED)
    period = _window(target, read.terms[target.pk], on or read.on)
    if period is None:
        return _Found(value=None, note=NOT_BEGUN)
    return read.figures[target.indicator, target.org_id, period]


def limits_on(day: date) -> Limits:
    """The parameters of the lights that hold on a day."""
    return Limits(
        green_min=parameters.decimal_of("goals.green_min", on=day),
        yellow_min=parameters.decimal_of("goals.yellow_min", on=day),
        grace_days=parameters.number_of("goals.grace_days", on=day),
        near_tol=parameters.decimal_of("goals.near_tol", on=day),
    )


def _before_trend(on: date) -> date:
    return on - timedelta(days=TREND_DAYS)


def _lights(targets: list[Target], read: _Reading) -> dict[int, Standing]:
    """The light of each target that is measured; nothing more is read for it but parameters."""
    limits = limits_on(read.on)
    warn_days = parameters.number_of("goals.milestone_warn_days", on=read.on)
    lights: dict[int, Standing] = {}
    for target in targets:
        if target.pk in read.steps:
            aim = aim_of(target, read.terms[target.pk])
            lights[target.pk] = judged(aim, read.steps[target.pk], read.on, limits, warn_days)
        elif target.indicator:
            lights[target.pk] = _light(target, read, limits)
    return lights


def _light(target: Target, read: _Reading, limits: Limits) -> Standing:
    found = _found(target, read)
    light = standing(
        aim_of(target, read.terms[target.pk]),
        Reached(
            on=read.on,
            actual=found.value,
            before_trend=_found(target, read, _before_trend(read.on)).value,
        ),
        limits,
    )
    if found.note == NOT_INSTALLED:
        return replace(light, reason=f"{NOT_INSTALLED}，不能判断进度。")
    return light


def aim_of(target: Target, terms: Terms) -> Aim:
    """What a target asks for, as the light takes it."""
    base = Decimal(0) if target.kind in _COUNTED_FROM_ZERO else target.baseline or Decimal(0)
    return Aim(
        window_from=target.window_from,
        due_on=terms.due_on,
        value=terms.value,
        value_max=target.value_max,
        base=base,
        comparator=target.comparator,
        wording=target.wording,
        # A due day that was moved to another year leaves the months without meaning.
        monthly=months_of(target.schedule) if terms.due_on.year == target.window_from.year else (),
        may_fall_back=target.kind not in _COUNTED_FROM_ZERO,
        unit=planned.named(target.indicator)[1],
    )


def _rest(target: Target, whole: _Found, shares: list[_Found]) -> _Found:
    """What the whole has beyond its shares; for distinct persons it is only an estimate."""
    values = [share.value for share in shares]
    if whole.value is None or not values or None in values:
        return _Found(value=None, note=whole.note or NOT_COMPUTABLE)
    rest = whole.value - sum((value for value in values if value is not None), Decimal(0))
    if rest < 0:
        return _Found(value=None, note=NOT_COMPUTABLE)
    is_distinct = catalogue.behind_alias(target.indicator).kind is Kind.DISTINCT
    return _Found(value=rest, note=BY_DIFFERENCE if is_distinct else "")


def _row(
    target: Target, terms: Terms, found: _Found, part: Part, value: Decimal | None
) -> Progress:
    ratio = found.value / value if found.value is not None and value else None
    name, unit = planned.named(target.indicator)
    return Progress(
        part=part,
        code=target.code,
        indicator=target.indicator,
        name=name or target.clause,
        unit=unit,
        org_id=target.org_id,
        org_name=str(target.org) + ("（本级）" if part is Part.RESERVE else ""),
        target=value,
        actual=found.value,
        ratio=ratio,
        note=found.note,
        is_lowered=terms.is_lowered,
        target_id=target.pk,
    )


def _missing(code: str, org: Org, found: _Found) -> Progress:
    name, unit = planned.named(code)
    return Progress(
        part=Part.MISSING,
        code="",
        indicator=code,
        name=name or code,
        unit=unit,
        org_id=org.pk,
        org_name=str(org),
        target=None,
        actual=found.value,
        ratio=None,
        note=NO_TARGET,
    )
