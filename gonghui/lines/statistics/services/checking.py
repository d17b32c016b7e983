"""Rules judged over the figures of unions: what does not hold is listed, what holds again is settled."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from django.db.models import Q

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.contradictions import OpenError
from gonghui.kernel.ledger.declare import Indicator, Kind
from gonghui.kernel.ledger.drill import own_sums
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.sql import STILL_KNOWN
from gonghui.kernel.orgs.models import Org, OrgAncestry
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many, create_many, perform_many
from gonghui.lines.statistics import language
from gonghui.lines.statistics.language import EACH, Days, Ref, Verdict, Whose
from gonghui.lines.statistics.models import (
    CheckResult,
    CheckRule,
    DataSubmission,
    EachOf,
    Severity,
    Stage,
    StatPeriod,
)
from gonghui.lines.statistics.services.periods import days_of, reported

_MILLIONTH = Decimal("0.000001")
_SHOWN = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class _Case:
    """A rule for one indicator, or for none in particular."""

    rule: CheckRule
    condition: language.Condition
    indicator: str

    def figure_of(self, ref: Ref) -> Ref:
        """Which figure is meant, with the indicator put in for @."""
        return replace(ref, code=self.indicator) if ref.code == EACH else ref


# Rules


def condition_of(rule: CheckRule) -> language.Condition:
    """The condition that a rule says."""
    return language.parse(rule.expression, lambda name: catalogue.by_name(name).code)


def check_can_be_read(rule: CheckRule) -> None:
    """The expression is of the language, and @ stands for something."""
    if not rule.expression:
        return
    uses_each = any(ref.code == EACH for ref in language.refs(condition_of(rule)))
    if uses_each and not rule.each_of:
        raise DomainError("校验式里用了@，请选择@代表哪些指标。", field="each_of")
    if rule.each_of and not uses_each:
        raise DomainError("校验式里没有用@，请不要选择@代表的指标。", field="each_of")


def note_lacking(rule: CheckRule) -> None:
    """Which indicators of a rule no line keeps yet."""
    if rule.expression:
        rule.lacking = "、".join(lacking_of(condition_of(rule)))[:400]


def lacking_of(condition: language.Condition) -> list[str]:
    """The codes that nobody has declared, in order."""
    known = {each.code for each in catalogue.all_indicators()}
    named = dict.fromkeys(ref.code for ref in language.refs(condition) if ref.code != EACH)
    return [code for code in named if code not in known]


def _cases(period: StatPeriod) -> list[_Case]:
    """Every rule in force for a period that can be judged, indicator by indicator."""
    rules = CheckRule.objects.filter(
        Q(valid_to=None) | Q(valid_to__gt=period.end_on),
        org=period.org,
        valid_from__lte=period.end_on,
        voided_at=None,
    ).exclude(expression="")
    found = []
    for rule in rules.order_by("code"):
        condition = condition_of(rule)
        if lacking_of(condition) or (rule.period_kinds and period.kind not in rule.period_kinds):
            continue
        codes = _each(rule.each_of) if rule.each_of else [""]
        found += [_Case(rule=rule, condition=condition, indicator=code) for code in codes]
    return found


def _each(which: str) -> list[str]:
    return [each.code for each in reported() if each.is_posted and _stands_for(which, each)]


def _stands_for(which: str, each: Indicator) -> bool:
    if which == EachOf.FLOW:
        return each.kind is Kind.FLOW
    return (each.subject is not None) is (which == EachOf.DISTINCT)


# Judging


def check_sheets(sheets: list[DataSubmission], by: Actor) -> None:
    """Judge the figures of sheets by the rules on what is certified, and count what is open."""
    periods: dict[int, list[DataSubmission]] = defaultdict(list)
    for sheet in sheets:
        periods[sheet.period_id].append(sheet)
    for group in periods.values():
        period = group[0].period
        _judge(period, [sheet.org for sheet in group], (Stage.SUBMISSION,), by)
        _count_open(period, group, by)


def check_whole(periods: list[StatPeriod], by: Actor) -> None:
    """Judge the figures of the whole by all rules, also those on what reports may say."""
    for period in periods:
        _judge(period, [period.org], (Stage.SUBMISSION, Stage.REPORT), by)


def _count_open(period: StatPeriod, sheets: list[DataSubmission], by: Actor) -> None:
    numbers: dict[int, int] = defaultdict(int)
    waiting = _open_results(period, [sheet.org_id for sheet in sheets])
    for org_id in waiting.values_list("org_id", flat=True):
        numbers[org_id] += 1
    must(change_many([(s, {"checks_open": numbers[s.org_id]}) for s in sheets], by=by))


def _open_results(period: StatPeriod, orgs: Iterable[int]) -> Any:
    """What stands in the way of certifying: errors until corrected, queries until explained."""
    standing = Q(severity=Severity.ERROR, state__in=["open", "explained"])
    standing |= Q(severity=Severity.QUERY, state="open")
    return CheckResult.objects.filter(
        standing, period=period, org__in=list(orgs), stage=Stage.SUBMISSION, voided_at=None
    )


def open_errors(org_ids: Collection[int]) -> list[OpenError]:
    """The errors of organisations that nobody has settled, for whoever prints their figures."""
    standing = CheckResult.objects.filter(
        org__in=org_ids, severity=Severity.ERROR, state="open", voided_at=None
    )
    return [
        OpenError(
            rule=result.rule.code,
            org_id=result.org_id,
            period=result.period.period,
            codes=_codes_of(result),
            says=result.says,
        )
        for result in standing.select_related("rule", "period").order_by("id")
    ]


def _codes_of(result: CheckResult) -> frozenset[str]:
    """What the rule compares: the indicators that it names, and the one that stood for @."""
    refs = () if result.rule.lacking else language.refs(condition_of(result.rule))
    return frozenset({*(ref.code for ref in refs), result.indicator} - {"", EACH})


def _judge(period: StatPeriod, orgs: Sequence[Org], stages: tuple[Stage, ...], by: Actor) -> None:
    cases = [case for case in _cases(period) if case.rule.stage in stages]
    needed = {case.figure_of(ref) for case in cases for ref in language.refs(case.condition)}
    read = _Figures(needed, [org.pk for org in orgs], period.period)
    broken: dict[tuple[int, int, str], dict[str, Any]] = {}
    for case in cases:
        for org in orgs:
            verdict = language.judge(case.condition, read.reader(case, org.pk))
            if verdict.holds is False:
                key = (case.rule.pk, org.pk, case.indicator)
                broken[key] = {**_row(case, verdict), "period": period, "org": org}
    _write(period, orgs, broken, stages, by)


def _row(case: _Case, verdict: Verdict) -> dict[str, Any]:
    left, right = (_kept(side) for side in (verdict.left, verdict.right))
    what = f"“{catalogue.indicator(case.indicator).name}”" if case.indicator else ""
    sides = f"（左边{_plain(left)}，右边{_plain(right)}）"
    return {
        "rule": case.rule,
        "severity": case.rule.severity,
        "stage": case.rule.stage,
        "indicator": case.indicator,
        "says": f"{case.rule.code} {what}{case.rule.text}"[: 300 - len(sides)] + sides,
        "left": left,
        "right": right,
        "diff": left - right,
    }


def _kept(side: Decimal | None) -> Decimal:
    return (side or Decimal(0)).quantize(_MILLIONTH)


def _plain(number: Decimal) -> str:
    return f"{number.normalize():,f}"


def _write(
    period: StatPeriod,
    orgs: Sequence[Org],
    broken: dict[tuple[int, int, str], dict[str, Any]],
    stages: tuple[Stage, ...],
    by: Actor,
) -> None:
    """List what does not hold, once; what holds again is corrected, what broke again is open."""
    known = {
        (each.rule_id, each.org_id, each.indicator): each
        for each in CheckResult.objects.filter(
            period=period, org__in=orgs, stage__in=stages, voided_at=None
        )
    }
    fresh = [row for key, row in broken.items() if key not in known]
    changed, again = [], []
    for key, row in broken.items():
        there = known.get(key)
        if there is None:
            continue
        moved = (there.left, there.right) != (row["left"], row["right"])
        changed.append((there, {name: row[name] for name in ("says", "left", "right", "diff")}))
        # An explanation is about the numbers that it was given for.
        if there.state == "corrected" or (there.state == "explained" and moved):
            again.append(there)
    healed = [
        each for key, each in known.items()
        if key not in broken and each.state in {"open", "explained"}
    ]  # fmt: skip
    must(create_many(CheckResult, fresh, by=by))
    must(change_many(changed, by=by))
    must(perform_many(again, "reopen", by=by))
    must(perform_many(healed, "correct", by=by))


class _Figures:
    """The figures that some rules need of some unions, read at once per stretch of days."""

    def __init__(self, needed: set[Ref], orgs: list[int], period: Period) -> None:
        self.children = _children(orgs, period) if _any(needed, Whose.BELOW) else {}
        below = [child for children in self.children.values() for child in children or ()]
        self.values: dict[tuple[str, int, Days], Decimal | None] = {}
        self.own: dict[tuple[str, int, Days], Decimal] = {}
        for days in {ref.days for ref in needed}:
            window = days_of(period, days)
            here = {ref.code for ref in needed if ref.days is days}
            for (code, org), found in figures(here, [*orgs, *below], window).items():
                self.values[code, org, days] = found.value
            own = {r.code for r in needed if r.days is days and r.whose is Whose.OWN}
            for (code, org), value in own_sums(_posted(own), orgs, window).items():
                self.own[code, org, days] = value

    def reader(self, case: _Case, org: int) -> language.Reader:
        """Gives the figures of one union."""

        def read(ref: Ref) -> Decimal | None:
            meant = case.figure_of(ref)
            if meant.whose is Whose.WHOLE:
                return self.values[meant.code, org, meant.days]
            if meant.whose is Whose.OWN:
                return self.own.get((meant.code, org, meant.days), Decimal(0))
            return self.sum_below(meant, org)

        return read

    def sum_below(self, ref: Ref, org: int) -> Decimal | None:
        """The sum over the unions directly below; None where it cannot be told."""
        children = self.children.get(org, [])
        if children is None:
            return None
        parts = [self.values[ref.code, child, ref.days] for child in children]
        return sum((part for part in parts if part is not None), Decimal(0))


def _any(needed: set[Ref], whose: Whose) -> bool:
    return any(ref.whose is whose for ref in needed)


def _posted(codes: set[str]) -> list[str]:
    return [code for code in sorted(codes) if catalogue.behind_alias(code).is_posted]


def _children(orgs: Iterable[int], period: Period) -> dict[int, list[int] | None]:
    """The unions that were directly below each in a period; None where one of them came or went.

    What such a union has is split between two superiors, so no plain sum can be compared; the
    nightly verification of the ledger holds it against every single day instead.
    """
    chains = OrgAncestry.objects.filter(
        depth=1, known_to=STILL_KNOWN, valid_from__lte=period.end, valid_to__gt=period.start
    )
    found: dict[int, set[int]] = defaultdict(set)
    for above, org in chains.filter(ancestor__in=list(orgs)).values_list("ancestor_id", "org_id"):
        found[above].add(org)
    superiors: dict[int, set[int]] = defaultdict(set)
    below = {org for children in found.values() for org in children}
    for above, org in chains.filter(org__in=below).values_list("ancestor_id", "org_id"):
        superiors[org].add(above)
    moved = {org for org, above in superiors.items() if len(above) > 1}
    return {
        above: None if children & moved else sorted(children) for above, children in found.items()
    }


# What open results forbid


def check_nothing_is_open(sheet: DataSubmission) -> None:
    """No error stands, and every query is explained."""
    _refuse(list(_open_results(sheet.period, [sheet.org_id]).order_by("severity", "says")))


def check_whole_is_sound(period: StatPeriod) -> None:
    """As `check_nothing_is_open`, of the whole that is sealed; reports have rules of their own."""
    _refuse(list(_open_results(period, [period.org_id]).order_by("severity", "says")))


def _refuse(standing: list[CheckResult]) -> None:
    errors = [each for each in standing if each.severity == Severity.ERROR]
    queries = [each for each in standing if each.severity == Severity.QUERY]
    for found, what, remedy in (
        (errors, "强制校验未通过", "请更正台账记录后重新核对"),
        (queries, "核实校验未说明", "请在校验结果中写明原因"),
    ):
        if found:
            listed = "；".join(each.says for each in found[:_SHOWN])
            more = "等" if len(found) > _SHOWN else ""
            raise DomainError(f"有{len(found)}项{what}：{listed}{more}。{remedy}。", code="checks")


def check_may_be_explained(result: CheckResult) -> None:
    """An error is not explained away; anything else is, in words."""
    if result.severity == Severity.ERROR:
        raise DomainError("强制校验不能用说明代替更正；确属规则误报的，请部室标为误报。")
    check_has_words(result)


def check_has_words(result: CheckResult) -> None:
    """Somebody says why."""
    if not result.explanation.strip():
        raise DomainError("请填写说明。", field="explanation")
