"""The auditor's pages of money: what is odd, and where a payment's money came from and went."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import AuditSampleLine, FundReceipt, PayLine
from gonghui.shared.funds.services import red_flags as flags_service
from gonghui.shared.funds.services import sampling, tracing
from gonghui.web.columns import record_url
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request
from gonghui.web.versions import names_of

YEARS = 6


def _overseer(request: HttpRequest) -> Actor:
    """Who acts, if he oversees money; the page does not exist for anybody else."""
    actor = actor_of_request(request)
    if not actor.has_role(Role.AUDIT, Role.LEADER, Role.FINANCE):
        raise Http404
    return actor


def _year(request: HttpRequest) -> int:
    given = request.GET.get("year", "")
    is_year = given.isdecimal() and len(given) == len("2012") and given > "1900"
    return int(given) if is_year else clock.today().year


@require_safe
def red_flags(request: HttpRequest) -> HttpResponse:
    """The flags of a year by kind, each with the record to begin with."""
    _overseer(request)
    year, kind = _year(request), request.GET.get("kind", "")
    codes = [kind] if kind in {rule.code for rule in flags_service.RULES} else []
    found = flags_service.found_in(year, codes)
    context = {
        "year": year,
        "years": range(clock.today().year, clock.today().year - YEARS, -1),
        "kind": kind if codes else "",
        "rules": flags_service.RULES,
        "groups": [_group(each) for each in found if each.flags],
        "clean": [each.rule.title for each in found if not each.flags],
    }
    return render(request, "funds/red_flags.html", context)


def _group(found: flags_service.Found) -> dict[str, Any]:
    return {
        "title": found.rule.title,
        "count": len(found.flags),
        "has_more": found.has_more,
        "rows": [
            {
                "text": flag.text,
                "org": flag.record.org,
                "amount": flag.amount,
                "href": record_url(register_of(flag.record), flag.record),
            }
            for flag in found.flags
        ],
    }


@require_safe
def trace_receipt(request: HttpRequest, pk: int) -> HttpResponse:
    """From money that came in to the funds it went on to and the batches they paid."""
    receipt = record_or_404(register_of(FundReceipt), pk, actor_of_request(request))
    stations = tracing.below(receipt.fund)
    mine = tracing.in_scope(batch for station in stations for batch in station.batches)
    context = {
        "receipt": receipt,
        "above_href": record_url(register_of(receipt), receipt),
        "share": _share(receipt.amount, receipt.fund.received),
        "stations": [
            {
                "station": station,
                "batches": [
                    {
                        "batch": batch,
                        "href": record_url(register_of(batch), batch) if batch.pk in mine else "",
                    }
                    for batch in station.batches
                ],
            }
            for station in stations
        ],
    }
    return render(request, "funds/trace_receipt.html", context)


def _share(part: Decimal, whole: Decimal) -> str:
    return f"{100 * part / whole:.1f}%" if whole else ""


@require_safe
def trace_line(request: HttpRequest, pk: int) -> HttpResponse:
    """From a payment back over its approvals and its fund to whoever gave the money."""
    line = record_or_404(register_of(PayLine), pk, actor_of_request(request))
    stations = tracing.above(line.batch.fund)
    mine = tracing.in_scope(receipt for station in stations for receipt in station.receipts)
    steps = tracing.steps_of(line.batch)
    names = names_of(step.actor_id for step in steps)
    context = {
        "line": line,
        "above_href": record_url(register_of(line), line),
        "batch": line.batch,
        "batch_href": record_url(register_of(line.batch), line.batch),
        "steps": [(step, names.get(step.actor_id, "")) for step in steps],
        "answers": tracing.answers_to(line.batch),
        "stations": [
            {"station": station, "receipts": [_payer(each, mine) for each in station.receipts]}
            for station in stations
        ],
    }
    return render(request, "funds/trace_line.html", context)


def _payer(receipt: FundReceipt, mine: set[int]) -> dict[str, Any]:
    """Whose money it was: by name only for whoever may open the receipt."""
    opens = receipt.pk in mine
    return {
        "receipt": receipt,
        "payer": receipt.payer_name if opens else receipt.get_source_display(),
        "href": record_url(register_of(receipt), receipt) if opens else "",
    }


@never_cache
@require_POST
def look(request: HttpRequest, pk: int) -> HttpResponse:
    """A payment of a sample with all that stands behind it in clear; posted, because it is noted."""
    actor = actor_of_request(request)
    register = register_of(AuditSampleLine)
    line = record_or_404(register, pk, actor)
    require(actor, "change", register, line.org_id)
    clear = sampling.look(line, actor)
    with acting(SYSTEM):
        paid = PayLine.objects.select_related("batch", "account").get(pk=line.pay_line_id)
    steps = tracing.steps_of(paid.batch)
    names = names_of(step.actor_id for step in steps)
    context = {
        "line": line,
        "clear": clear,
        "paid": paid,
        "account": paid.account,
        "programme": programmes.programme_of(paid.programme_code).name,
        "steps": [(step, names.get(step.actor_id, "")) for step in steps],
        "sample_href": record_url(register_of(line.sample), line.sample),
        "edit_href": reverse("web:edit", args=[register.key, line.pk]),
        "line_href": record_url(register_of(paid), paid),
        "batch_href": record_url(register_of(paid.batch), paid.batch),
        "trace_href": reverse("funds:trace_line", args=[paid.pk]),
    }
    return render(request, "funds/look.html", context)
