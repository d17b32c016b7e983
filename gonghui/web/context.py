"""What the layout needs on every page."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from gonghui.kernel.access.scope import Actor
from gonghui.web import menu, tasks


def page(request: HttpRequest) -> dict[str, Any]:
    """Who acts, and functions for the menu, which parts of pages never call."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        return {"actor": None, "here": request.path}
    return {
        "actor": actor,
        "here": request.path,
        "menu_entries": lambda: menu.entries_for(actor),
        "menu_groups": lambda: menu.groups_for(actor),
        "waiting_count": lambda: _waiting(request, actor),
    }


def note_waiting(request: HttpRequest, number: int) -> None:
    """A page that counted what waits tells the menu, so that it need not count again."""
    request.waiting_count = min(number, tasks.MOST_WAITING)  # type: ignore[attr-defined]  # read below


def _waiting(request: HttpRequest, actor: Actor) -> int:
    known: int | None = getattr(request, "waiting_count", None)
    return tasks.waiting_count(actor) if known is None else known
