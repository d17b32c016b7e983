from __future__ import annotations

import logging
import re
import sys

import pytest
from django.test import Client, RequestFactory

from gonghui.web import logs
from gonghui.web.middleware import ErrorsForUsers
from tests.support.people import client_for

INLINE = re.compile(
    r"<style|\sstyle=|\son[a-z]+=|javascript:|<script(?![^>]*\ssrc=)", re.IGNORECASE
)


@pytest.fixture
def pages(visit, county_clerk):
    made = visit(account="6222021712345678901", by=None)
    base = f"/r/sample.visit/{made.pk}/"
    paths = (
        "/",
        "/?tab=reminders",
        "/me/",
        "/password/",
        "/second-factor/",
        "/registers/",
        "/r/sample.visit/",
        "/r/sample.visit/new/",
        base,
        f"{base}edit/",
        f"{base}void/",
        f"{base}reveal/account/",
        f"{base}?as_of=2012-01-01",
        "/nowhere/",
    )
    client = client_for(county_clerk)
    return {path: client.get(path) for path in paths} | {"/login/": Client().get("/login/")}


def test_no_page_has_inline_scripts_or_styles(pages):
    for path, response in pages.items():
        assert INLINE.search(response.content.decode()) is None, path


def test_every_page_has_its_headers(pages):
    for path, response in pages.items():
        policy = response["Content-Security-Policy"]
        assert "default-src 'self'" in policy, path
        assert "unsafe" not in policy, path
        assert "frame-ancestors 'none'" in policy, path
        assert response["X-Frame-Options"] == "DENY", path
        assert response["X-Content-Type-Options"] == "nosniff", path
        assert response["Referrer-Policy"] == "same-origin", path
        assert "no-cache" in response["Cache-Control"], path
        assert re.fullmatch(r"[0-9a-f]{12}", response["X-Request-ID"]), path


def test_every_field_has_a_label_and_every_page_a_heading(pages):
    for path, response in pages.items():
        text = response.content.decode()
        assert text.count("<h1") == 1, path
        labelled = set(re.findall(r'<label[^>]* for="([^"]+)"', text))
        for tag in re.findall(r"<(?:input|select|textarea)[^>]*>", text):
            if 'type="hidden"' in tag or "aria-label" in tag:
                continue
            name = re.search(r'\sid="([^"]+)"', tag)
            is_wrapped = 'type="checkbox"' in tag
            assert is_wrapped or (name and name[1] in labelled), (path, tag)


def test_ids_are_unique_on_every_page(pages):
    for path, response in pages.items():
        ids = re.findall(r'\sid="([^"]+)"', response.content.decode())
        assert len(ids) == len(set(ids)), path


def test_static_files_carry_their_hash_and_are_served(clerk):
    text = Client().get("/login/").content.decode()
    address = re.search(r'href="(/static/web/app.css\?v=[0-9a-f]{10})"', text)[1]
    response = Client().get(address)
    assert response.status_code == 200
    assert "max-age=2592000" in response["Cache-Control"]
    assert Client().get("/static/web/favicon.svg").status_code == 200


def test_a_form_without_its_token_is_refused_in_words(clerk):
    client = Client(enforce_csrf_checks=True)
    answer = client.post("/login/", {"username": "x", "password": "y"})
    assert answer.status_code == 403
    assert "页面已过期" in answer.content.decode()


def test_a_bug_shows_a_number_that_is_in_the_log(clerk, monkeypatch, caplog):
    from gonghui.web import menu

    def broken(actor):
        raise RuntimeError("名字是张三")

    client = client_for(clerk)
    client.raise_request_exception = False
    monkeypatch.setattr(menu, "groups_for", broken)
    answer = client.get("/registers/")
    assert answer.status_code == 500
    record = next(r for r in caplog.records if r.levelno == logging.ERROR)
    written = logs.KeysOnly("%(message)s").format(record)
    assert "builtins.RuntimeError" in written
    assert "张三" not in written


def test_log_lines_of_refused_requests_carry_the_requests_id(rf):
    request = rf.get("/")
    request.log_id = "abc"
    record = logging.LogRecord("x", logging.INFO, "f", 1, "m", None, None)
    record.request = request
    assert logs.WithRequestId().filter(record)
    assert record.request_id == "abc"


def test_the_cause_of_an_exception_is_logged_by_type_alone():
    try:
        try:
            raise ValueError("13837512345")
        except ValueError as error:
            raise RuntimeError("外层") from error
    except RuntimeError:
        text = logs.KeysOnly().formatException(sys.exc_info())
    assert text.count("in test_the_cause_of_an_exception_is_logged_by_type_alone") == 2
    assert "builtins.RuntimeError" in text
    assert "builtins.ValueError" in text
    assert "13837512345" not in text


def test_only_broken_rules_become_pages():
    middleware = ErrorsForUsers(lambda request: None)
    assert middleware.process_exception(RequestFactory().get("/"), ValueError("x")) is None
