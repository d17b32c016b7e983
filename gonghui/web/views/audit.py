"""Traces for audit administrators: acts on accounts, and who read sensitive values."""

from __future__ import annotations

from typing import Any

from django.db.models import Model, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts import authority
from gonghui.kernel.accounts.models import LoginEvent
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.registers import registry
from gonghui.web import signs
from gonghui.web.columns import column
from gonghui.web.requests import actor_of_request
from gonghui.web.versions import names_of
from gonghui.web.windows import day_of

PAGE = 100
KINDS = signs.LABELS


def auditor(request: HttpRequest) -> Actor:
    """Who acts, if he is an audit administrator; the page does not exist for anybody else."""
    actor = actor_of_request(request)
    if not actor.has_role(Role.AUDIT_ADMIN):
        raise Http404
    return actor


@require_safe
def events(request: HttpRequest) -> HttpResponse:
    """Logins and acts on accounts of the auditor's subtree, the newest first."""
    actor = auditor(request)
    rows: QuerySet[LoginEvent] = LoginEvent.objects.all()
    if not authority.has_city(actor, Role.AUDIT_ADMIN):
        mine = authority.accounts_in_reach(actor, Role.AUDIT_ADMIN)
        rows = rows.filter(
            Q(user__in=mine.values("pk"))
            | Q(actor_id__in=mine.values("pk"))
            | Q(user=None, username__in=mine.values("username"))
        )
    text = _text(request)
    if text:
        rows = rows.filter(username__icontains=text)
    kind = request.GET.get("kind", "")
    if kind in KINDS:
        rows = rows.filter(kind=kind)
    found, context = _page(request, rows)
    names = names_of(event.actor_id for event in found)
    context |= {
        "kinds": KINDS.items(),
        "kind": kind,
        "q": text,
        "lines": [
            (
                event,
                KINDS.get(event.kind, event.kind),
                ""
                if event.actor_id is None and event.user_id is None
                else names.get(event.actor_id, ""),
            )
            for event in found
        ],
    }
    return render(request, "web/account_events.html", context)


@require_safe
def reveals(request: HttpRequest) -> HttpResponse:
    """Who read which sensitive value, when and what for."""
    actor = auditor(request)
    rows: QuerySet[RevealEvent] = RevealEvent.objects.all()
    mine = authority.accounts_in_reach(actor, Role.AUDIT_ADMIN)
    if not authority.has_city(actor, Role.AUDIT_ADMIN):
        rows = rows.filter(actor_id__in=mine.values("pk"))
    text = _text(request)
    if text:
        named = mine.filter(Q(name__icontains=text) | Q(username__icontains=text))
        rows = rows.filter(actor_id__in=named.values("pk"))
    found, context = _page(request, rows)
    names = names_of(event.actor_id for event in found)
    context |= {
        "q": text,
        "lines": [(event, names.get(event.actor_id, ""), *_what(event)) for event in found],
    }
    return render(request, "web/reveal_events.html", context)


def _what(event: RevealEvent) -> tuple[str, str]:
    """The register and the field of a reveal, in words."""
    register = registry.find(event.register)
    if register is None:
        return event.register, event.field
    names = {field.name for field in register.model._meta.concrete_fields}
    label = column(register.model, event.field).label if event.field in names else event.field
    return register.title, label


def _text(request: HttpRequest) -> str:
    return request.GET.get("q", "").replace("\x00", "").strip()[:60]


def _page(request: HttpRequest, rows: QuerySet[Any]) -> tuple[list[Any], dict[str, Any]]:
    """A page of traces by key, with the days that narrow it."""
    problems: list[str] = []
    first = day_of(request.GET.get("from", ""), "开始日期", problems)
    last = day_of(request.GET.get("to", ""), "结束日期", problems)
    if first is not None:
        rows = rows.filter(at__date__gte=first)
    if last is not None:
        rows = rows.filter(at__date__lte=last)
    after = request.GET.get("after", "")
    if after.isdecimal() and len(after) < 19:
        rows = rows.filter(pk__lt=int(after))
    found: list[Model] = list(rows.order_by("-pk")[: PAGE + 1])
    context = {
        "first": first,
        "last": last,
        "problem": "".join(problems),
        "after": found[PAGE - 1].pk if len(found) > PAGE else None,
    }
    return found[:PAGE], context
