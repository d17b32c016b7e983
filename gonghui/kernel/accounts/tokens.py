"""Keys for programs: shown once when made, kept as a digest, ended by a date."""

from __future__ import annotations

import hashlib
import secrets

from django.db.models import Q

from gonghui.base import clock
from gonghui.kernel.accounts.models import ApiToken, User


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def make_token(user: User, name: str, made_by: int | None) -> str:
    """A new key for an account; it cannot be shown again."""
    text = f"gh_{secrets.token_urlsafe(32)}"
    ApiToken.objects.create(
        user=user, name=name, digest=_digest(text), made_at=clock.now(), made_by=made_by
    )
    return text


def user_of_token(text: str) -> User | None:
    """The active account of a key that is in force."""
    today = clock.today()
    token = (
        ApiToken.objects.filter(Q(valid_to=None) | Q(valid_to__gt=today), digest=_digest(text))
        .select_related("user")
        .first()
    )
    return token.user if token and token.user.is_active else None
