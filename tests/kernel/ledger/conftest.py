"""The small named city of tests/support/trees.py for the ledger's tests."""

import pytest

from tests.support import trees


@pytest.fixture
def orgs(db):
    """City, two counties, two townships, basic unions, a branch."""
    return trees.small()
