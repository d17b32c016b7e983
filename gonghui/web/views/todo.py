"""The to-do list: what waits, here and below, what is done, what was sent on, reminders."""

from __future__ import annotations

from typing import Any

from django.db.models import Count, F, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Register
from gonghui.web import choosing, moves, tasks
from gonghui.web.context import note_waiting
from gonghui.web.jinja import query
from gonghui.web.requests import actor_of_request
from gonghui.web.tasks import Tally

PAGE = 50
COUNTED = 1000
TABS = {
    "waiting": "待办",
    "below": "下级待办",
    "done": "已办",
    "sent": "我发起的",
    "reminders": "提醒",
}
OPEN = {"waiting", "below"}


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The first page of everybody."""
    actor = actor_of_request(request)
    tab = request.GET.get("tab", "waiting")
    tab = tab if tab in TABS else "waiting"
    org = choosing.by_key(Org.objects.all(), request.GET.get("org.pk", ""))
    if org is None and request.GET.get("org", "").strip():
        org = next(iter(choosing.matches(Org.objects.all(), request.GET["org"], limit=1)), None)
    rows: QuerySet[Any] = getattr(tasks, tab)(actor)
    if org is not None:
        rows = rows.filter(org__path__startswith=org.path)
    tallies = tasks.tallies(actor, org)
    note_waiting(request, _open_lines(tallies, "waiting"))
    registers = _registers(tab, rows, tallies)
    chosen = registry.find(request.GET.get("register", ""))
    if chosen is not None:
        rows = rows.filter(register=chosen.key)
    page = _page_number(request)
    found = list(
        rows.select_related("org").order_by(*_order(tab))[(page - 1) * PAGE : page * PAGE + 1]
    )
    shown = found[:PAGE]
    lines = _reminders(shown) if tab == "reminders" else [tasks.as_row(task) for task in shown]
    only = _only_register(lines) if tab in OPEN else None
    context = {
        "tab": tab,
        "tabs": _tabs(actor, tab, tallies),
        "registers": registers,
        "chosen": chosen,
        "org": org,
        "lines": [line for line in lines if line is not None],
        "page": page,
        "next_page": query(request, page=page + 1) if len(found) > PAGE else None,
        "previous_page": query(request, page=page - 1) if page > 1 else None,
        "bulk_register": only,
        "bulk_actions": moves.of_list(actor, only, {t.state for t in shown}) if only else [],
        "has_many_orgs": actor.whole_city or len(actor.org_ids) > 1,
    }
    return render(request, "web/todo.html", context)


def _tabs(
    actor: Actor, current: str, tallies: list[Tally]
) -> list[tuple[str, str, str | None, bool]]:
    """The tabs with what waits in them; who has nobody below him is not shown their matters."""
    counted = {name: _count(actor, name, tallies) for name in TABS}
    return [
        (label, f"?tab={name}", counted[name], name == current)
        for name, label in TABS.items()
        if name != "below" or current == name or counted[name] != "0"
    ]


def _count(actor: Actor, tab: str, tallies: list[Tally]) -> str | None:
    if tab in {"done", "sent"}:
        return None
    if tab in OPEN:
        found = _open_lines(tallies, tab)
    else:
        found = tasks.reminders(actor).order_by()[: COUNTED + 1].count()
    return f"{COUNTED}+" if found > COUNTED else str(found)


def _order(tab: str) -> list[Any]:
    if tab in OPEN:
        return [F("due_on").asc(nulls_last=True), "opened_at", "pk"]
    if tab == "done":
        return ["-closed_at", "-pk"]
    return ["-opened_at", "-pk"] if tab == "sent" else ["-made_at", "-pk"]


def _page_number(request: HttpRequest) -> int:
    sent = request.GET.get("page", "")
    return min(max(int(sent), 1), 1000) if sent.isdecimal() and len(sent) < 6 else 1


def _open_lines(tallies: list[Tally], tab: str) -> int:
    return sum(each.lines for each in tallies if each.is_below == (tab == "below"))


def _registers(tab: str, rows: QuerySet[Any], tallies: list[Tally]) -> list[tuple[Register, int]]:
    """The registers that occur in the list with how many lines each has, for its filter."""
    if tab in OPEN:
        there = [each for each in tallies if each.is_below == (tab == "below") and each.here]
        counted = [(each.register, each.here) for each in there]
    else:
        counted = list(
            rows.order_by("register").values_list("register").annotate(lines=Count("pk"))
        )
    return [(found, lines) for key, lines in counted if (found := registry.find(key)) is not None]


def _only_register(lines: list[Any]) -> Register | None:
    """The register of all lines, if they have but one: then they can be done together."""
    found = {line.register.key: line.register for line in lines if line is not None}
    return next(iter(found.values())) if len(found) == 1 else None


def _reminders(shown: list[Any]) -> list[dict[str, Any]]:
    return [
        {
            "register": registry.find(reminder.register),
            "record_id": reminder.record_id,
            "title": reminder.message,
            "org": str(reminder.org),
            "since": reminder.made_at,
        }
        for reminder in shown
    ]
