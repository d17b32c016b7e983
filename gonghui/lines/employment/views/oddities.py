"""What to look into among placements, intents, courses and loans."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from gonghui.kernel.access.roles import Role
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.employment.services import oddities as service
from gonghui.web import windows
from gonghui.web.columns import record_url
from gonghui.web.menu import holders
from gonghui.web.requests import actor_of_request

sees_oddities = holders(Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER, Role.AUDIT)


@require_safe
def oddities(request: HttpRequest) -> HttpResponse:
    """The oddities of a period by kind, each with the record to begin with."""
    if not sees_oddities(actor_of_request(request)):
        raise Http404
    window = windows.read(request)
    found = service.found_in(window.period)
    groups = [
        {
            "title": each.rule.title,
            "count": f"{len(each.oddities)}{'+' if each.has_more else ''}",
            "rows": [
                {
                    "text": one.text,
                    "org": one.record.org,
                    "href": record_url(register_of(one.record), one.record),
                }
                for one in each.oddities
            ],
        }
        for each in found
        if each.oddities
    ]
    context = {
        "window": window,
        "choices": windows.CHOICES,
        "is_now": True,
        "groups": groups,
        "clean": [each.rule.title for each in found if not each.oddities],
    }
    return render(request, "employment/oddities.html", context)
