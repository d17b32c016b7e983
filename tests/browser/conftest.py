"""A real browser on a really served program; whatever the browser complains of fails the test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from tests.browser.driving import DESK, FLAGS, LANGUAGE, Size, Watch, chromium, log_in
from tests.support.people import City, city_tree
from tests.support.queue import make_queue_tables

# Playwright keeps an event loop in the thread of the tests; nothing of ours runs in it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
HERE = Path(__file__).parent
PATIENCE = 25_000
expect.set_options(timeout=PATIENCE)

Visitor = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker("browser")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium, started once."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(
            executable_path=chromium(), args=FLAGS, env={**os.environ, **LANGUAGE}
        )
        yield started
        started.close()


@pytest.fixture
def city(live_server, settings) -> City:
    """A fresh small city behind the served program; nobody needs a second factor."""
    settings.SECOND_FACTOR_ROLES = ()
    make_queue_tables()
    with acting(SYSTEM):
        return city_tree()


@pytest.fixture
def watch() -> Iterator[Watch]:
    """What browsers complained of; anything that was not expected fails the test."""
    watching = Watch()
    yield watching
    assert watching.troubles == []


@pytest.fixture
def stranger(browser: Browser, live_server, watch: Watch) -> Iterator[Visitor]:
    """Opens a page in a browser of its own, as a size of window, with nobody logged in."""
    contexts = []

    def open_page(size: Size = DESK) -> Page:
        context = browser.new_context(
            base_url=live_server.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            viewport={"width": size.width, "height": size.height},
            has_touch=size.is_phone,
        )
        context.set_default_timeout(PATIENCE)
        contexts.append(context)
        page = context.new_page()
        watch.over(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


@pytest.fixture
def visitor(stranger: Visitor) -> Visitor:
    """Opens a page in a browser of its own in which a user has logged in."""

    def enter(user: User, size: Size = DESK) -> Page:
        page = stranger(size)
        log_in(page, user)
        return page

    return enter
