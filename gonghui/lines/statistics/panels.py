"""What the pages of the line show beside their fields."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import HttpRequest

from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue, seals
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.web import windows
from gonghui.web.columns import record_url
from gonghui.web.figuring import below
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request

SHOWN = 200


def seal(request: HttpRequest, register: Register, record: Any) -> Panel:
    """Whether a sealed set is what was sealed, and what its figures are by now."""
    period = Period(record.seal.start, record.seal.end)
    orgs = {org.pk: org for org in [record.org, *below(record.org, period, None)]}
    cells = seals.drift(record.seal, orgs)
    context = {
        "is_intact": seals.is_intact(record.seal) and record.seal.hash == record.hash,
        "rows": [_row(cell, orgs[cell.org_id], period) for cell in cells[:SHOWN]],
        "hidden": max(0, len(cells) - SHOWN),
    }
    return Panel(title="封存数和现时数", template="statistics/_seal.html", context=context)


def late(request: HttpRequest, register: Register, record: Any) -> Panel:
    """The record behind a late change, or the figure's page that lists its records."""
    kept = record.sealed_set
    period = Period(kept.seal.start, kept.seal.end)
    source = register_of(record.register)
    one = _visible(request, source, record.record_id)
    context = {
        "source": source.title,
        "one": label_of(one, masked=True) if one is not None else "",
        "href": record_url(source, one) if one is not None else "",
        "figure_href": windows.link_to(
            "web:figure", record.indicator, org_id=record.org_id, period=period, as_of=None
        ),
    }
    return Panel(title="来源", template="statistics/_late.html", context=context)


def _visible(request: HttpRequest, source: Register, record_id: int | None) -> Any:
    """The one record behind a change, if there is one and the reader may see it."""
    one = source.model.objects.filter(pk=record_id).first()
    if one is None or not may(actor_of_request(request), "view", source, one.org_id):
        return None
    return one


def _row(cell: seals.Cell, org: Org, period: Period) -> dict[str, Any]:
    declared = catalogue.indicator(cell.code)
    return {
        "name": declared.name,
        "unit": declared.unit,
        "org": org,
        "sealed": _exact(cell.sealed),
        "live": _exact(cell.found),
        "late": f"{_exact(cell.found - cell.sealed, sign='+')}",
        "href": windows.link_to(
            "web:figure", cell.code, org_id=cell.org_id, period=period, as_of=None
        ),
    }


def _exact(value: Decimal, sign: str = "") -> str:
    return f"{value.normalize():{sign},f}"
