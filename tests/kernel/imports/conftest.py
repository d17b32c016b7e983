"""A sheet of visits, and the sample register with the sheet that a test wants."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import acting
from gonghui.kernel.imports import services
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Cell, ImportSheet
from tests.kernel.excel.makers import workbook
from tests.support.orgs import actor_with
from tests.support.queue import queue
from tests.support.sample.registers import VISITS

HEAD = ("事由", "走访日期", "金额（元）", "人数")
ROWS = (
    ("走访甲厂", "2012-02-01", 100, 3),
    ("走访乙厂", "2012-02-02", 200, 4),
    ("走访丙厂", "2012-02-03", 300, 5),
)
DAY = date(2012, 3, 1)


def visits(*rows, head=HEAD):
    """A workbook of visits."""
    return workbook([head, *(rows or ROWS)])


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(DAY):
        yield


@pytest.fixture
def basic(tree):
    actor = actor_with(Role.BASIC, org=tree.union)
    with acting(actor):
        yield actor


@pytest.fixture
def county(tree):
    actor = actor_with(Role.COUNTY, org=tree.county)
    with acting(actor):
        yield actor


@pytest.fixture
def sheet(monkeypatch):
    """Gives the sample register another sheet for the time of a test."""

    def use(*cells, **more):
        sheet = ImportSheet(title="走访名册", cells=cells, **more)
        register = replace(VISITS, import_sheet=sheet)
        monkeypatch.setitem(registry._by_key, register.key, register)
        monkeypatch.setitem(registry._by_model, register.model, register)
        return register

    return use


@pytest.fixture
def imported(tree, basic):
    """Uploads, checks and writes a workbook for the union; the run."""

    def do(data, *, by=basic, org=None):
        run = services.check(upload(data, by=by, org=org or tree.union), by=by)
        return services.write_run(run, by=by)

    return do


def upload(data, *, by, org, name="走访.xlsx"):
    return services.upload(registry.register_of("sample.visit"), name, data, by=by, org=org)


def counts(run):
    return (run.new_count, run.changed_count, run.unchanged_count, run.refused_count)


TITLE = Cell("事由", "title", required=True)
DATE = Cell("走访日期", "visited_on")

__all__ = ["queue"]
