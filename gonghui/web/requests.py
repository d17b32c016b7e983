"""What views read from a request, and the marks that views carry for the middleware."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.models import User

View = TypeVar("View", bound=Callable[..., Any])


def actor_of_request(request: HttpRequest) -> Actor:
    """Who acts in this request; only for views that ask for a login."""
    return cast("Actor", request.actor)  # type: ignore[attr-defined]  # set by the middleware


def user_of(request: HttpRequest) -> User:
    """The account behind this request; only for views that ask for a login."""
    return cast("User", request.user)


def open_to_all(view: View) -> View:
    """Mark a view that answers without a login."""
    view.is_open = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def for_login(view: View) -> View:
    """Mark a view that a user may see while he still owes a new password or the second factor."""
    view.is_for_login = True  # type: ignore[attr-defined]  # a mark on the function
    return view


def wants_part(request: HttpRequest) -> bool:
    """Whether htmx asks for a part of the page."""
    return request.headers.get("HX-Request") == "true" and "HX-Boosted" not in request.headers
