"""All addresses: the generic screens, and what lines add for odd screens of their own."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from gonghui.api.router import build

handler400 = "gonghui.web.errors.bad_request"
handler404 = "gonghui.web.errors.not_found"
handler500 = "gonghui.web.errors.broken"

# A line with a module `urls` has its pages below its own name.
_of_lines: list[URLPattern | URLResolver] = [
    path(f"{line}/", include((import_module(f"gonghui.lines.{line}.urls").urlpatterns, line)))
    for line in settings.LINES
    if find_spec(f"gonghui.lines.{line}.urls") is not None
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_of_lines,
    path("api/v1/", build().urls),
    path("", include("gonghui.web.urls")),
]
