"""Every address belongs to a register or says why it does not."""

from __future__ import annotations

from typing import Any

from django.urls import URLPattern, get_resolver

from gonghui.web.urls import REASONS

# Parts of the program that keep a census of their own.
ELSEWHERE = ("api/", "h5/")


def _patterns(resolver: Any, prefix: str = "") -> list[tuple[str, URLPattern]]:
    found: list[tuple[str, URLPattern]] = []
    for entry in resolver.url_patterns:
        route = prefix + str(entry.pattern)
        if isinstance(entry, URLPattern):
            found.append((route, entry))
        else:
            found += _patterns(entry, route)
    return found


def test_every_address_belongs_to_a_register_or_gives_a_reason():
    strangers = [
        route
        for route, pattern in _patterns(get_resolver())
        if not route.startswith(("r/<str:key>/", *ELSEWHERE)) and pattern.name not in REASONS
    ]
    assert strangers == []


def test_reasons_are_given_for_addresses_that_exist():
    names = {pattern.name for _, pattern in _patterns(get_resolver())}
    assert set(REASONS) - names == set()
    assert all(reason.strip() for reason in REASONS.values())


def test_every_address_but_the_login_asks_for_a_login(client, db):
    for route, pattern in _patterns(get_resolver()):
        if route.startswith(ELSEWHERE) or pattern.name == "login":
            continue
        path = "/" + _example(route)
        answer = client.get(path)
        assert answer.status_code == 302, path
        assert answer.url.startswith("/login/?next="), path


def _example(route: str) -> str:
    filled = route.replace("<str:key>", "sample.visit")
    for part in ("<int:pk>", "<int:position>"):
        filled = filled.replace(part, "1")
    while "<" in filled:
        start, end = filled.index("<"), filled.index(">")
        is_number = filled[start:end].startswith("<int:")
        filled = f"{filled[:start]}{'1' if is_number else 'x'}{filled[end + 1 :]}"
    return filled
