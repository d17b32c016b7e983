"""What the page of a loan shows beside its fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gonghui.kernel.registers.declare import Register
from gonghui.lines.employment.services import repaying
from gonghui.web.panels import Panel


def clocks(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The schedule, what being late has cost, and the days that run out."""
    running = repaying.clocks_of(record)
    installments = repaying.installments_of(record)
    if not running and not installments:
        return None
    context = {
        "clocks": running,
        "installments": installments,
        "penalty": repaying.penalty_due(record) if installments else None,
    }
    return Panel(title="还款与期限", template="employment/_loan.html", context=context)
