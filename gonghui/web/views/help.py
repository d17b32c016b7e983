"""The users' help (docs/user) inside the program: the to-do list first, then a page for each line."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markupsafe import Markup

FOLDER: Path = settings.ROOT / "docs" / "user"
FIRST = "todo"


@require_safe
def contents(request: HttpRequest) -> HttpResponse:
    """All pages of help."""
    return render(request, "web/help.html", {"pages": pages(), "page": None})


@require_safe
def page(request: HttpRequest, name: str) -> HttpResponse:
    """One page of help."""
    if name not in pages():
        raise Http404
    return render(request, "web/help.html", {"pages": pages(), "page": name, "text": _text(name)})


@cache
def pages() -> dict[str, str]:
    """The titles of the pages by the name of their file, which is that of the line."""
    found = {path.stem: _title(path) for path in sorted(FOLDER.glob("*.md"))}
    return {name: found[name] for name in sorted(found, key=lambda name: name != FIRST)}


def _title(path: Path) -> str:
    with path.open(encoding="utf-8") as lines:
        return next(lines).lstrip("# ").strip()


@cache
def _text(name: str) -> Markup:
    """The page as HTML; HTML inside it is shown as it is written."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    # Our own pages, with everything in them escaped by the reader.
    return Markup(reader.render((FOLDER / f"{name}.md").read_text("utf-8")))  # noqa: S704
