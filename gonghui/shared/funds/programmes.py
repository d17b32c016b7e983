"""What money may be paid for (支付项目), and what each line adds: who may have it, and how much.

A programme is declared, like a register: its key says what "once" means, so it changes with the
code and not with a table. Amounts that change by date are parameters, read by the cap of its line.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Any

from gonghui.base.errors import DomainError


class PayKind(StrEnum):
    """The nature of a payment; loans come back and are never counted as aid."""

    GRANT = "grant"
    LOAN = "loan"
    BENEFIT = "benefit"
    FEE = "fee"
    AWARD = "award"


class Subject(StrEnum):
    """Whom a payment is counted for; the value is the line's column."""

    HOUSEHOLD = "household"
    PERSON = "person"
    CHILD = "beneficiary"
    EMPLOYER = "employer"


SUBJECT_LABELS = {
    Subject.HOUSEHOLD: "受益家庭",
    Subject.PERSON: "收款人",
    Subject.CHILD: "受益人",
    Subject.EMPLOYER: "收款单位",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Programme:
    """A kind of payment. `key` names what may be had once; without one nothing is refused as repeated.

    Words in braces: campaign year household person employer beneficiary ref (the line's own number,
    such as a school year or a settlement). What `tells_illness` is known to its handlers alone.
    """

    code: str
    name: str
    line: str
    subject: Subject
    key: str
    pay_kind: PayKind = PayKind.GRANT
    in_service: bool = False
    notice: bool = False
    tells_illness: bool = False


# A capped subject, group and period.
Key = tuple[str, str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cap:
    """The most that a subject may have of a group of programmes in a period."""

    subject_key: str
    group: str
    period: str
    amount: Decimal

    @property
    def key(self) -> Key:
        """What its counter is found by."""
        return (self.subject_key, self.group, self.period)


# A line's own look at draft payments: by position, (code, message) of those that may not be paid.
Eligibility = Callable[[Sequence[Any], date], dict[int, tuple[str, str]]]
# The cap that holds for a draft payment on a day, or None.
CapRule = Callable[[Any, date], Cap | None]

_programmes: dict[str, Programme] = {}
_eligibility: dict[str, list[Eligibility]] = {}
_caps: dict[str, CapRule] = {}


def declare(programme: Programme) -> Programme:
    """Add a programme; a code has one declaration."""
    if programme.code in _programmes:
        raise ValueError(f"{programme.code}: programme is already declared")
    _programmes[programme.code] = programme
    return programme


def programme_of(code: str) -> Programme:
    """The programme of a code."""
    try:
        return _programmes[code]
    except KeyError:
        raise DomainError(f"没有支付项目“{code}”。", field="programme_code") from None


def programme_choices(_: Any = None) -> list[tuple[str, str]]:
    """All programmes as (code, label), for the choice on forms."""
    return [(each.code, f"{each.name}（{each.code}）") for each in _programmes.values()]


def programme_names() -> dict[str, str]:
    """What the programmes are called, by code."""
    return {each.code: each.name for each in _programmes.values()}


def add_eligibility(codes: Sequence[str], rule: Eligibility) -> None:
    """Let a line judge the draft payments of its programmes."""
    for code in codes:
        _eligibility.setdefault(programme_of(code).code, []).append(rule)


def eligibility_of(code: str) -> Sequence[Eligibility]:
    """The rules that lines added for a programme."""
    return tuple(_eligibility.get(code, ()))


def set_cap(codes: Sequence[str], rule: CapRule) -> None:
    """Let a line cap its programmes; a programme has one cap."""
    for code in codes:
        if programme_of(code).code in _caps:
            raise ValueError(f"{code}: cap is already set")
        _caps[code] = rule


def cap_of(code: str) -> CapRule | None:
    """The cap of a programme, if a line set one."""
    return _caps.get(code)


def _seed() -> None:
    household, person = Subject.HOUSEHOLD, Subject.PERSON
    child, employer = Subject.CHILD, Subject.EMPLOYER
    by_visit = "SWN|{campaign}|"
    rows: tuple[tuple[str, str, str, Subject, str], ...] = (
        ("SWN-H", "送温暖慰问困难职工", "aid", household, by_visit + "H:{household}"),
        ("SWN-E", "送温暖慰问困难企业", "aid", employer, by_visit + "E:{employer}"),
        ("SWN-M", "送温暖慰问困难劳模", "honours", person, by_visit + "M:{person}"),
        ("SHJZ", "生活救助", "aid", household, "SHJZ|{year}|{household}|{ref}"),
        ("YLJZ", "医疗救助", "aid", person, "YLJZ|{ref}"),
        ("JQZX", "金秋助学", "aid", child, "JQZX|{ref}|{beneficiary}"),
        ("LSJZ", "临时（意外）救助", "aid", household, "LSJZ|{ref}|{household}"),
        ("NZG38", "三八女职工关爱", "women", household, "NZG38|{year}|{household}"),
        ("ET61", "六一困难女职工子女慰问", "women", child, "ET61|{year}|{beneficiary}"),
    )
    for code, name, line, subject, key in rows:
        declare(
            Programme(
                code=code,
                name=name,
                line=line,
                subject=subject,
                key=key,
                tells_illness=code == "YLJZ",
            )
        )
    for code, name in (
        ("LMWW", "劳模慰问金"),
        ("LMSH", "劳模生活困难补助"),
        ("LMTS", "劳模特殊困难补助"),
    ):
        declare(
            Programme(
                code=code,
                name=name,
                line="honours",
                subject=person,
                key=code + "|{year}|{person}",
                in_service=True,
            )
        )
    declare(
        Programme(
            code="ZFWW",
            name="走访慰问",
            line="outreach",
            subject=person,
            key="ZFWW|{ref}|{person}",
            in_service=True,
        )
    )
    others = (
        ("LANC", "两癌筛查费", "women", employer, "LANC|{ref}", PayKind.FEE),
        ("JYPX", "就业培训费", "employment", employer, "JYPX|{ref}", PayKind.FEE),
        ("XEJK", "小额借款", "employment", person, "XEJK|{ref}", PayKind.LOAN),
        ("DKTX", "贷款贴息", "employment", person, "DKTX|{ref}", PayKind.GRANT),
        ("HZBZ", "互助金", "mutual", person, "HZBZ|{ref}", PayKind.BENEFIT),
        ("FLYZ", "法律援助补贴", "rights", person, "FLYZ|{ref}", PayKind.FEE),
        ("JSJL", "竞赛奖励", "competitions", person, "JSJL|{ref}", PayKind.AWARD),
        ("CXJL", "创新奖励", "innovation", person, "CXJL|{ref}", PayKind.AWARD),
        ("CXGZ", "工作室扶持", "teams", employer, "CXGZ|{ref}", PayKind.AWARD),
        ("LMLY", "劳模疗休养与体检", "honours", employer, "LMLY|{ref}", PayKind.FEE),
        ("YHJL", "隐患报告奖励", "safety", person, "YHJL|{ref}", PayKind.AWARD),
        ("GCJS", "工程款", "projects", employer, "GCJS|{ref}", PayKind.FEE),
        ("PXJF", "干部培训费", "cadres", employer, "PXJF|{ref}", PayKind.FEE),
    )
    for code, name, line, subject, key, kind in others:
        declare(
            Programme(
                code=code,
                name=name,
                line=line,
                subject=subject,
                key=key,
                pay_kind=kind,
                tells_illness=code == "HZBZ",
            )
        )


_seed()
