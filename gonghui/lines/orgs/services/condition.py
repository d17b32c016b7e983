"""How a union stands today, item by item: what its own cadre and its superiors look at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from gonghui.base.periods import Period, add_months
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org, OrgKind, OrgState
from gonghui.kernel.parameters.values import number_of, value_of
from gonghui.lines.orgs.models import (
    ElectionCase,
    LegalPersonCert,
    OfficeHolder,
    OrgCoverage,
    StandardCheck,
    UnionTerm,
)
from gonghui.lines.orgs.models.term import EndReason, Post
from gonghui.lines.orgs.services.trees import COVERING_KINDS

Light = Literal["green", "yellow", "red"]

_AUDIT = (Post.AUDIT_CHAIR, Post.AUDIT_MEMBER)
_WOMEN = (Post.WOMEN_CHAIR, Post.WOMEN_MEMBER)
_WOMEN_MEMBERS = "members.female"
_DAY = timedelta(days=1)
# A renewal is announced from here on (the first reminder of the term).
_TERM_AHEAD_MONTHS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of the list: what it is about, how it stands in words, and the record to open."""

    title: str
    light: Light
    said: str
    record: Any = None


def is_judged(org: Org) -> bool:
    """Whether a union is one of those that elect, cover employers and are checked."""
    return org.kind in COVERING_KINDS and org.state in (OrgState.LIVE, OrgState.RECTIFYING)


def items_of(org: Org, today: date) -> list[Item]:
    """The union's items; an organiser (组织员) elects nobody and is no legal person."""
    found = [_covered(org)]
    if org.kind != OrgKind.ORGANIZER:
        found += [_term(org, today), *_posts(org, today), _certificate(org, today)]
    return [*found, _check(org, today)]


def _covered(org: Org) -> Item:
    rows = OrgCoverage.objects.filter(org=org, valid_to=None, voided_at=None)
    count = rows.values("employer").distinct().count()
    if not count:
        return Item(title="涵盖单位", light="red", said="没有涵盖任何单位，请核对。")
    return Item(title="涵盖单位", light="green", said=f"{count}家")


def _term(org: Org, today: date) -> Item:
    term = UnionTerm.objects.filter(org=org, ended_on=None, voided_at=None).first()
    if term is None:
        return Item(title="届次", light="red", said="没有登记在任的届次，请登记或办理换届。")
    last = term.overdue_from - _DAY
    told = f"第{term.term_no}届，{last.isoformat()}届满"
    if today > last:
        return Item(
            title="届次", light="red", said=f"{told}，已超期{(today - last).days}天。", record=term
        )
    told += f"，还有{(last - today).days}天"
    if today < add_months(last, -_TERM_AHEAD_MONTHS):
        return Item(title="届次", light="green", said=told, record=term)
    renewal = (
        ElectionCase.objects.filter(org=org, kind="renewal", voided_at=None)
        .exclude(state__in=("confirmed", "closed"))
        .first()
    )
    if renewal is not None:
        return Item(title="届次", light="yellow", said=f"{told}，换届正在办理。", record=renewal)
    by = last - timedelta(days=number_of("orgs.term_request_days"))
    said = f"{told}，请在{by.isoformat()}前请示换届。"
    return Item(title="届次", light="yellow" if today <= by else "red", said=said, record=term)


def _posts(org: Org, today: date) -> Iterator[Item]:
    """The chair, and the posts that are filled together with the committee."""
    holders = list(OfficeHolder.objects.filter(org=org, voided_at=None).order_by("ended_on", "pk"))
    serving = [holder for holder in holders if holder.ended_on is None]
    posts = {holder.post for holder in serving}
    chair = next((holder for holder in serving if holder.post == Post.CHAIR), None)
    if chair is not None:
        said = "代理主席主持工作" if chair.is_acting else "在任"
        yield Item(title="主席", light="green", said=said, record=chair)
    else:
        left = [h for h in holders if h.post == Post.CHAIR and h.end_reason != EndReason.RENEWAL]
        yield _vacancy(left[-1] if left else None, today)
    if posts.isdisjoint(_AUDIT):
        yield Item(title="经费审查", light="red", said="没有登记在任的经审主任或经审委员。")
    else:
        yield Item(title="经费审查", light="green", said="已配备")
    yield _women(org, today, not posts.isdisjoint(_WOMEN))


def _vacancy(last: Any, today: date) -> Item:
    due = last.vacancy_due_on if last is not None else None
    if due is None:
        return Item(title="主席", light="red", said="没有登记在任的主席，请登记或补选。")
    light: Light = "yellow" if today <= due else "red"
    return Item(
        title="主席",
        light=light,
        said=f"自{last.ended_on.isoformat()}起空缺，请在{due.isoformat()}前补选。",
        record=last,
    )


def _women(org: Org, today: date, has_post: bool) -> Item:
    """Ten women members need a committee, fewer one member of the union committee for them."""
    title = "女职工组织"
    if has_post:
        return Item(title=title, light="green", said="已配备")
    women = _women_members(org, today)
    if women is None or women == 0:
        return Item(title=title, light="green", said="没有登记女会员，暂不需要")
    needed = "女职工委员会" if women >= number_of("orgs.women_committee_min") else "女职工委员"
    return Item(title=title, light="red", said=f"有女会员{women}人，应设{needed}。")


def _women_members(org: Org, today: date) -> int | None:
    """The number that the members line counts, where that line is installed."""
    if not catalogue.is_declared(_WOMEN_MEMBERS):
        return None
    return int(figure(_WOMEN_MEMBERS, org, Period(today, today)).value or 0)


def _certificate(org: Org, today: date) -> Item:
    title = "法人资格证书"
    rows = LegalPersonCert.objects.filter(org=org, voided_at=None)
    by_state = {
        row.state: row
        for row in rows.filter(state__in=("pending", "applied", "valid", "replacing"))
    }
    cert = by_state.get("valid") or by_state.get("replacing")
    if cert is None and "applied" in by_state:
        waiting = by_state["applied"]
        return Item(title=title, light="yellow", said="已申请，等待核发。", record=waiting)
    if cert is None:
        said = "尚未取得，请申请登记。"
        return Item(title=title, light="red", said=said, record=by_state.get("pending"))
    days = (cert.valid_to - today).days
    until = f"{cert.valid_to.isoformat()}到期"
    if days < 0:
        said = f"{until}，已过期{-days}天，请办理换领。"
        return Item(title=title, light="red", said=said, record=cert)
    if cert.rep_differs:
        said = "法定代表人与现任主席不符，请办理变更。"
        return Item(title=title, light="red", said=said, record=cert)
    first = max(int(step) for step in value_of("orgs.cert_remind_days"))
    if days <= first:
        said = f"{until}，还有{days}天，请办理换领。"
        return Item(title=title, light="yellow", said=said, record=cert)
    return Item(title=title, light="green", said=f"{until}，还有{days}天", record=cert)


def _check(org: Org, today: date) -> Item:
    title = "规范化考评"
    row = StandardCheck.objects.filter(org=org, year=today.year, voided_at=None).first()
    if row is None:
        return Item(title=title, light="yellow", said=f"{today.year}年度还没有自评。")
    if row.grade:
        light: Light = "red" if row.grade == "to_mend" else "green"
        return Item(
            title=title, light=light, said=f"{today.year}年度{row.get_grade_display()}", record=row
        )
    return Item(title=title, light="yellow", said=f"{today.year}年度正在评分。", record=row)
