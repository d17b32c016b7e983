"""The small named city of tests/support/trees.py for the ledger's tests."""

import pytest

from gonghui.kernel.ledger.fold import fold
from tests.support import trees


@pytest.fixture
def orgs(db):
    """City, two counties, two townships, basic unions, a branch; what the unions post is folded."""
    made = trees.small()
    fold()
    return made
