"""What the page of a union shows beside its fields: how it stands, and what its cadre does next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import find, register_of
from gonghui.lines.orgs.services import condition
from gonghui.lines.orgs.services.condition import Item
from gonghui.web import figure_text, windows
from gonghui.web.columns import record_url
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

_MEMBERS = "members.total"
# What a basic union's cadre begins most: label, register, the page of it, the verb it needs.
_STEPS = (
    ("换届", "orgs.election_case", "new", "add"),
    ("变更", "orgs.org_change", "new", "add"),
    ("增员", "members.membership", "new", "add"),
    ("导入花名册", "members.membership", "import", "import"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """An item and where it leads."""

    item: Item
    href: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A button."""

    label: str
    href: str


def condition_of_union(request: HttpRequest, register: Register, org: Any) -> Panel | None:
    """The items of a basic union, its members, and for its own cadre the usual next steps."""
    if not condition.is_judged(org):
        return None
    actor = actor_of_request(request)
    lines = [
        Line(item=item, href=_href(item, actor)) for item in condition.items_of(org, clock.today())
    ]
    context: dict[str, Any] = {
        "lines": lines,
        "open_items": sum(line.item.light != "green" for line in lines),
        "steps": _steps(actor, org),
    }
    if catalogue.is_declared(_MEMBERS):
        today = Period(clock.today(), clock.today())
        found = figure(_MEMBERS, org, today)
        context["members"] = figure_text.shown(found, catalogue.indicator(_MEMBERS))
        context["members_href"] = windows.link_to(
            "web:figure", _MEMBERS, org_id=org.pk, period=today, as_of=None
        )
    return Panel(title="工会现况", template="orgs/_condition.html", context=context)


def _href(item: Item, actor: Actor) -> str:
    if item.record is None:
        return ""
    register = register_of(item.record)
    if not may(actor, "view", register, item.record.org_id):
        return ""
    return record_url(register, item.record)


def _steps(actor: Actor, org: Org) -> list[Step]:
    if not actor.has_role(Role.BASIC, over=org.pk):
        return []
    steps = []
    for label, key, page, verb in _STEPS:
        register = find(key)
        if register is not None and may(actor, verb, register, org.pk):
            steps.append(Step(label=label, href=reverse(f"web:{page}", args=[key])))
    return steps
