"""What the page of a roster check shows beside its fields: where its payroll is given."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request


def payroll(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The way to give a payroll, for those who may, until the check is settled."""
    actor = actor_of_request(request)
    if record.state == "settled" or record.voided_at is not None:
        return None
    if not may(actor, "change", register, record.org_id):
        return None
    context = {
        "upload_href": reverse("members:payroll", args=[record.pk]),
        "template_href": reverse("members:payroll_template"),
        "is_given": record.listed is not None,
    }
    return Panel(title="工资名册", template="members/_payroll.html", context=context)
