from __future__ import annotations

from gonghui.kernel.orgs.models import Org
from tests.support.people import client_for


def test_a_list_shows_rows_of_the_own_subtree_only(city, visit, clerk, neighbour):
    visit(title="我们的走访")
    assert "我们的走访" in client_for(clerk).get("/r/sample.visit/").content.decode()
    assert "我们的走访" not in client_for(neighbour).get("/r/sample.visit/").content.decode()
