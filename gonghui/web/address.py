"""Where a request comes from, also behind proxies of our own."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest


def client_address(request: HttpRequest) -> str:
    """The address of the browser; what the browser itself writes into headers is not believed.

    Each trusted proxy appends one address to X-Forwarded-For, so the browser's is that many
    places from the right.
    """
    trusted: int = settings.TRUSTED_PROXIES
    passed = [part.strip() for part in request.headers.get("X-Forwarded-For", "").split(",")]
    if trusted and len(passed) >= trusted and passed[-trusted]:
        return passed[-trusted]
    return str(request.META.get("REMOTE_ADDR", ""))
