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

# A line or shared block with a module `urls` has its pages below its own name.
_packages = [f"shared.{block}" for block in settings.SHARED]
_packages += [f"lines.{line}" for line in settings.LINES]
_of_lines: list[URLPattern | URLResolver] = [
    path(f"{name}/", include((import_module(f"gonghui.{package}.urls").urlpatterns, name)))
    for package in _packages
    if find_spec(f"gonghui.{package}.urls") is not None
    for name in [package.rpartition(".")[2]]
]

urlpatterns: list[URLPattern | URLResolver] = [
    *_of_lines,
    path("api/v1/", build().urls),
    path("", include("gonghui.web.urls")),
]
