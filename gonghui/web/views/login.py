"""Logging in and out; too many wrong passwords lock the account for a while."""

from __future__ import annotations

from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from django import forms
from django.conf import settings
from django.contrib import auth
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import Grant, User
from gonghui.web import signs
from gonghui.web.requests import for_login, open_to_all, user_of

WRONG = "用户名或口令不正确。请检查大小写；忘记口令请联系本级系统管理员重置。"
LOCKED = "口令连续输错次数过多，账号已暂时锁定，请{minutes}分钟后再试，或联系系统管理员。"


class LoginForm(forms.Form):
    """Name and password."""

    username = forms.CharField(
        label="用户名",
        max_length=60,
        error_messages={"required": "请填写用户名。"},
        widget=forms.TextInput(
            attrs={"class": "form-control", "autocomplete": "username", "autofocus": True}
        ),
    )
    password = forms.CharField(
        label="口令",
        max_length=200,
        strip=False,
        error_messages={"required": "请填写口令。"},
        widget=forms.PasswordInput(
            attrs={"class": "form-control", "autocomplete": "current-password"}
        ),
    )


def next_address(request: HttpRequest) -> str:
    """Where to go after the login: a page of our own, otherwise the to-do list."""
    asked = request.POST.get("next") or request.GET.get("next") or ""
    is_ours = url_has_allowed_host_and_scheme(
        asked, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return asked if is_ours else reverse("web:home")


@open_to_all
@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """The login page; whoever is logged in already goes on."""
    if request.user.is_authenticated:
        return redirect(next_address(request))
    form = LoginForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, form, 200)
    username, password = form.cleaned_data["username"], form.cleaned_data["password"]
    if signs.is_locked(username) or not AxesProxyHandler.is_allowed(
        request, {"username": username}
    ):
        return locked_out(request)
    user = auth.authenticate(request, username=username, password=password)
    if user is None or _has_ended(user):
        signs.note(request, "failed", None, username)
        form.add_error(None, WRONG)
        return _page(request, form, 200)
    auth.login(request, user)
    signs.note(request, "login", user)
    return redirect(next_address(request))


def _has_ended(user: User) -> bool:
    return user.valid_to is not None and user.valid_to <= clock.today()


def locked_out(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
    """The login page of a locked account."""
    username = request.POST.get("username", "")
    signs.note(request, "locked", None, username)
    form = LoginForm(initial={"username": username})
    message = LOCKED.format(minutes=settings.LOCK_OUT_MINUTES)
    return _page(request, form, 429, message)


def _page(request: HttpRequest, form: LoginForm, status: int, locked: str = "") -> HttpResponse:
    context = {"form": form, "next": next_address(request), "locked": locked}
    return render(request, "web/login.html", context, status=status)


@for_login
@require_POST
def logout(request: HttpRequest) -> HttpResponse:
    """Ends the session."""
    signs.note(request, "logout", user_of(request))
    auth.logout(request)
    return redirect("web:login")


@require_safe
def me(request: HttpRequest) -> HttpResponse:
    """The user's own account: who he is here and what he may change about it."""
    user = user_of(request)
    grants = Grant.objects.filter(user=user, valid_to=None).select_related("org")
    context = {
        "account": user,
        "grants": [(str(Role(grant.role).label), str(grant.org)) for grant in grants],
        "events": [
            (event.at, signs.LABELS.get(event.kind, event.kind), event.address)
            for event in signs.recent(user)
        ],
    }
    return render(request, "web/me.html", context)
