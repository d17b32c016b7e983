"""What the tests of this line share."""

import pytest

from gonghui.base import clock
from gonghui.lines.orgs.services import formation
from tests.lines.orgs.making import WHEN, make_town


@pytest.fixture(autouse=True)
def spring():
    """It is a Tuesday in March 2012."""
    with clock.at(WHEN):
        yield


@pytest.fixture(autouse=True)
def _founding_members(monkeypatch):
    """The sample line stands in for the members line: seats are founding members."""
    monkeypatch.setattr(formation, "FOUNDING_MEMBERS", "sample.seats")


@pytest.fixture
def town(db):
    return make_town()
