"""What the page of a roster check shows beside its fields: where its payroll is given."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.members.models import RosterCheck, RosterDifference
from gonghui.lines.members.models.roster_check import DifferenceKind
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
        "to_decide": [
            (f"核定{kind.label}", _open_lines(record, kind))
            for kind, count in (
                (DifferenceKind.GONE, record.gone),
                (DifferenceKind.FRESH, record.fresh),
            )
            if count
        ],
    }
    return Panel(title="工资名册", template="members/_payroll.html", context=context)


def _open_lines(check: RosterCheck, kind: DifferenceKind) -> str:
    """The list of those of a kind who wait to be decided on, one by one or many at once."""
    query = urlencode({"check_of.pk": check.pk, "kind": kind.value, "state": "open"})
    return f"{reverse('web:list', args=[register_of(RosterDifference).key])}?{query}"
