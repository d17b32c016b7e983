"""Traces of logins and of other acts on accounts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.http import HttpRequest

from gonghui.base import clock
from gonghui.kernel.accounts.models import LoginEvent, User
from gonghui.kernel.accounts.services import LABELS as LABELS_OF_ACTS
from gonghui.web.address import client_address

LABELS = {
    "login": "登录",
    "failed": "口令错误",
    "locked": "锁定期间尝试登录",
    "logout": "退出",
    "password_changed": "修改口令",
    "second_factor_enrolled": "绑定动态口令",
    "second_factor_passed": "动态口令通过",
    "second_factor_failed": "动态口令错误",
    **LABELS_OF_ACTS,
}
# What ends the count of wrong passwords.
CLEARING = ("login", "unlocked", "password_reset")


def note(request: HttpRequest, kind: str, user: User | None, username: str = "") -> None:
    """Keep who did what with an account, from where and when."""
    LoginEvent.objects.create(
        user=user,
        username=(user.username if user is not None else username)[:60],
        kind=kind,
        address=client_address(request)[:60],
        actor_id=user.pk if user is not None else None,
        at=clock.now(),
    )


def is_locked(username: str) -> bool:
    """Whether a name has had too many wrong passwords from all addresses together.

    A login that works clears the count, as it does for one address; so does an administrator.
    """
    since = clock.now() - timedelta(minutes=settings.LOCK_OUT_MINUTES)
    events = LoginEvent.objects.filter(username=username[:60], at__gte=since)
    last = events.filter(kind__in=CLEARING).order_by("-at").values_list("at", flat=True).first()
    if last is not None:
        events = events.filter(at__gt=last)
    return events.filter(kind="failed").count() >= settings.USER_FAILURE_LIMIT


def recent(user: User, limit: int = 10) -> list[LoginEvent]:
    """The newest traces of an account, so that its owner notices a stranger."""
    return list(LoginEvent.objects.filter(username=user.username).order_by("-at", "-pk")[:limit])
