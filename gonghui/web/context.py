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
        "waiting_count": lambda: tasks.waiting_count(actor),
    }
