"""What the clauses of a version give for an event, and how that is reckoned, in words for the worker."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from gonghui.lines.mutual.models import BenefitRule, Coverage, ProductVersion
from gonghui.lines.mutual.models.benefit import InSitu, RuleKind
from gonghui.lines.mutual.models.claim import RefuseReason

_CENT = Decimal("0.01")
_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reckoning:
    """What is given by which clause; where nothing is, `reason` says why."""

    amount: Decimal = _NOTHING
    text: str = ""
    rule: BenefitRule | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """What happened, as far as clauses look at it; `had` is what this cover gave before."""

    kind: str
    disease_group: str
    is_in_situ: bool
    day: int
    hospital_days: int
    grade: int
    self_paid: Decimal
    had: Decimal


def reckon(
    event: Event, version: ProductVersion, rules: Sequence[BenefitRule], cover: Coverage
) -> Reckoning:
    """What the version gives for an event on a day of a cover."""
    fitting = [rule for rule in rules if _is_about(rule, event)]
    found = [rule for rule in fitting if _is_in_band(rule, event.day, cover)]
    if not found:
        return _too_early(event, version, fitting)
    first = found[0]
    if first.kind == RuleKind.RATIO:
        amount, text = _by_cost(event, found)
    elif first.kind == RuleKind.DAILY:
        amount, text = _by_days(event, first)
    elif first.kind == RuleKind.GRADE:
        amount, text = _by_grade(version, first)
    else:
        amount, text = first.amount, f"细则{first.clause}：{first.amount:,.2f}元"
    if not amount:
        return _nothing(event, version, first)
    amount, text = _of_shares(amount, text, cover.shares)
    amount, text = _within_cap(amount, text, version, event.had)
    day = "连续参保，不计等待期" if cover.is_continuous else f"生效第{event.day}天"
    return Reckoning(amount=amount, text=f"{day}；{text}。", rule=first)


def _is_about(rule: BenefitRule, event: Event) -> bool:
    wants = {InSitu.ANY: True, InSitu.YES: event.is_in_situ, InSitu.NO: not event.is_in_situ}
    return (
        rule.event_kind == event.kind
        and rule.disease_group in ("", event.disease_group)
        and wants[InSitu(rule.in_situ)]
        and (rule.kind != RuleKind.GRADE or rule.grade == event.grade)
    )


def _is_in_band(rule: BenefitRule, day: int, cover: Coverage) -> bool:
    """Who was covered before without a gap is past all waiting."""
    if cover.is_continuous:
        return rule.day_to is None
    return rule.day_from <= day and (rule.day_to is None or day <= rule.day_to)


def _too_early(event: Event, version: ProductVersion, fitting: Sequence[BenefitRule]) -> Reckoning:
    later = [rule for rule in fitting if rule.day_from > event.day]
    if not later:
        return Reckoning(
            text="产品细则没有这一事由（病种、等级）的给付条款。",
            reason=RefuseReason.NOT_COVERED,
        )
    return _waiting(event, min(later, key=lambda rule: rule.day_from), version)


def _nothing(event: Event, version: ProductVersion, rule: BenefitRule) -> Reckoning:
    if rule.day_to is not None and rule.kind == RuleKind.LUMP:
        return _waiting(event, rule, version)
    text = f"按细则{rule.clause}计算，给付金额为0元。"
    return Reckoning(text=text, rule=rule, reason=RefuseReason.NOT_COVERED)


def _waiting(event: Event, rule: BenefitRule, version: ProductVersion) -> Reckoning:
    word = {"diagnosis": "确诊日", "hospital": "入院日"}.get(event.kind, "发生日")
    return Reckoning(
        text=(
            f"{word}为生效第{event.day}天，在{version.wait_days}天等待期内，"
            f"按细则{rule.clause}不予给付。"
        ),
        rule=rule,
        reason=RefuseReason.WAITING,
    )


def _by_cost(event: Event, bands: Sequence[BenefitRule]) -> tuple[Decimal, str]:
    """Each part of the cost at its own rate; what lies below the first band is the deductible."""
    total, parts = _NOTHING, []
    for rule in sorted(bands, key=lambda rule: rule.cost_from):
        most = event.self_paid if rule.cost_to is None else min(event.self_paid, rule.cost_to)
        part = max(most - rule.cost_from, _NOTHING)
        if part:
            given = (part * rule.percent / 100).quantize(_CENT, ROUND_HALF_UP)
            total += given
            parts.append(f"{part:,.2f}元×{rule.percent.normalize():f}%＝{given:,.2f}元")
    clause = bands[0].clause
    return total, f"细则{clause}：目录内自付{event.self_paid:,.2f}元，" + "，".join(parts)


def _by_days(event: Event, rule: BenefitRule) -> tuple[Decimal, str]:
    days = max(event.hospital_days - rule.paid_from_day + 1, 0)
    days = days if rule.max_days is None else min(days, rule.max_days)
    amount = days * rule.amount
    return amount, f"细则{rule.clause}：{days}天×{rule.amount:,.2f}元＝{amount:,.2f}元"


def _by_grade(version: ProductVersion, rule: BenefitRule) -> tuple[Decimal, str]:
    base = version.sum_assured or _NOTHING
    amount = (base * rule.percent / 100).quantize(_CENT, ROUND_HALF_UP)
    percent = f"{rule.percent.normalize():f}%"
    return amount, f"细则{rule.clause}：{base:,.2f}元×{percent}＝{amount:,.2f}元"


def _of_shares(amount: Decimal, text: str, shares: int) -> tuple[Decimal, str]:
    if shares == 1:
        return amount, text
    return amount * shares, f"{text}，{shares}份共{amount * shares:,.2f}元"


def _within_cap(
    amount: Decimal, text: str, version: ProductVersion, had: Decimal
) -> tuple[Decimal, str]:
    if version.year_cap is None or had + amount <= version.year_cap:
        return amount, text
    left = max(version.year_cap - had, _NOTHING)
    return (
        left,
        f"{text}，保障期内上限{version.year_cap:,.2f}元、已给付{had:,.2f}元，本次{left:,.2f}元",
    )


def event_of(claim: Any, day: int, had: Decimal) -> Event:
    """The event of a claim."""
    return Event(
        kind=claim.event_kind,
        disease_group=claim.disease_group,
        is_in_situ=claim.is_in_situ,
        day=day,
        hospital_days=claim.hospital_days or 0,
        grade=claim.grade or 0,
        self_paid=claim.self_paid or _NOTHING,
        had=had,
    )
