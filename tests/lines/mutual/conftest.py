"""Everything happens in March 2012, seen by the system, unless a test sets another day."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting


@pytest.fixture(autouse=True)
def in_march():
    """The morning of 5 March 2012."""
    with clock.at(clock.start_of(date(2012, 3, 5)) + timedelta(hours=10)), acting(SYSTEM):
        yield


@pytest.fixture
def on():
    """The morning of another day."""

    def at(year, month, day):
        return clock.at(clock.start_of(date(year, month, day)) + timedelta(hours=10))

    return at
