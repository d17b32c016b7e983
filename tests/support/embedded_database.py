"""A pytest plugin: the tests run on an embedded server of their own unless `DATABASE_URL` is set.

It has to be named in `addopts` (`-p tests.support.embedded_database`): the settings, which read
`DATABASE_URL`, are imported before any conftest.py. Under xdist the first process starts the
server and the others find its address in their environment.
"""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack

import pytest

from gonghui.config import embedded_postgres

_server = ExitStack()


@pytest.hookimpl(wrapper=True)
def pytest_load_initial_conftests() -> Generator[None]:
    if not os.environ.get("DATABASE_URL"):
        server = _server.enter_context(embedded_postgres.throwaway())
        os.environ["DATABASE_URL"] = server.url
    return (yield)


def pytest_unconfigure() -> None:
    _server.close()
