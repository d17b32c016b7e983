"""Printing a record as one of its official forms, or a list as a roster."""

from __future__ import annotations

import logging
from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.docx.forms import Form, Roster
from gonghui.kernel.files.kinds import DOCX
from gonghui.kernel.records.labels import label_of
from gonghui.kernel.registers.declare import Print
from gonghui.kernel.registers.permission import masked_for, require
from gonghui.web import printing, show
from gonghui.web.columns import record_url
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404, register_or_404
from gonghui.web.listing import rows_for
from gonghui.web.requests import actor_of_request, user_of
from gonghui.web.views.records import PurposeForm

log = logging.getLogger(__name__)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form(request: HttpRequest, key: str, pk: int, index: int) -> HttpResponseBase:
    """One form of a record; where it would hide what the reader may reveal, it asks for a purpose."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    record = record_or_404(register, pk, actor)
    declared = dict(printing.forms_of(register, record)).get(index)
    if declared is None or not isinstance(declared.form, Form):
        raise Http404
    asked = PurposeForm(request.POST or None)
    purpose = ""
    if request.method == "POST" and asked.is_valid():
        purpose = asked.cleaned_data["reason"]
    source = printing.Printing(actor, register, record, declared.form, purpose=purpose)
    made = source.document(stamp_of(request))
    if source.withheld and "masked" not in request.GET:
        context: dict[str, Any] = {
            "register": register,
            "title": label_of(record, masked=masked_for(actor, register, record)),
            "back": record_url(register, record),
            "print": declared,
            "form": asked,
        }
        return render(request, "web/print.html", context)
    log.info("user %s printed %s of %s/%s", actor.user_id, index, key, pk)
    return download(made, f"{declared.title}-{record.number or record.pk}.docx", DOCX)


@require_safe
def roster(request: HttpRequest, key: str, index: int) -> HttpResponseBase:
    """The list that its filters show as a roster; one too long is refused, never cut."""
    register = register_or_404(key)
    actor = actor_of_request(request)
    require(actor, "export", register)
    declared: Print | None = dict(printing.rosters_of(register)).get(index)
    if declared is None or not isinstance(declared.form, Roster):
        raise Http404
    listing = rows_for(register, request, verb="export")
    if listing.rows.order_by()[: printing.MOST_ROWS + 1].count() > printing.MOST_ROWS:
        raise DomainError(
            f"符合条件的记录超过{printing.MOST_ROWS:,}条，一份名册印不下。请按工会、日期或状态缩小范围。"
        )
    unit = listing.org or user_of(request).org
    made = printing.roster_document(
        actor,
        register,
        declared.form,
        listing.rows,
        unit=unit.name if unit else "",
        stamp=stamp_of(request),
    )
    log.info("user %s printed roster %s of %s", actor.user_id, index, key)
    return download(made, f"{declared.title}-{clock.today():%Y%m%d}.docx", DOCX)


def stamp_of(request: HttpRequest) -> str:
    """Who prints and when, for the foot of a form."""
    return f"打印：{user_of(request).name}　{show.moment(clock.now())}"
