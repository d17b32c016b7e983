"""What every page and every route of a register costs, in statements: no more than is recorded.

The level stands in `query_counts.json` beside this file, so that a change of it is seen in review.
`UPDATE_COUNTS=1` records it anew:

    UPDATE_COUNTS=1 python -m pytest tests/contract/test_query_counts.py
"""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import Grant
from gonghui.kernel.accounts.tokens import make_token
from gonghui.kernel.registers.permission import roles_for
from gonghui.kernel.registers.registry import all_registers
from tests.support import recipes
from tests.support.making import make
from tests.support.orgs import STARTED
from tests.support.people import city_tree, client_for, user_with

assert recipes  # importing it declares what single registers need

RECORDED = Path(__file__).with_name("query_counts.json")
UPDATING = "UPDATE_COUNTS" in os.environ
FEW, MANY = 3, 12

every_register = pytest.mark.parametrize("register", all_registers(), ids=lambda r: r.key)


@pytest.fixture
def city(db):
    with acting(SYSTEM):
        return city_tree()


@pytest.fixture
def user(city):
    """Holds every role at the city, so that nothing is left out of a page."""
    made = user_with(Role.DEPT, city.city)
    for role in Role:
        Grant.objects.get_or_create(
            user=made, role=role, org=city.city, defaults={"valid_from": STARTED}
        )
    return made


@pytest.fixture
def cost(user):
    """How many statements a page takes, the second time it is opened."""
    client = client_for(user)
    headers = {"authorization": f"Bearer {make_token(user, '测试', None)}"}

    def of(path):
        calls = {"headers": headers} if path.startswith("/api/") else {}
        assert client.get(path, **calls).status_code == 200, path
        with CaptureQueriesContext(connection) as queries:
            client.get(path, **calls)
        return len(queries)

    return of


def made_up_to(register, city, records, number):
    """So many records, or as many as the register's rules allow in these unions."""
    orgs = (city.basic, city.other_basic, city.far_basic)
    with acting(SYSTEM):
        for position in range(len(records), number):
            try:
                records.append(make(register, org=orgs[position % len(orgs)]))
            except DomainError:
                assert records, f"no {register.key} can be made"
                return


def paths_of(register, record):
    """The pages and routes that only look."""
    page, route = f"/r/{register.key}/", f"/api/v1/{register.key}/"
    paths = {"list": page, "record": f"{page}{record.pk}/"}
    if register.search:
        paths["search"] = f"{page}?q=张"
    if register.form_fields and register.parent is None and roles_for("add", register):
        paths["form"] = f"{page}new/"
    if register.api:
        paths |= {"api list": route, "api record": f"{route}{record.pk}/"}
    return paths


def record_level(key, counts):
    """Write a register's level; several processes may do so at once."""
    with RECORDED.open("a+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        levels = {**json.loads(file.read() or "{}"), key: counts}
        known = sorted(levels.keys() & {r.key for r in all_registers()})
        file.seek(0)
        file.truncate()
        lines = (f"  {json.dumps(each)}: {json.dumps(levels[each])}" for each in known)
        file.write("{\n" + ",\n".join(lines) + "\n}\n")


@every_register
def test_pages_and_routes_take_no_more_statements_than_recorded(register, city, cost):
    records = []
    made_up_to(register, city, records, FEW)
    paths = paths_of(register, records[0])
    counts = {name: cost(path) for name, path in paths.items()}
    if UPDATING:
        record_level(register.key, counts)
    level = json.loads(RECORDED.read_text()).get(register.key)
    if level is None:  # `test_every_register_has_a_level` asks for it
        return
    dearer = {
        f"{name} {paths[name]}": f"{level.get(name)} → {count}"
        for name, count in counts.items()
        if count > level.get(name, 0)
    }
    assert not dearer, (
        f"{register.key} takes more statements than recorded: {dearer}."
        " If it has to, run UPDATE_COUNTS=1 python -m pytest tests/contract/test_query_counts.py"
        f" -k {register.key} and commit tests/contract/query_counts.json."
    )
    made_up_to(register, city, records, MANY)
    grown = {name: cost(path) for name, path in paths.items()}
    assert grown == counts, f"{len(records)} records cost more than {FEW}: {counts} → {grown}"


def test_every_register_has_a_level():
    missing = {r.key for r in all_registers()} - json.loads(RECORDED.read_text()).keys()
    assert UPDATING or not missing, (
        f"no number of statements is recorded for {sorted(missing)}: run UPDATE_COUNTS=1"
        " python -m pytest tests/contract/test_query_counts.py and commit query_counts.json."
    )
