"""Every declared register has a working list, form, record page and export."""

from __future__ import annotations

from typing import Any

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import roles_for
from gonghui.kernel.registers.registry import all_registers
from tests.support import recipes  # noqa: F401  they declare what cannot be guessed
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
def test_the_list_and_the_empty_form_open(register: Register, page: Any) -> None:
    assert register.title in page(f"/r/{register.key}/")
    if register.form_fields and roles_for("add", register):
        assert "csrfmiddlewaretoken" in page(f"/r/{register.key}/new/")


@every_register
def test_every_column_sorts_and_every_filter_and_the_search_take_nonsense(
    register: Register, page: Any
) -> None:
    base = f"/r/{register.key}/"
    for name in register.columns:
        page(base, sort=name)
        page(base, sort=f"-{name}", after="0")
    for name in register.filters:
        page(base, **{name: "%' OR 1=1 --", f"{name}.from": "x", f"{name}.to": "2012-02-31"})
        page(base, **{f"{name}.pk": "1|x", f"{name}.from": "2012-01-01", f"{name}.to": "9" * 40})
    for text in ("张", "zgh", "%_\\", "41042219800101001X", "\x00", "'" * 80):
        page(base, q=text)


@every_register
def test_the_record_its_form_and_its_past_open(register: Register, page: Any, city: City) -> None:
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    base = f"/r/{register.key}/"
    assert f"{base}{record.pk}/" in page(base)
    for name in register.columns:
        assert f"{base}{record.pk}/" in page(base, sort=name)
    shown = page(f"{base}{record.pk}/")
    assert register.title in shown
    if f"{base}{record.pk}/edit/" in shown:
        assert 'name="version"' in page(f"{base}{record.pk}/edit/")
    assert "终了时的内容" in page(f"{base}{record.pk}/", as_of="2012-05-17")
