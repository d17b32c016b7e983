"""Fixtures that all tests share."""

from __future__ import annotations

import pytest

from tests.support.orgs import small_city


@pytest.fixture
def tree(db):
    """The small city of tests/support/orgs.py."""
    return small_city()
