"""What a person does at a page: logging in, filling in, choosing, looking."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Locator, Page, Request, expect

from gonghui.kernel.accounts.models import User
from tests.support.people import PASSWORD

ROOT = Path(__file__).resolve().parents[2]
TAKEN = ROOT / "artefacts"
SHOWN = ROOT / "docs" / "images"
SHOWN_BYTES = 150_000
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Without it the names of downloads, which are Chinese, get lost.
LANGUAGE = {"LANG": "C.UTF-8"}
# Pictures of the README, by the names under which tests take them.
IN_README = (
    "home-desk",
    "formation-desk",
    "import-desk",
    "figure-desk",
    "figure-phone",
    "screen-dashboard-desk",
    "report-desk",
    "rivals-desk",
)


@dataclass(frozen=True, slots=True)
class Size:
    """A window."""

    name: str
    width: int
    height: int

    @property
    def is_phone(self) -> bool:
        return self.width < 600


DESK = Size("desk", 1366, 768)
PHONE = Size("phone", 390, 844)


def chromium() -> str:
    """The installed browser."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    assert found, "Chromium is not installed: run `make browser`"
    return found


@dataclass
class Watch:
    """Collects errors on consoles, in scripts and on the way to the server."""

    troubles: list[str] = field(default_factory=list)
    expected: int | None = None

    def over(self, page: Page) -> None:
        """Listen to a page from now on."""
        page.on("console", self._console)
        page.on("pageerror", lambda error: self.troubles.append(f"script: {error}"))
        page.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        is_expected = self.expected is not None and f"status of {self.expected}" in message.text
        if message.type in {"error", "warning"} and not is_expected:
            self.troubles.append(f"{message.type}: {message.text} {message.location.get('url')}")

    def _failed(self, request: Request) -> None:
        # A download, or a page left before its last request was answered, is no failure.
        if "ERR_ABORTED" not in (request.failure or ""):
            self.troubles.append(f"{request.failure}: {request.url}")

    @contextmanager
    def expecting(self, status: int) -> Iterator[None]:
        """Inside, answers of a status are what the test is about."""
        self.expected = status
        yield
        self.expected = None


def log_in(page: Page, user: User, password: str = PASSWORD) -> None:
    """By the form, as anybody does; ends on the page that the program shows then."""
    page.goto("/login/")
    page.get_by_label("用户名").fill(user.username)
    page.get_by_label("口令").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.locator("header .account summary")).to_contain_text(user.name)


def arrived(page: Page) -> Page:
    """The page, once it is loaded: a click that leads on returns before that."""
    page.wait_for_load_state("load")
    return page


def shot(page: Page, name: str) -> None:
    """A picture of the page as it is, and a small one for the README where it is one of those."""
    arrived(page).evaluate("document.fonts.ready.then(() => true)")
    # The menu of the tests has the sample line as well, which the product has not.
    page.locator("nav.sidebar details", has_text="Sample").evaluate_all(
        "found => found.forEach(each => { each.hidden = true })"
    )
    size = page.viewport_size or {"width": 0}
    name = f"{name}-{PHONE.name if size['width'] == PHONE.width else DESK.name}"
    TAKEN.mkdir(exist_ok=True)
    picture = page.screenshot(path=TAKEN / f"{name}.png", animations="disabled")
    if os.environ.get("UPDATE_SHOTS") == "1" and name in IN_README:
        assert len(picture) < SHOWN_BYTES, f"{name} is too big for the README"
        SHOWN.mkdir(parents=True, exist_ok=True)
        (SHOWN / f"{name}.png").write_bytes(picture)


def check_accessible(page: Page) -> None:
    """Nothing serious stands between the page and people who do not see or point."""
    found = Axe().run(arrived(page)).response["violations"]
    serious = [each for each in found if each["impact"] in {"serious", "critical"}]
    told = [
        f"{each['id']}: {node['target']} {node['html'][:160]}"
        for each in serious
        for node in each["nodes"][:3]
    ]
    assert told == [], page.url


def check_not_sideways(page: Page) -> None:
    """The page is no wider than its window."""
    wide: dict[str, Any] = arrived(page).evaluate(
        "({page: document.documentElement.scrollWidth, window: window.innerWidth})"
    )
    assert wide["page"] <= wide["window"], page.url


def control(page: Page, name: str) -> Locator:
    """The visible control of a form by its field's name."""
    return page.locator(f"main [name='{name}']:not([type=hidden])")


def fill(page: Page, **values: str) -> None:
    """Fill in the form: text, days, choices by their label, and links by choosing."""
    for name, value in values.items():
        place = control(page, name)
        kind = place.first.get_attribute("type")
        if place.first.get_attribute("role") == "combobox":
            choose(page, name, value)
        elif kind == "radio":
            labels = page.locator(f"main label:has([name='{name}'])")
            labels.get_by_text(value, exact=True).click()
        elif place.first.evaluate("element => element.tagName") == "SELECT":
            place.select_option(label=value)
        else:
            place.fill(value)


def choose(page: Page, name: str, text: str) -> None:
    """Type a part of the name into a link field and pick the first that is offered."""
    place = control(page, name)
    place.fill(text)
    option = page.locator(f"main .choose:has([name='{name}']) .choose-list [data-pk]").first
    label = option.get_attribute("data-label") or ""
    option.click()
    expect(place).to_have_value(label)


def press(page: Page, label: str) -> None:
    """Press a button of the page's body that sends a form."""
    page.locator("main").get_by_role("button", name=label, exact=True).click()


def follow(page: Page, label: str) -> None:
    """Follow a link of the page's body."""
    page.locator("main").get_by_role("link", name=label, exact=True).first.click()


def act(page: Page, label: str, **values: str) -> None:
    """Take a step of a record: its button, its form, done."""
    follow(page, label)
    fill(page, **values)
    press(page, label)
    expect(page.locator("main [role=status]").first).to_have_text(f"已办理：{label}。")


def number_of(page: Page) -> int:
    """The record that the page shows, by its address."""
    found = re.search(r"/r/[\w.]+/(\d+)/", page.url)
    assert found, page.url
    return int(found[1])
