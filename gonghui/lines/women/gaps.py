"""What the women workers' department still has to see to: lists of its own registers, narrowed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import urlencode

from django.http import QueryDict
from django.urls import reverse

from gonghui.base import clock
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.web import filters
from gonghui.web.listing import in_subtree, permitted

_YESTERDAY = "yesterday"


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """A list that should be empty: its title, its register, and the filters that narrow it."""

    title: str
    register: str
    query: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Count:
    """How many a gap has, and the very list that holds them."""

    title: str
    count: int
    href: str


GAPS = (
    Gap(
        title="疑似违法的禁忌岗位",
        register="women.post",
        query=(("is_suspect", "1"),),
    ),
    Gap(
        title="有禁忌范围、还没有书面告知的岗位",
        register="women.post",
        query=(
            ("is_notified", "0"),
            *(("scopes", scope) for scope in ("all", "menses", "pregnancy", "nursing")),
        ),
    ),
    Gap(
        title="计划日期已过、还没有检查的单位",
        register="women.inspection",
        query=(("state", "planned"), ("planned_on.to", _YESTERDAY)),
    ),
    Gap(
        title="整改期限已过、还没有复查的单位",
        register="women.inspection",
        query=(("state", "rectifying"), ("due_on.to", _YESTERDAY)),
    ),
    Gap(
        title="日期已过、没有登记举办的讲座",
        register="women.lecture",
        query=(("state", "planned"), ("held_on.to", _YESTERDAY)),
    ),
    Gap(
        title="检查期已过、没有结算的筛查批次",
        register="women.screening_session",
        query=(("state", "screening"), ("date_to.to", _YESTERDAY)),
    ),
)


def counts(org: Org, actor: Actor) -> list[Count]:
    """The gaps of an org's subtree that the actor may open, by the filters of the lists themselves."""
    yesterday = clock.today() - timedelta(days=1)
    found = (_count(gap, org, actor, yesterday) for gap in GAPS)
    return [each for each in found if each is not None]


def _count(gap: Gap, org: Org, actor: Actor, yesterday: date) -> Count | None:
    register = register_of(gap.register)
    if not may(actor, "view", register):
        return None
    pairs = [(name, str(yesterday) if text == _YESTERDAY else text) for name, text in gap.query]
    wanted = urlencode(pairs)
    narrowed = filters.read(register, QueryDict(wanted)).condition
    rows = register.model.objects.filter(narrowed, in_subtree(register, org), voided_at=None)
    unit = urlencode([("org.pk", str(org.pk))])
    return Count(
        title=gap.title,
        count=permitted(actor, "view", register, rows).count(),
        href=f"{reverse('web:list', args=[register.key])}?{wanted}&{unit}",
    )
