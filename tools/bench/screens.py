"""Lists, filters, searches, saving and the check for duplicates, as a county's user."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from django.test import Client

from gonghui.kernel.access.scope import acting
from gonghui.kernel.persons import known, read_paper
from gonghui.kernel.registers.write import change
from gonghui.lines.members.models import Membership
from tools.bench.data import COUNTIES, City, id_number_of
from tools.bench.results import Table, Taken, counted, median

NOTES = (
    "(d) Whole pages through the middleware with a session, as a user of one county (a tenth of the rows);"
    " beside them one statement that fetches 50 such rows with their person and union by indexes alone."
    " A save is the verb `change` with version, validation, history and ledger; beside it one UPDATE by"
    " key. The check for duplicates reads a number and looks for it in the whole city.",
)

_BARE = """
SELECT m.*, p.name, o.name FROM members_membership m JOIN people_person p ON p.id = m.person_id
JOIN kernel_orgs_org o ON o.id = m.org_id
WHERE m.org_id = ANY(%(orgs)s) AND m.voided_at IS NULL{and_so} ORDER BY m.id DESC LIMIT 50
"""
_LIST = "/r/members.membership/"


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take part (d)."""
    client = Client(headers={"host": "127.0.0.1"})
    client.force_login(city.clerk, backend="django.contrib.auth.backends.ModelBackend")
    orgs = sorted(city.actor.org_ids)
    middle = _one("SELECT id FROM members_membership WHERE org_id = ANY(%(orgs)s)"
                  " ORDER BY id DESC OFFSET %(half)s LIMIT 1", orgs=orgs, half=size // (2 * COUNTIES))  # fmt: skip
    number = id_number_of(
        _one("SELECT person_id FROM members_membership WHERE id = %(id)s", id=middle)
    )
    newform = " AND m.newform_group = 'courier' AND m.is_migrant"
    pages = (
        ("list, first page", _LIST, ""),
        ("list, a later page", f"{_LIST}?after={middle}", f" AND m.id < {middle}"),
        ("filter by group and migrant", f"{_LIST}?newform_group=courier&is_migrant=1", newform),
        ("sorted by day of joining", f"{_LIST}?sort=-joined_on", ""),
        ("search by a name", f"{_LIST}?q=张伟", " AND p.name = '张伟'"),
        ("search by initials", f"{_LIST}?q=zw", " AND p.initials = 'zw'"),
        ("search by an identity number", f"{_LIST}?q={number}", f" AND m.id = {middle}"),
        ("list of persons", "/r/members.person/", ""),
    )
    for name, address, and_so in pages:
        taken = _page(client, address, _bare(orgs, and_so))
        table.add(
            "d",
            name,
            taken,
            aim="< 200 ms",
            beside=("bare SQL, 50 rows",),
            is_met=lambda line: line.last.seconds < 0.2,
        )
    _save(table, city, orgs)
    _duplicates(table, number)


def _page(client: Client, address: str, bare: Callable[[], None]) -> Taken:
    def get() -> None:
        answer = client.get(address)
        if answer.status_code != 200:
            raise SystemExit(f"{address}：{answer.status_code}")

    get()
    with counted() as queries:
        get()
    return Taken(
        seconds=median(get, 7, warm=False),
        runs=7,
        queries=queries.count,
        beside=(median(bare, 7),),
    )


def _bare(orgs: list[int], and_so: str) -> Callable[[], None]:
    def fetch() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_BARE.replace("{and_so}", and_so.replace("%", "%%")), {"orgs": orgs})
            cursor.fetchall()

    return fetch


def _save(table: Table, city: City, orgs: list[int]) -> None:
    actor = city.actor
    key = _one("SELECT max(id) FROM members_membership WHERE org_id = ANY(%(orgs)s) AND state = 'active'",
               orgs=orgs)  # fmt: skip
    turn = iter(range(1000))

    def save() -> None:
        with acting(actor):
            row = Membership.objects.get(pk=key)
            change(row, by=actor, version=row.version, job_title=f"岗位{next(turn)}")

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "UPDATE members_membership SET job_title = %s WHERE id = %s",
                [f"岗位{next(turn)}", key],
            )

    with counted() as queries:
        save()
    seconds = median(save, 15)
    with _without_triggers():
        beside = median(bare, 15)
    table.add(
        "d",
        "save of a record through the verb",
        Taken(seconds=seconds, runs=15, queries=queries.count, beside=(beside,)),
        aim="< 200 ms",
        beside=("bare UPDATE without triggers",),
        is_met=lambda line: line.last.seconds < 0.2,
    )


@contextmanager
def _without_triggers() -> Iterator[None]:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE members_membership DISABLE TRIGGER USER")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE members_membership ENABLE TRIGGER USER")


def _duplicates(table: Table, number: str) -> None:
    def check() -> None:
        if not known([read_paper("resident", number).key]):
            raise SystemExit("没有找到已登记的证件号码。")

    key = read_paper("resident", number).key

    def bare() -> None:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id FROM people_person WHERE id_type = %s AND id_no_hash = %s"
                " AND merged_into_id IS NULL",
                [key[0], key[1]],
            )
            cursor.fetchall()

    with counted() as queries:
        check()
    table.add(
        "d",
        "duplicate check of an identity number",
        Taken(
            seconds=median(check, 15),
            runs=15,
            queries=queries.count,
            beside=(median(bare, 15),),
        ),
        aim="< 150 ms",
        beside=("bare SQL by the unique index",),
        is_met=lambda line: line.last.seconds < 0.15,
    )


def _one(statement: str, **params: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        (found,) = cursor.fetchone()
    return int(found)
