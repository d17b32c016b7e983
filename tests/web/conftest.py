"""What the tests of screens share: a city, its users, and a visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers import write
from tests.support.people import City, city_tree, user_with
from tests.support.sample.models import Visit


@pytest.fixture
def city(db: None) -> City:
    with acting(SYSTEM):
        return city_tree()


@pytest.fixture
def clerk(city: City) -> User:
    """Of a township: registers and submits."""
    return user_with(Role.STATION, city.township, "张站长")


@pytest.fixture
def county_clerk(city: City) -> User:
    """Of the county: reviews, exports, reveals."""
    return user_with(Role.COUNTY, city.county, "李县")


@pytest.fixture
def leader(city: City) -> User:
    """Of the city: looks only."""
    return user_with(Role.LEADER, city.city, "王主席")


@pytest.fixture
def neighbour(city: City) -> User:
    """Of another county."""
    return user_with(Role.COUNTY, city.neighbour, "赵邻")


@pytest.fixture
def visit(city: City, clerk: User) -> Callable[..., Any]:
    """Writes a visit through the verb; `org` is the first basic union unless told otherwise."""

    def make(org: Org | None = None, by: User | None = None, **given: Any) -> Visit:
        maker = SYSTEM if by is None else actor_of(by)
        values = {"title": "走访困难职工", "org": org or city.basic, **given}
        with acting(maker):
            return write.create(Visit, by=maker, **values)

    return make
