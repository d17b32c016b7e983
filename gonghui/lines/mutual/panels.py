"""What the page of a policy shows beside its fields: who goes on from the period before, and without a gap."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gonghui.base import clock
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.mutual.models import Coverage
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.lines.mutual.services import policies, renewing
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

_IN_WORK = ("draft", "checked", "county_review")


def continuity(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The last day for a renewal without a gap, or what a late one loses."""
    warning = policies.continuity_warning(record)
    last = None
    if record.state in PAID_FOR:
        last = policies.last_gapless_day(record.product_version, record.effective_to)
    context = {
        "warning": warning,
        "last": last,
        "effective_to": record.effective_to,
        "is_renewed": policies.is_renewed(record),
        "is_late": last is not None and clock.today() > last,
    }
    return Panel(title="不断保", template="mutual/_continuity.html", context=context)


def compared(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """Who joined and who is missing since the period before, while the roster is made and reviewed."""
    if record.state not in _IN_WORK:
        return None
    found = renewing.comparison_of(record)
    if found is None:
        return None
    actor = actor_of_request(request)
    names = register_of(Coverage)

    def named(row: Any) -> str:
        return label_of(row.person, masked=masked_for(actor, names, row))

    context = {
        "found": found,
        "joined": [named(row) for row in found.joined],
        "missing": [
            (named(row), reason.replace(row.person.name, named(row)))
            for row, reason in found.missing
        ],
    }
    return Panel(title="与上期名册对照", template="mutual/_compared.html", context=context)
