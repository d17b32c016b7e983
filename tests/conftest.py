"""Fixtures that all tests share."""

from __future__ import annotations

import pytest

from tests.support.orgs import small_city


@pytest.fixture
def sentence_table(record_property):
    """Lines for the end of the test output; a worker hands them to the main process."""
    lines: list[str] = []
    yield lines
    record_property("sentences", "\n".join(lines))


def pytest_runtest_logreport(report):
    if report.when == "teardown":
        _printed.extend(text for name, text in report.user_properties if name == "sentences")


_printed: list[str] = []


def pytest_terminal_summary(terminalreporter):
    for text in _printed:
        terminalreporter.write_sep("-", "sentences of the work report")
        terminalreporter.write_line(text)


@pytest.fixture
def tree(db):
    """The small city of tests/support/orgs.py."""
    return small_city()
