"""What the page of a policy shows beside its fields: whether its workers go on without a gap."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gonghui.base import clock
from gonghui.kernel.registers.declare import Register
from gonghui.lines.mutual.models.policy import PAID_FOR
from gonghui.lines.mutual.services import policies
from gonghui.web.panels import Panel


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
