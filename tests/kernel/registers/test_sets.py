"""What makes big batches fast must not be seen: blank records, long lists, quick validation."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.db import DataError, connection
from django.db.backends.postgresql.base import TIMESTAMPTZ_OID
from django.test.utils import CaptureQueriesContext
from psycopg.pq import Format

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records import numbering, sealing, sets
from gonghui.kernel.records.lookups import LONG
from gonghui.kernel.records.models import RecordBase
from gonghui.kernel.records.moments import MomentLoader
from gonghui.kernel.registers import validate
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.registry import all_registers
from gonghui.kernel.registers.write import change_many, create, create_many
from gonghui.kernel.workflow.models import Task
from tests.support.orgs import actor_with
from tests.support.sample.models import Station, Visit


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_a_blank_record_is_a_new_record(register):
    made, usual = sets.blank(register.model), register.model()
    plain = {name: value for name, value in usual.__dict__.items() if name != "_state"}
    assert {name: value for name, value in made.__dict__.items() if name != "_state"} == plain
    assert made._state.adding
    assert made._state is not sets.blank(register.model)._state


def test_blank_records_share_no_list():
    one, other = sets.blank(ImportRow), sets.blank(ImportRow)
    one.notes.append("注")
    assert other.notes == []


@pytest.fixture
def visits(tree):
    basic = actor_with(Role.BASIC, org=tree.union)
    rows = [
        {"org": tree.union, "title": f"走访{n}", "account": f"62220000{n:08d}", "amount": n}
        for n in range(2 * LONG)
    ]
    return [outcome.record for outcome in create_many(Visit, rows, by=basic)]


@pytest.mark.parametrize(
    ("path", "value_of"),
    [
        ("pk", lambda visit: visit.pk),
        ("org", lambda visit: visit.org),
        ("title", lambda visit: visit.title),
        ("amount", lambda visit: visit.amount),
        ("created_at", lambda visit: visit.created_at),
        ("account_hash", lambda visit: bytes(visit.account_hash)),
    ],
)
def test_a_long_list_finds_what_a_short_one_finds(
    visits, path, value_of, django_assert_num_queries
):
    given = [value_of(visit) for visit in visits]
    with acting(SYSTEM), django_assert_num_queries(1) as asked:
        found = set(Visit.objects.filter(**{f"{path}__in": [*given, None]}))
    assert found == set(visits)
    assert "= ANY(" in asked[0]["sql"]
    with acting(SYSTEM):
        assert not Visit.objects.exclude(**{f"{path}__in": given}).exists()


def test_a_long_list_of_orgs_may_be_a_subquery_or_composed(visits, tree):
    with acting(SYSTEM):
        inside = Visit.objects.filter(org__in=Org.objects.filter(pk=tree.union.pk))
        assert inside.count() == len(visits)
        assert not Visit.objects.filter(org__in=[tree.city] * (LONG + 1)).exists()


@pytest.mark.parametrize(
    ("name", "bad"),
    [("title", "长" * 300), ("title", "空\x00字符"), ("mood", "unheard"), ("people", -1)],
)
def test_values_of_the_plain_type_are_still_judged(tree, name, bad):
    visit = Visit(org=tree.union, title="走访", **{name: bad} if name != "title" else {})
    setattr(visit, name, bad)
    assert list(validate.field_errors(visit)) == [name]


def test_a_text_that_looks_like_a_day_becomes_one(tree):
    visit = Visit(org=tree.union, title="走访", visited_on="2012-03-01")
    assert validate.field_errors(visit) == {}
    assert visit.visited_on == date(2012, 3, 1)


def test_a_batch_is_stored_sealed(visits):
    stored = Visit._unscoped.get(pk=visits[0].pk)
    assert sealing.opened(stored, "account") == "6222000000000000"


@pytest.mark.parametrize("register", all_registers(), ids=lambda register: register.key)
def test_a_record_that_was_read_is_as_django_makes_it(register):
    names = [field.attname for field in register.model._meta.concrete_fields]
    whole = ("default", names, list(range(len(names))))
    read = register.model.from_db(*whole)
    usual = super(RecordBase, register.model).from_db(*whole)
    assert {**read.__dict__, "_state": None} == {**usual.__dict__, "_state": None}
    assert (read._state.db, read._state.adding) == (usual._state.db, usual._state.adding)
    assert read._state.fields_cache == usual._state.fields_cache == {}
    assert read.get_deferred_fields() == set()
    part = register.model.from_db("default", names[:2], [1, 2])
    assert part.get_deferred_fields() == set(names[2:])


@pytest.mark.parametrize(
    ("written", "moment"),
    [
        ("2012-06-30 23:59:59.000001+00", datetime(2012, 6, 30, 23, 59, 59, 1, tzinfo=UTC)),
        ("2012-06-30 00:00:00+08", datetime(2012, 6, 29, 16, tzinfo=UTC)),
        ("0001-01-01 00:00:00+00", datetime(1, 1, 1, tzinfo=UTC)),
        (None, None),
    ],
)
def test_a_moment_comes_back_as_it_was_written(tree, written, moment):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        assert cursor.fetchone() == (moment,)
        assert issubclass(cursor.adapters.get_loader(TIMESTAMPTZ_OID, Format.TEXT), MomentLoader)


@pytest.mark.parametrize("written", ["infinity", "0044-03-15 12:00:00+00 BC"])
def test_a_moment_that_python_does_not_know_is_an_error(tree, written):
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz", [written])
        with pytest.raises(DataError):
            cursor.fetchone()


@pytest.mark.parametrize("size", [1, 3, sets.FEW])
def test_every_kind_of_value_is_updated_as_it_is(visits, size):
    changed = visits[:size]
    for n, visit in enumerate(changed):
        visit.title = f"改'%s\\{n}"
        visit.visited_on = date(2012, 1, 1 + n % 28) if n % 2 else None
        visit.people = n if n % 3 else None
        visit.amount = Decimal(n) / 4
        visit.changed_at = datetime(2012, 5, 1, 1, n % 60, tzinfo=UTC)
        visit.account, visit.account_hash = (
            (bytes([0, n, 39]), bytes([n])) if n % 2 else (None,) * 2
        )
    names = ["title", "visited_on", "people", "amount", "changed_at", "account", "account_hash"]
    sets.update(Visit, changed, names)
    stored = Visit._unscoped.in_bulk([visit.pk for visit in visits])
    for visit in visits:
        assert [getattr(stored[visit.pk], name) for name in names] == [
            getattr(visit, name) for name in names
        ]


def test_lists_and_documents_are_updated_as_they_are(tree):
    with acting(SYSTEM):
        tasks = [
            Task(
                register="sample.visit",
                record_id=n,
                org=tree.union,
                title="事",
                state="draft",
                roles=["basic"],
                opened_at=datetime(2012, 5, 1, tzinfo=UTC),
            )
            for n in range(3)
        ]
        sets.insert(Task, tasks, keyed=False)
        stored = list(Task.objects.order_by("record_id"))
        assert [task.record_id for task in stored] == [0, 1, 2]
        for task, roles in zip(stored, ([], ["county", "dept"], ["basic"]), strict=True):
            task.roles = roles
        sets.update(Task, stored, ["roles"])
        assert [task.roles for task in Task.objects.order_by("record_id")] == [
            [],
            ["county", "dept"],
            ["basic"],
        ]


def test_what_is_too_long_is_refused_and_not_cut(visits):
    for visit in visits[:2]:
        visit.title = "长" * 201
    with pytest.raises(DataError):
        sets.update(Visit, visits[:2], ["title"])


def test_nothing_to_update_asks_nothing(db, django_assert_num_queries):
    with django_assert_num_queries(0):
        sets.update(Visit, [], ["title"])
        sets.insert(Visit, [])


@pytest.fixture
def stations(tree):
    rows = [{"org": tree.union, "name": name} for name in "甲乙丙"]
    with acting(SYSTEM):
        return must(create_many(Station, rows, by=SYSTEM))


@pytest.mark.parametrize(("values", "is_asked"), [({"seats": 5}, False), ({"name": "丁"}, True)])
def test_uniqueness_is_asked_for_where_something_changed(stations, values, is_asked):
    with acting(SYSTEM), CaptureQueriesContext(connection) as queries:
        must(change_many([(stations[0], values), (stations[1], {"seats": 6})], by=SYSTEM))
    asked = [each["sql"] for each in queries if '"closed_on" IS NULL' in each["sql"]]
    assert len(asked) == is_asked


def test_who_takes_the_name_of_an_unchanged_row_of_the_batch_is_refused(stations):
    with acting(SYSTEM):
        pairs = [(stations[0], {"name": "乙"}), (stations[1], {"seats": 5})]
        first, second = change_many(pairs, by=SYSTEM)
    assert first.error is not None
    assert first.error.errors == {"name": ["已有同名的站点。"]}
    assert second.error is None


def test_who_comes_under_the_condition_of_uniqueness_is_judged(stations):
    with acting(SYSTEM):
        must(change_many([(stations[0], {"closed_on": date(2012, 1, 1)})], by=SYSTEM))
        create(Station, by=SYSTEM, org=stations[0].org, name="甲")
        (outcome,) = change_many([(stations[0], {"closed_on": None})], by=SYSTEM)
    assert outcome.error.errors == {"name": ["已有同名的站点。"]}


def test_several_series_give_their_numbers_at_once(tree):
    mine, other = (tree.union.pk, "走访", 2012), (tree.county.pk, "走访", 2012)
    first = numbering.take([mine, other, mine])
    assert (list(first[mine]), list(first[other])) == ([1, 2], [1])
    second = numbering.take([other, (*mine[:2], 2013)])
    assert {slot[2]: list(numbers) for slot, numbers in second.items()} == {2012: [2], 2013: [1]}
    assert numbering.take([]) == {}
