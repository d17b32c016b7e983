"""Columns and saved views of a list: a user's own settings, which change no record."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from gonghui.base.errors import DomainError
from gonghui.kernel.registers.permission import require
from gonghui.web import preferences
from gonghui.web.found import register_or_404
from gonghui.web.requests import actor_of_request, user_of


@require_POST
def columns(request: HttpRequest, key: str) -> HttpResponse:
    """Keep the columns that were ticked."""
    register = register_or_404(key)
    require(actor_of_request(request), "view", register)
    known = set(preferences.possible_columns(register))
    names = [name for name in request.POST.getlist("column") if name in known]
    preferences.choose_columns(user_of(request), register, [] if "reset" in request.POST else names)
    back = request.POST.get("back", "")
    return redirect(reverse("web:list", args=[key]) + (back if back.startswith("?") else ""))


@require_POST
def views(request: HttpRequest, key: str) -> HttpResponse:
    """Save the query in hand under a name, or forget a name."""
    register = register_or_404(key)
    require(actor_of_request(request), "view", register)
    user, address = user_of(request), reverse("web:list", args=[key])
    if "drop" in request.POST:
        preferences.drop_view(user, key, request.POST["drop"])
        return redirect(address)
    asked = QueryDict(request.POST.get("query", ""), mutable=True)
    for page in ("before", "after"):  # a view begins with its first page
        asked.pop(page, None)
    query = asked.urlencode()
    try:
        name, shared = request.POST.get("name", ""), "shared" in request.POST
        preferences.save_view(user, key, name, query, shared=shared)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect(f"{address}?{query}")
