"""What it costs a writer that the ledger posts: the same insert with and without its triggers."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import Any

from django.db import connection, transaction

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create_many
from gonghui.lines.members.models import Membership
from tools.bench import data
from tools.bench.data import City
from tools.bench.results import Line, Table, Taken

NOTES = (
    "(b) Memberships (17 indicators, the most of any register) for persons without one, each time rolled"
    " back; beside it the same with the ledger's insert trigger disabled. History is written in both."
    " Raw is one INSERT ... SELECT, the verb is `create_many` with all its checks.",
)

_RAW = """
INSERT INTO members_membership (number, state, version, created_at, changed_at, void_reason, org_id,
  person_id, origin, first_admission, joined_on, leave_kind, is_retained, came_from,
  employ_kind, sex, is_migrant, newform_group, group_name, job_title, post_class, is_backfilled,
  is_absorbed)
SELECT '', 'active', 1, %(now)s, %(now)s, '', p.org_id, p.id, 'new', true, date '2012-07-02', '', false,
  '', 'contract', p.sex, p.id %% 3 = 0, '', '', '操作工', 'front_line', false, false
FROM people_person p WHERE p.id = ANY(%(keys)s)
"""


class _Back(Exception):
    """Takes the written rows back."""


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take part (b)."""
    many = data.BULK // 10 if quick else data.BULK
    spare = data.spare_persons(many)
    for count, runs in ((1, 25), (1000, 7), (many, 3 if quick else 2)):
        _line(table, f"raw insert of {count:,}", _raw(spare[:count]), runs, is_bulk=count > 1)
    for count, runs in ((1, 25), (1000, 5), (many, 1)):
        work = _by_verb(spare[:count])
        _line(table, f"create_many of {count:,}", work, runs, is_bulk=count > 1)


def _line(table: Table, name: str, work: Callable[[], None], runs: int, *, is_bulk: bool) -> None:
    with_ledger, without = [], []
    # In turns, so that a busy moment of the machine strikes both.
    for _ in range(runs):
        without.append(_seconds(work, posts=False))
        with_ledger.append(_seconds(work, posts=True))
    table.add(
        "b",
        name,
        Taken(
            seconds=statistics.median(with_ledger),
            runs=runs,
            beside=(statistics.median(without),),
        ),
        aim="≤ 2× of without" if is_bulk else "",
        beside=("without the ledger",),
        is_met=_is_cheap if is_bulk else None,
    )


def _is_cheap(line: Line) -> bool:
    return line.last.seconds <= 2 * line.last.beside[0]


def _seconds(work: Callable[[], None], *, posts: bool) -> float:
    taken = 0.0
    try:
        with transaction.atomic():
            if not posts:
                _run("ALTER TABLE members_membership DISABLE TRIGGER ledger_insert")
            begun = time.perf_counter()
            work()
            taken = time.perf_counter() - begun
            raise _Back
    except _Back:
        return taken


def _raw(keys: list[int]) -> Callable[[], None]:
    def insert() -> None:
        _run("ALTER TABLE members_membership DISABLE TRIGGER gonghui_state_insert")
        _run(_RAW, {"now": clock.now(), "keys": keys})

    return insert


def _by_verb(keys: list[int]) -> Callable[[], None]:
    rows = [
        {
            "person": person,
            "org_id": person.org_id,
            "joined_on": clock.today(),
            "employ_kind": "contract",
            "is_migrant": person.pk % 3 == 0,
        }
        for person in unscoped(Person).filter(pk__in=keys)
    ]

    def insert() -> None:
        outcomes = create_many(Membership, [_with_org(row) for row in rows], by=SYSTEM)
        refused = [outcome.error for outcome in outcomes if outcome.error is not None]
        if refused:
            raise SystemExit(f"有{len(refused)}条没有写入：{refused[0].message}")

    return insert


def _with_org(row: dict[str, Any]) -> dict[str, Any]:
    given = dict(row)
    given["org"] = _org(given.pop("org_id"))
    return given


_orgs: dict[int, Any] = {}


def _org(key: int) -> Any:
    if not _orgs:
        from gonghui.kernel.orgs.models import Org

        _orgs.update(unscoped(Org).in_bulk())
    return _orgs[key]


def _run(statement: str, params: dict[str, Any] | None = None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
