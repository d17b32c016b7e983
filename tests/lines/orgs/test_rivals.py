"""Two counties approve the same employer at the same moment, on connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, transaction

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import perform
from gonghui.lines.orgs.models import OrgCoverage, UnionFormation
from tests.lines.orgs.making import WHEN, an_employer, make_town, reported

SWEEP = """
SET LOCAL gonghui.allow_truncate = 'on';
ALTER TABLE records_history DISABLE TRIGGER USER;
TRUNCATE kernel_orgs_org, records_history, ledger_hot, ledger_delta, ledger_day, ledger_month,
  ledger_repeat, ledger_move CASCADE;
ALTER TABLE records_history ENABLE TRIGGER USER;
"""
WAITING = "SELECT count(*) FROM pg_locks WHERE NOT granted"


def apart(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work of one thread, with its own connection and clock."""

    def run() -> Any:
        try:
            with clock.at(WHEN):
                return work()
        finally:
            connection.close()

    return run


@transaction.atomic
def sweep() -> None:
    with connection.cursor() as cursor:
        cursor.execute(SWEEP)


@pytest.fixture
def rivals(db):
    """Two formations of one employer that wait for approval, really committed."""

    def make() -> Any:
        town = make_town()
        employer = an_employer(town.township)
        return town, [reported(town, employer), reported(town, employer)]

    with ThreadPoolExecutor(1) as pool:
        yield pool.submit(apart(make)).result()
        pool.submit(apart(sweep)).result()


def test_exactly_one_of_two_simultaneous_approvals_of_one_employer_succeeds(rivals):
    town, (first, second) = rivals
    decided = threading.Event()

    def approve_first() -> str:
        with transaction.atomic():
            perform(first, "establish", by=town.of_county)
            decided.set()
            _until_somebody_waits()
        return "established"

    def approve_second() -> str:
        assert decided.wait(timeout=60)
        try:
            perform(second, "establish", by=town.of_county)
        except DomainError as error:
            return error.message
        return "established"

    with ThreadPoolExecutor(2) as pool:
        one, two = pool.submit(apart(approve_first)), pool.submit(apart(approve_second))
        outcomes = one.result(), two.result()
    assert outcomes[0] == "established"
    assert outcomes[1].startswith("该单位刚被“示例1公司工会委员会”确认建会，不能重复批复。")
    with ThreadPoolExecutor(1) as pool:
        found = pool.submit(apart(_what_is_there)).result()
    assert found == (1, ["established", "result_reported"], ["live", "preparing"])


def _until_somebody_waits() -> None:
    """Keep the transaction open until the rival stands at the lock."""
    for _ in range(100_000):
        with connection.cursor() as cursor:
            cursor.execute(WAITING)
            if cursor.fetchone()[0]:
                return
    raise AssertionError("the rival never came to the lock")


def _what_is_there() -> tuple[int, list[str], list[str]]:
    formations = unscoped(UnionFormation).order_by("pk")
    return (
        unscoped(OrgCoverage).count(),
        [row.state for row in formations],
        [unscoped(Org).get(pk=row.org_id).state for row in formations],
    )
