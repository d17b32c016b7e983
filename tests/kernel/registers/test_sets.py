"""What makes big batches fast must not be seen: blank records, long lists, quick validation."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.records import sealing, sets
from gonghui.kernel.records.lookups import LONG
from gonghui.kernel.registers import validate
from gonghui.kernel.registers.registry import all_registers
from gonghui.kernel.registers.write import create_many
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit


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
