"""What other parts add to a record's page and to the dashboard.

A panel is a function `(request, register, record) -> Panel | None`. A register names its own by
dotted path in `panels=`; those of `EVERY_RECORD` appear on all records, if their app is installed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.http import HttpRequest
from django.utils.module_loading import import_string

from gonghui.kernel.registers.declare import Register
from gonghui.web.windows import Window

# The app that must be installed, and the panel's dotted path.
EVERY_RECORD: list[tuple[str, str]] = [
    ("gonghui.kernel.workflow", "gonghui.web.views.notices.panel"),
    ("gonghui.kernel.files", "gonghui.web.views.files.panel"),
]

# What lines add to the dashboard: dotted paths of `(request, window) -> Panel | None`.
ON_DASHBOARD: list[str] = []


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """A titled part of a record's page: a template and what it needs besides the page's own."""

    title: str
    template: str
    context: dict[str, Any] = field(default_factory=dict)


def panels_of(request: HttpRequest, register: Register, record: Any) -> list[Panel]:
    """The panels of a record's page, in order."""
    paths = list(register.panels)
    paths += [path for app, path in EVERY_RECORD if apps.is_installed(app)]
    made = [import_string(path)(request, register, record) for path in paths]
    return [panel for panel in made if panel is not None]


def on_dashboard(request: HttpRequest, window: Window) -> list[Panel]:
    """What lines tell on the dashboard for the organisation and the days in view."""
    made = [import_string(path)(request, window) for path in ON_DASHBOARD]
    return [panel for panel in made if panel is not None]
