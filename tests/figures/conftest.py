"""The demonstration city, loaded once into a database of its own beside the test database.

Every test of this folder runs in it, inside a transaction that is rolled back. Under xdist keep the
folder on one worker (`--dist loadgroup`), or each worker loads a city.
"""

from __future__ import annotations

import pytest
from django.db import connection

from demo.loading import load
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org, OrgLevel

HERE = __name__.rpartition(".")[0]


# First: a worker reads the groups in this same hook, and would find none.
@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.nodeid.startswith("tests/figures/"):
            item.add_marker(pytest.mark.demo)
            item.add_marker(pytest.mark.xdist_group("demo"))


def _administer(statement: str) -> None:
    with connection._nodb_cursor() as cursor:
        cursor.execute(statement)


@pytest.fixture(scope="package", autouse=True)
def demo_city(django_db_setup, django_db_blocker):
    """The loaded city; the connection points at it until the folder is done."""
    with django_db_blocker.unblock():
        plain = connection.settings_dict["NAME"]
        loaded = f"{plain}_city"
        connection.close()
        _administer(f'DROP DATABASE IF EXISTS "{loaded}"')
        _administer(f'CREATE DATABASE "{loaded}" TEMPLATE "{plain}"')
        connection.settings_dict["NAME"] = loaded
        try:
            said: list[str] = []
            load(say=said.append)
            yield said
        finally:
            connection.close()
            connection.settings_dict["NAME"] = plain
            _administer(f'DROP DATABASE "{loaded}"')


@pytest.fixture(autouse=True)
def everybody_acts(db):
    """Figures are read for the whole city."""
    with acting(SYSTEM):
        yield


@pytest.fixture
def city(db) -> Org:
    """The city federation."""
    return Org.objects.get(level=OrgLevel.CITY)


@pytest.fixture
def unit_of(db):
    """The county federation of a code."""

    def find(code: str) -> Org:
        return Org.objects.get(level=OrgLevel.COUNTY, division__code=code)

    return find
