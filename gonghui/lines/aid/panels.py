"""What the pages of hardship files and comparisons show beside their fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.base.identity import mask_name
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import masked_for, may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.aid.models import CrossCheck, CrossCheckRow
from gonghui.lines.aid.models.cross_check import Agency, CheckResult
from gonghui.lines.aid.services import cross_checks
from gonghui.web.columns import record_url
from gonghui.web.links import children
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request


def household(request: HttpRequest, register: Register, record: Any) -> Panel:
    """Who lives in the household; a file is judged by their number, so they are entered first."""
    homes = register_of(Household)
    context = {
        "href": record_url(homes, record.household),
        "children": children(actor_of_request(request), homes, record.household),
    }
    return Panel(title="家庭", template="aid/_household.html", context=context)


def cross_check_list(request: HttpRequest, register: Register, record: Any) -> Panel:
    """How far a comparison is, and the list for the office."""
    rows = cross_checks.rows_of(record)
    is_sent = record.state in ("sent", "answered")
    may_see = may(actor_of_request(request), "reveal", register, record.org_id)
    context = {
        "record": record,
        "agency": record.get_agency_display(),
        "people": rows.values("person").distinct().count(),
        "answered": rows.exclude(result="").count(),
        "untouched": rows.filter(result=CheckResult.HIT, handled="").count(),
        "sent": is_sent,
        "list_href": reverse("aid:cross_check_list", args=[record.pk])
        if is_sent and may_see
        else None,
    }
    return Panel(title="比对名单", template="aid/_cross_check_list.html", context=context)


def cross_checks_of(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """Whom the household was compared with; what was found only for whoever decides on the file."""
    with acting(SYSTEM):
        rows = list(
            CrossCheckRow.objects.filter(file=record, voided_at=None)
            .exclude(check_batch__state="cancelled")
            .select_related("check_batch", "person")
            .order_by("person_id", "check_batch_id", "pk")
        )
    missing = cross_checks.standing([record])[record.pk].missing
    if not rows and record.state not in cross_checks.COMPARED:
        return None
    checks = register_of(CrossCheck)
    opens = may(actor_of_request(request), "view", checks, record.org_id)
    mine = set(
        CrossCheck.objects.filter(pk__in={row.check_batch_id for row in rows}).values_list(
            "pk", flat=True
        )
    )
    known = [row for row in rows if opens and row.check_batch_id in mine]
    batches = {row.check_batch_id: row.check_batch for row in rows}
    masked = masked_for(actor_of_request(request), checks, record)
    context = {
        "agencies": [
            _of_agency(checks, each, opens and each.pk in mine) for each in batches.values()
        ]
        + [
            {"label": agency.label, "text": "未送出", "colour": "secondary", "href": None}
            | {"asked_on": None, "returned_on": None}
            for agency in missing
            if agency not in {each.agency for each in batches.values()}
        ],
        "results": [_of_row(row, masked) for row in known if row.check_batch.state == "answered"],
    }
    return Panel(title="信息比对", template="aid/_cross_checks.html", context=context)


def _of_agency(checks: Register, check: CrossCheck, opens: bool) -> dict[str, Any]:
    colours = {"draft": "secondary", "sent": "yellow", "answered": "green"}
    return {
        "label": Agency(check.agency).label,
        "text": checks.workflow.state(check.state).label if checks.workflow else "",
        "colour": colours[check.state],
        "href": record_url(checks, check) if opens else None,
        "asked_on": check.asked_on,
        "returned_on": check.returned_on,
    }


def _of_row(row: CrossCheckRow, masked: bool) -> dict[str, Any]:
    is_hit = row.result == CheckResult.HIT
    return {
        "name": mask_name(str(row.person)) if masked else str(row.person),
        "href": record_url(register_of(row), row),
        "item": row.get_item_display(),
        "result": row.get_result_display(),
        "is_hit": is_hit,
        "handled": row.get_handled_display() or ("待核实" if is_hit else ""),
    }
