"""For tests with other processes or threads: what is written is really committed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.db import connections


@pytest.fixture
def committed(db: None) -> Iterator[None]:
    """A connection outside the test's transaction, for the time of the test.

    Whoever asks for it sweeps away what he wrote.
    """
    waiting = connections["default"]
    connections["default"] = waiting.copy()
    try:
        yield
    finally:
        connections["default"].close()
        connections["default"] = waiting
