"""Every declared register has a working list, form, record page and export."""

from __future__ import annotations

from typing import Any

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.registry import all_registers
from tests.support.making import make
from tests.support.orgs import STARTED
from tests.support.people import City, client_for, user_with

every_register = pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.key)


@pytest.fixture
def everybody(city: City) -> User:
    """Holds every role at the city."""
    user = user_with(Role.DEPT, city.city)
    for role in Role:
        Grant.objects.get_or_create(
            user=user, role=role, org=city.city, defaults={"valid_from": STARTED}
        )
    return user


@pytest.fixture
def page(everybody: User) -> Any:
    """The text of a page that must answer."""
    client = client_for(everybody)

    def get(path: str, **query: str) -> str:
        response = client.get(path, query)
        assert response.status_code == 200, response.content.decode()[:3000]
        return response.content.decode()

    return get


@every_register
def test_the_list_the_record_and_the_forms_open(register: Register, page: Any, city: City) -> None:
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    base = f"/r/{register.key}/"
    listed = page(base)
    assert f"{base}{record.pk}/" in listed
    assert register.title in page(f"{base}{record.pk}/")
    if register.form_fields:
        assert "csrfmiddlewaretoken" in page(f"{base}new/")


@every_register
def test_every_column_sorts_and_every_filter_takes_nonsense(
    register: Register, page: Any, city: City
) -> None:
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    base = f"/r/{register.key}/"
    for name in register.columns:
        assert f"{base}{record.pk}/" in page(base, sort=name)
        assert f"{base}{record.pk}/" in page(base, sort=f"-{name}", after="0")
    for name in register.filters:
        page(base, **{name: "%' OR 1=1 --", f"{name}.from": "x", f"{name}.to": "2012-02-31"})
    for text in ("张", "zgh", "%_\\", "41042219800101001X", "\x00", "'" * 80):
        page(base, q=text)
