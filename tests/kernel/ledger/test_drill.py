"""From a figure to its records, its parts and its changes."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, Held, acting
from gonghui.kernel.ledger.drill import changes, composition, own_sums, record_counts, records_of
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.fold import fold
from tests.support import facts
from tests.support.sample.models import Visit

H1 = Period.half(2012, 1)


def one_county(org):
    held = Held(role=Role.COUNTY, org_id=org.pk, org_ids=frozenset({org.pk}))
    return Actor(user_id=5, name="县", held=(held,))


def test_the_records_of_a_figure_are_exactly_those_that_make_it(orgs):
    counted = facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10)
    fold()
    fresh = facts.visit(orgs["四厂"], date(2012, 3, 1), amount=5)
    facts.visit(orgs["四厂"], date(2012, 7, 1), amount=5)
    facts.visit(orgs["四厂"], date(2012, 3, 1))
    facts.erase(facts.visit(orgs["四厂"], date(2012, 3, 1), amount=9))
    found = records_of("sample.visit_amount", orgs.city, H1)
    assert (found.register_key, found.total, found.count()) == ("sample.visit", Decimal(15), 2)
    with acting(SYSTEM):
        assert set(found.visible()) == {counted, fresh}
        assert found.hidden_count() == 0


def test_records_are_counted_for_many_figures_at_once(orgs):
    facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10)
    fold()
    facts.visit(orgs["四厂"], date(2012, 3, 1), amount=5)
    facts.visit(orgs["四厂"], date(2012, 7, 1), amount=5)
    facts.erase(facts.visit(orgs["四厂"], date(2012, 3, 1), amount=9))
    facts.station(orgs["一厂"], date(2011, 3, 1))
    codes = ["sample.visit_amount", "sample.stations"]
    whose = [orgs.city, orgs["叶县"], orgs["四厂"]]
    counts = record_counts(codes, whose, H1)
    assert counts["sample.visit_amount", orgs.city.pk] == 2
    assert counts["sample.stations", orgs.city.pk] == 1
    for code in codes:
        for org in whose:
            assert counts.get((code, org.pk), 0) == records_of(code, org, H1).count()


def test_what_an_organisation_has_by_itself_is_told_apart(orgs):
    facts.visit(orgs["叶县"], date(2012, 3, 1), amount=10)
    fold()
    facts.visit(orgs["叶县"], date(2012, 6, 30), amount=1)
    facts.visit(orgs["一厂"], date(2012, 3, 1), amount=7)
    facts.visit(orgs["叶县"], date(2012, 7, 1), amount=99)
    facts.station(orgs["叶县"], date(2011, 3, 1))
    own = own_sums(["sample.visit_amount", "sample.stations"], [orgs["叶县"], orgs.city], H1)
    county = orgs["叶县"].pk
    assert own == {("sample.visit_amount", county): 11, ("sample.stations", county): 1}


def test_records_outside_the_scope_are_hidden_and_counted(orgs):
    mine = facts.visit(orgs["叶县"], date(2012, 3, 1), amount=10)
    facts.visit(orgs["四厂"], date(2012, 3, 1), amount=5)
    found = records_of("sample.visit_amount", orgs.city, H1)
    with acting(one_county(orgs["叶县"])):
        assert list(found.visible()) == [mine]
        assert found.hidden_count() == 1
        assert list(Visit.objects.filter(pk__in=found.record_ids, title__contains="%")) == []


def test_a_record_that_counted_then_but_not_now_is_found_as_of_then(orgs):
    with facts.told(date(2012, 4, 1)):
        visit = facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10)
    with facts.told(date(2012, 5, 1)):
        facts.alter(visit, amount=None)
    assert records_of("sample.visit_amount", orgs.city, H1).count() == 0
    assert records_of("sample.visit_amount", orgs.city, H1, date(2012, 4, 30)).count() == 1


def test_changes_name_the_record_its_author_and_the_amount(orgs):
    with facts.told(date(2012, 7, 1), actor=1):
        visit = facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10)
        facts.visit(orgs["四厂"], date(2012, 7, 1), amount=99)
    fold()
    with facts.told(date(2012, 7, 5), actor=2):
        facts.alter(visit, amount=Decimal("12.50"))
    with facts.told(date(2012, 7, 9), actor=3):
        late = facts.visit(orgs["三厂"], date(2012, 6, 30), amount=1)
    found = changes("sample.visit_amount", orgs.city, H1, date(2012, 7, 1))
    assert [(c.record_id, c.actor, c.value, c.day, c.org_id) for c in found] == [
        (visit.pk, 2, Decimal("2.50"), date(2012, 3, 1), orgs["一厂"].pk),
        (late.pk, 3, Decimal(1), date(2012, 6, 30), orgs["三厂"].pk),
    ]
    assert (
        changes("sample.visit_amount", orgs["洪庄"], H1, date(2012, 7, 1), date(2012, 7, 8)) == []
    )


def test_a_composition_names_what_no_part_has(orgs):
    facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10, subject_no=1)
    facts.visit(orgs["四厂"], date(2012, 3, 1), amount=5, subject_no=1)
    facts.visit(orgs.city, date(2012, 3, 1), amount=2)
    counties = [orgs["叶县"], orgs["郏县"]]
    found = composition("sample.visit_amount", orgs.city, H1, counties)
    assert (found.total.value, [p.value for p in found.parts], found.rest) == (17, [10, 5], 2)
    persons = composition("sample.visited", orgs.city, H1, counties)
    assert (persons.total.value, [p.value for p in persons.parts], persons.rest) == (
        1,
        [1, 1],
        None,
    )


def test_a_ratio_has_no_records_of_its_own(orgs):
    assert figure("sample.good_rate", orgs.city, H1).value is None
    with pytest.raises(DomainError, match="“好评率”由“好评走访”、“走访次数”计算得出"):
        records_of("sample.good_rate", orgs.city, H1)
