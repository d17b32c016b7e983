"""The made-up city: unions below ten counties, persons, and their memberships over four years."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction

from gonghui.base import clock, pinyin
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period, add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.orgs.models import Org, OrgKind, OrgLevel, OrgState
from gonghui.kernel.orgs.services import Placement, place_many
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import sealing

COUNTIES, TOWNSHIPS, UNIONS = 10, 12, 53
FOUNDED = date(2000, 1, 1)
FIRST_MONTH = date(2008, 7, 1)
MONTHS = 48
BULK = 100_000  # rows of one big insert and of one big sheet; --quick takes a tenth
HALF_YEAR = Period(date(2012, 1, 1), date(2012, 6, 30))
_DIVISION = "410402"
_SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文辉"

NOTES = (
    f"The city has {COUNTIES} counties, {COUNTIES * TOWNSHIPS} townships and"
    f" {COUNTIES * TOWNSHIPS * UNIONS:,} basic unions. A row is a person with an identity number and a"
    f" membership, which joined and was recorded in one of the {MONTHS} months up to June 2012; one in"
    " twenty has ended. Memberships were written by set through the ledger's triggers and folded;"
    " these rows have no history entries.",
)


@dataclass(slots=True, kw_only=True)
class City:
    """The orgs and accounts that measures need, and how many rows there are."""

    city: Org
    counties: list[Org]
    unions: list[int]
    clerk: User
    size: int = 0
    persons: int = 0
    names: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def actor(self) -> Actor:
        """Who works at the first county."""
        return actor_of(self.clerk)

    @property
    def own_union(self) -> Org:
        """A union of the first county."""
        return unscoped(Org).get(pk=self.unions[0])


def found_city() -> City:
    """The tree and the accounts."""
    top = _orgs([("市总工会", OrgLevel.CITY, OrgKind.GENERAL)], [None])
    names = [f"第{c + 1}县总工会" for c in range(COUNTIES)]
    counties = _orgs([(n, OrgLevel.COUNTY, OrgKind.GENERAL) for n in names], top * COUNTIES)
    above = [county for county in counties for _ in range(TOWNSHIPS)]
    towns = _orgs(
        [(f"{i + 1}镇工会", OrgLevel.TOWNSHIP, OrgKind.TOWNSHIP) for i in range(len(above))], above
    )
    above = [town for town in towns for _ in range(UNIONS)]
    unions = _orgs(
        [(f"{i + 1}厂工会", OrgLevel.BASIC, OrgKind.SINGLE) for i in range(len(above))], above
    )
    clerk = User.objects.create_user("bench", "口令-bench-2012", name="县工作人员", org=counties[0])
    Grant.objects.create(user=clerk, role=Role.COUNTY, org=counties[0], valid_from=FOUNDED)
    city = City(city=top[0], counties=counties, unions=[u.pk for u in unions], clerk=clerk)
    for surname in _SURNAMES:
        for first in _GIVEN:
            name = f"{surname}{first}"
            key = pinyin.sort_key(name, person=True)
            city.names.append((name, key, pinyin.initials(name, person=True)))
    return city


def _orgs(wanted: list[tuple[str, OrgLevel, OrgKind]], above: list[Any]) -> list[Org]:
    """Organisations below those given, in order."""
    now = clock.now()
    first = unscoped(Org).count()
    made = unscoped(Org).bulk_create(
        [
            Org(
                code=f"B{first + position:06d}",
                name=name,
                level=level,
                kind=kind,
                state=OrgState.LIVE,
                established_on=FOUNDED,
                approval_doc_no="平工〔2000〕1号",
                created_at=now,
                changed_at=now,
            )
            for position, (name, level, kind) in enumerate(wanted)
        ],
        batch_size=1000,
    )
    place_many(
        [
            Placement(org=org, superior=superior, on=FOUNDED, basis_doc="平工〔2000〕1号")
            for org, superior in zip(made, above, strict=True)
        ]
    )
    return made


def grow(city: City, size: int, spare: int) -> float:
    """Bring the city to so many memberships, and so many more persons without one; the seconds."""
    begun = time.monotonic()
    now_there = _scalar("SELECT count(*) FROM members_membership")
    fresh = size - now_there
    first = int(_scalar("SELECT coalesce(max(id), 0) FROM people_person")) + 1
    _write_persons(city, first, fresh + spare)
    _write_memberships(first, fresh)
    for table in (
        "people_person", "members_membership", "ledger_hot", "ledger_delta", "ledger_day",
        "ledger_month", "ledger_repeat", "kernel_orgs_org", "kernel_orgs_organcestry",
    ):  # fmt: skip
        _run(f"VACUUM ANALYZE {table}")
    city.size, city.persons = size, first + fresh + spare - 1
    return time.monotonic() - begun


def _write_persons(city: City, first: int, count: int) -> None:
    """Persons with sealed identity numbers, at unions drawn by lot."""
    columns = (
        "id, version, created_at, changed_at, number, state, void_reason, org_id, name, id_type,"
        "id_no, id_no_hash, sex, born_on, ethnic, phone, hukou_kind, education, political,"
        "verify_level, sort_key, initials"
    )
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("ALTER TABLE people_person DISABLE TRIGGER USER")
        with cursor.copy(f"COPY people_person ({columns}) FROM STDIN") as copy:
            for row in _persons(city, first, count):
                copy.write_row(row)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE people_person ENABLE TRIGGER USER")
        cursor.execute(
            "SELECT setval(pg_get_serial_sequence('people_person', 'id'), %s)", [first + count]
        )


def id_number_of(key: int) -> str:
    """The identity number of a person, by key; those of different keys differ."""
    return make_id_number(_DIVISION, date(1950, 1, 1) + timedelta(days=key % 14_000), key // 14_000)


def _persons(city: City, first: int, count: int) -> Iterator[tuple[Any, ...]]:
    chance = random.Random(first)
    now = clock.now()
    for key in range(first, first + count):
        number = id_number_of(key)
        name, sort_key, initials = chance.choice(city.names)
        yield (
            key, 1, now, now, "", "", "", chance.choice(city.unions), name, "resident",
            sealing.seal(Person, "id_no", key, number), sealing.keyed_hash(number),
            "male" if int(number[16]) % 2 else "female", date(1950, 1, 1) + timedelta(days=key % 14_000),
            "汉族", f"138{key % 100_000_000:08d}", "rural", "senior", "masses", 1, sort_key, initials,
        )  # fmt: skip


_MEMBERSHIPS = """
INSERT INTO members_membership (number, state, version, created_at, changed_at, void_reason, org_id,
  person_id, origin, first_admission, joined_on, left_on, leave_kind, is_retained, came_from,
  employ_kind, sex, is_migrant, newform_group, group_name, job_title, post_class, is_backfilled,
  is_absorbed)
SELECT 'B' || lpad(p.id::text, 9, '0'), CASE WHEN ended THEN 'ended' ELSE 'active' END, 1, %(now)s, %(now)s,
  '', p.org_id, p.id, CASE WHEN is_new THEN 'new' ELSE 'opening' END, is_new, joined,
  CASE WHEN ended THEN joined + 30 + (p.id %% 200)::int END, CASE WHEN ended THEN 'left' ELSE '' END, false, '',
  CASE WHEN p.id %% 7 = 0 THEN 'newform' ELSE 'contract' END, p.sex, p.id %% 3 = 0,
  CASE WHEN p.id %% 7 = 0 THEN 'courier' ELSE '' END, '', '操作工', 'front_line', false, false
FROM (
  SELECT p.*, p.id %% 10 < 7 AS is_new, %(month)s::date + (p.id %% 28)::int AS joined,
    p.id %% 20 = 3 AND %(month)s < date '2011-10-01' AS ended
  FROM people_person p WHERE p.id >= %(first)s AND p.id < %(last)s) p
ORDER BY p.id
"""


def _write_memberships(first: int, count: int) -> None:
    """A month's rows in one statement, recorded in that month."""
    for month in range(MONTHS):
        day = add_months(FIRST_MONTH, month)
        low, high = (first + count * edge // MONTHS for edge in (month, month + 1))
        with transaction.atomic(), connection.cursor() as cursor:
            for trigger in ("gonghui_state_insert", "gonghui_history_insert"):
                cursor.execute(f"ALTER TABLE members_membership DISABLE TRIGGER {trigger}")
            now = clock.end_of(day + timedelta(days=27))
            cursor.execute("SELECT set_config('gonghui.now', %s, true)", [now.isoformat()])
            cursor.execute(_MEMBERSHIPS, {"now": now, "month": day, "first": low, "last": high})
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for trigger in ("gonghui_state_insert", "gonghui_history_insert"):
                cursor.execute(f"ALTER TABLE members_membership ENABLE TRIGGER {trigger}")
        if month % 6 == 5:
            fold()


def spare_persons(count: int) -> list[int]:
    """Keys of persons without a membership."""
    found = _rows(
        "SELECT p.id FROM people_person p WHERE NOT EXISTS"
        " (SELECT FROM members_membership m WHERE m.person_id = p.id) ORDER BY p.id DESC LIMIT %s",
        [count],
    )
    return [key for (key,) in found]


def _scalar(statement: str) -> int:
    return int(_rows(statement)[0][0])


def _rows(statement: str, params: list[Any] | None = None) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        return list(cursor.fetchall())


def _run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
