"""Who calls: a program with a key, or a browser's own session."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.accounts.tokens import user_of_token


class Token(HttpBearer):
    """A key in the header `Authorization: Bearer …`."""

    def authenticate(self, request: HttpRequest, token: str) -> User | None:
        """The account of the key."""
        return user_of_token(token)


class Session(APIKeyCookie):
    """A browser's own session, for pages of the program itself; writes need its CSRF token."""

    param_name = settings.SESSION_COOKIE_NAME

    def authenticate(self, request: HttpRequest, key: str | None) -> User | None:
        """The logged-in account, unless it still owes a password or a second factor."""
        user = request.user
        if not isinstance(user, User) or user.must_change_password:
            return None
        verified = getattr(user, "is_verified", lambda: False)()
        owes = actor_of(user).has_role(*(Role(code) for code in settings.SECOND_FACTOR_ROLES))
        return user if verified or not owes else None


def actor_of_call(request: HttpRequest) -> Actor:
    user: User = request.auth  # type: ignore[attr-defined]  # set by the interface's authentication
    return actor_of(user)
