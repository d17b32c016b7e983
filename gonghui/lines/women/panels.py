"""What pages of the line show beside a record's fields."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.women.models import ScreeningRecord
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request


def progress_of(request: HttpRequest, register: Register, record: Any) -> Panel:
    """How many places are taken and how many women were screened; counts alone."""
    actor = actor_of_request(request)
    names = register_of(ScreeningRecord)
    rows = ScreeningRecord.objects.filter(session=record, voided_at=None)
    states = Counter(rows.values_list("state", flat=True))
    context = {
        "quota": record.quota,
        "waiting": states["registered"],
        "screened": states["screened"],
        "dropped": states["dropped"],
        "left": record.quota - states["registered"] - states["screened"],
        "names_href": reverse("web:list", args=[names.key]) + f"?session={record.pk}"
        if may(actor, "view", names, record.org_id)
        else "",
    }
    return Panel(title="名额和进度", template="women/_progress.html", context=context)
