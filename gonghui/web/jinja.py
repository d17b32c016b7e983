"""The template engine: Jinja2, because lists of records are rendered by the thousand."""

from __future__ import annotations

import hashlib
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import jinja2
from django.conf import settings
from django.contrib.staticfiles import finders
from django.http import HttpRequest
from django.template.backends.jinja2 import Jinja2
from django.templatetags.static import static as static_url
from django.urls import NoReverseMatch, reverse

from gonghui.base import clock
from gonghui.web import show


class Templates(Jinja2):
    """Templates lie in the folder `templates` of each app."""

    app_dirname = "templates"


@lru_cache(maxsize=256)
def _fingerprint(path: str, is_fresh: bool) -> str:
    found = finders.find(path)
    if not isinstance(found, str):
        return ""
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10]


def static(path: str) -> str:
    """The address of a static file, with its hash, so that browsers may keep it."""
    if settings.DEBUG:
        _fingerprint.cache_clear()
    mark = _fingerprint(path, settings.DEBUG)
    return f"{static_url(path)}?v={mark}" if mark else static_url(path)


def url(name: str, *args: Any, **kwargs: Any) -> str:
    """The address of a page of the web app: `url("record", register.key, record.pk)`."""
    return reverse(name if ":" in name else f"web:{name}", args=args, kwargs=kwargs)


def url_or_none(name: str, *args: Any) -> str | None:
    """The address of a page that another part may or may not have added."""
    try:
        return url(name, *args)
    except NoReverseMatch:
        return None


def query(request: HttpRequest, **changes: Any) -> str:
    """The query of this page with some parameters changed; None takes one away, so does paging."""
    values = {
        name: request.GET.getlist(name) for name in request.GET if name not in {"after", "before"}
    }
    for name, value in changes.items():
        values.pop(name, None)
        if value is not None:
            values[name] = [str(value)]
    return "?" + urlencode(values, doseq=True)


def environment(**options: Any) -> jinja2.Environment:
    """The environment with what every template may use."""
    options["undefined"] = jinja2.StrictUndefined
    env = jinja2.Environment(**options, trim_blocks=True, lstrip_blocks=True)  # noqa: S701  Django's backend sets autoescape
    env.globals.update(
        static=static,
        url=url,
        url_or_none=url_or_none,
        query=query,
        today=clock.today,
        site_name=settings.SITE_NAME,
    )
    env.filters.update(plain=show.plain, moment=show.moment, whole=show.whole)
    return env
