"""What every request passes through: an id, security headers, who acts, errors in words."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.parameters.values import remembered
from gonghui.web import errors, logs
from gonghui.web.requests import actor_of_request

Next = Callable[[HttpRequest], HttpResponse]

CONTENT_POLICY = "; ".join(
    (
        "default-src 'self'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data: blob:",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": CONTENT_POLICY,
    "Permissions-Policy": "camera=(self), geolocation=(self), microphone=(), payment=()",
}


class RequestId:
    """Gives each request an id that stands on its log lines, on error pages and in the answer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request under its id."""
        token = logs.request_id.set(secrets.token_hex(6))
        request.log_id = logs.request_id.get()  # type: ignore[attr-defined]  # read by the log filter
        try:
            response = self.get_response(request)
            response["X-Request-ID"] = logs.request_id.get()
            return response
        finally:
            logs.request_id.reset(token)


class SecurityHeaders:
    """Only files of our own run or style a page; pages of users are not kept by shared caches."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Add the headers that a view has not set itself."""
        response = self.get_response(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if not request.path.startswith(settings.STATIC_URL):
            response.headers.setdefault("Cache-Control", "private, no-cache")
        return response


class ActingUser:
    """Runs the view as the logged-in user; whoever is not logged in gets the login page.

    Before anything else a user changes a password that was given to him, and proves the second
    factor that his role asks for. Views marked `open_to_all` stand outside of all that.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Put the user's scope in force for the view."""
        user = request.user
        if isinstance(user, AnonymousUser) or not user.is_authenticated:
            return self.get_response(request)
        actor = actor_of(user)
        request.actor = actor  # type: ignore[attr-defined]  # read through requests.actor_of_request
        # A page that only looks reads parameters once, however many parts of it need some.
        looks = remembered() if request.method in {"GET", "HEAD"} else nullcontext()
        with acting(actor), looks:
            return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:
        """Turn away whoever still owes a login, a password or a second factor."""
        if getattr(view, "is_open", False) or request.path.startswith(settings.OPEN_PREFIXES):
            return None
        user = request.user
        if isinstance(user, AnonymousUser):
            return redirect_to_login(request.get_full_path(), "web:login")
        if getattr(view, "is_for_login", False):
            return None
        if user.must_change_password:
            return redirect("web:password")
        verified = getattr(user, "is_verified", lambda: False)()
        if needs_second_factor(actor_of_request(request)) and not verified:
            return redirect_to_login(request.get_full_path(), "web:second_factor")
        return None


def needs_second_factor(actor: Actor) -> bool:
    """Whether one of his roles asks for a second factor."""
    return actor.has_role(*(Role(code) for code in settings.SECOND_FACTOR_ROLES))


class ErrorsForUsers:
    """A rule that was broken is told in words; anything else stays a bug."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Pass on."""
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """The page that says what was refused and why."""
        if isinstance(error, DomainError):
            if error.code == "not_found":
                return errors.not_found(request, Http404())
            return errors.refused(request, error)
        return None
