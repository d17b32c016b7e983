"""Sealed figures stay as they were, and nobody changes one unnoticed."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.figures import figure, figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.models import Seal, SealedFigure
from gonghui.kernel.ledger.seals import (
    FIRST_HASH,
    broken_seals,
    drift,
    late_entries,
    rederived,
    seal,
    sealed_values,
)
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.services import move
from tests.support import facts

JUNE = Period.month(2012, 6)
CODES = [
    "sample.visits",
    "sample.visit_amount",
    "sample.visited",
    "sample.stations",
    "sample.seats",
    "sample.places",
    "sample.good_rate",
]
SEALED_AT = datetime(2012, 7, 10, 9, tzinfo=clock.ZONE)


def run(sql, *params):
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


@pytest.fixture
def june(orgs):
    """A June with money, persons met twice, and stations, half of it folded."""
    with facts.told(datetime(2012, 6, 29, 9, tzinfo=clock.ZONE)):
        facts.visit(orgs["一厂"], date(2012, 6, 1), amount=Decimal("100.50"), subject_no=7)
        facts.visit(orgs["四厂"], date(2012, 6, 2), amount=20, subject_no=7)
        facts.visit(orgs["一厂"], date(2012, 5, 2), amount=9, subject_no=8)
        facts.station(orgs["一厂"], date(2011, 3, 1), seats=30, place_no=4)
        fold()
        facts.visit(orgs["一厂"], date(2012, 6, 30), amount=3, subject_no=9)
        facts.station(orgs["四厂"], date(2012, 6, 30), seats=5, place_no=4)
        facts.station(orgs["四厂"], date(2012, 7, 1), seats=70, place_no=5)


def sealed(orgs, at=SEALED_AT, period=JUNE):
    with facts.told(at):
        return seal(orgs.city, period, CODES)


def test_every_organisation_has_the_figure_that_it_had(orgs, june):
    made = sealed(orgs)
    posted = [code for code in CODES if catalogue.indicator(code).is_posted]
    assert made.codes == sorted(posted)
    live = figures(posted, orgs.all, JUNE)
    kept = sealed_values(made, posted, orgs.all)
    assert {key: found.value for key, found in live.items() if found.value} == kept
    assert kept["sample.visit_amount", orgs.city.pk] == Decimal("123.50")
    # Persons and places that two counties met are one for the city.
    assert kept["sample.visited", orgs.city.pk] == 2
    assert kept["sample.places", orgs.city.pk] == 1
    assert made.figures_count == SealedFigure.objects.filter(seal=made.pk).count() == len(kept)
    assert drift(made) == rederived(made) == broken_seals() == []


def test_what_comes_late_changes_no_sealed_figure_and_is_listed(orgs, june):
    made = sealed(orgs)
    with facts.told(datetime(2012, 8, 1, 9, tzinfo=clock.ZONE)):
        late = facts.visit(orgs["一厂"], date(2012, 6, 20), amount=2)
        facts.visit(orgs["一厂"], date(2012, 7, 20), amount=50)
        fold()
        old = facts.station(orgs["四厂"], date(2010, 1, 1), seats=1, place_no=4)
    key = ("sample.visit_amount", orgs.city.pk)
    assert sealed_values(made, [key[0]], [orgs.city])[key] == Decimal("123.50")
    assert figure(*key, JUNE).value == Decimal("125.50")
    found = late_entries(made)
    assert {(e.code, e.org_id, e.day, e.value, e.record_id) for e in found} == {
        ("sample.visit_amount", orgs["一厂"].pk, date(2012, 6, 20), 2, late.pk),
        ("sample.places", orgs["四厂"].pk, date(2010, 1, 1), 1, old.pk),
        ("sample.seats", orgs["四厂"].pk, date(2010, 1, 1), 1, old.pk),
        ("sample.stations", orgs["四厂"].pk, date(2010, 1, 1), 1, old.pk),
    }
    assert late_entries(made, after=found[-1].entry) == []
    moved = {(c.code, c.org_id): (c.sealed, c.found) for c in drift(made)}
    assert moved[key] == (Decimal("123.50"), Decimal("125.50"))
    assert moved["sample.stations", orgs["四厂"].pk] == (1, 2)
    # The place was already counted.
    assert ("sample.places", orgs.city.pk) not in moved
    assert rederived(made) == broken_seals() == []


def test_an_organisation_that_moves_later_changes_no_sealed_figure(orgs, june):
    made = sealed(orgs)
    with facts.told(datetime(2012, 8, 1, 9, tzinfo=clock.ZONE)):
        move(orgs["一厂"], orgs["郏县"], date(2012, 6, 15), "平工〔2012〕9号")
    assert rederived(made) == []
    assert {c.org_id for c in drift(made)} >= {orgs["叶县"].pk, orgs["郏县"].pk}


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_sealed SET value = 550",
        "DELETE FROM ledger_sealed",
        "UPDATE ledger_seal SET hash = ''",
        "DELETE FROM ledger_seal",
    ],
)
def test_the_database_refuses_to_change_what_is_sealed(orgs, june, statement):
    sealed(orgs)
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        run(statement)


def without_triggers(table, sql, *params):
    """What a person with all rights on the database can do."""
    run("SET CONSTRAINTS ALL IMMEDIATE")
    run(f"ALTER TABLE {table} DISABLE TRIGGER USER")
    run(sql, *params)
    run(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def test_a_figure_changed_behind_the_triggers_is_found_exactly(orgs, june):
    made = sealed(orgs)
    assert verify().is_clean
    without_triggers(
        "ledger_sealed",
        "UPDATE ledger_sealed SET value = 550 WHERE code = 'sample.visit_amount' AND org = %s",
        orgs["叶县"].pk,
    )
    head, figure_found = verify().differing
    assert head.what == f"封存集{made.pk}（2012-06-01至2012-06-30）校验值不符"
    assert (figure_found.code, figure_found.org_id) == ("sample.visit_amount", orgs["叶县"].pk)
    assert (figure_found.expected, figure_found.found) == (10350, 55000)


def test_a_figure_added_or_taken_away_is_found(orgs, june):
    made = sealed(orgs)
    without_triggers(
        "ledger_sealed", "DELETE FROM ledger_sealed WHERE code = 'sample.seats' AND org = %s",
        orgs.city.pk,
    )  # fmt: skip
    (broken,) = broken_seals()
    assert [(c.code, c.org_id, c.sealed, c.found) for c in broken.cells] == [
        ("sample.seats", orgs.city.pk, 0, 35)
    ]
    run(
        "INSERT INTO ledger_sealed VALUES (%s, 'sample.seats', %s, %s, 35), (%s, 'no.such', 1, 'x', 1)",
        made.pk, orgs.city.pk, orgs.city.code, made.pk,
    )  # fmt: skip
    (broken,) = broken_seals()
    assert [(c.code, c.sealed) for c in broken.cells] == [("no.such", 1)]
    assert len(verify().differing) == 2


def test_seals_are_chained_and_a_missing_link_is_found(orgs, june):
    first, second, third = (
        sealed(orgs, datetime(2012, 7, day, 9, tzinfo=clock.ZONE)) for day in (10, 11, 12)
    )
    assert (first.previous_hash, second.previous_hash) == (FIRST_HASH, first.hash)
    without_triggers("ledger_seal", "DELETE FROM ledger_seal WHERE id = %s", second.pk)
    (broken,) = broken_seals()
    assert (broken.seal, broken.what) == (third, "与前一个封存集的校验链断开")


def test_a_changed_head_is_found(orgs, june):
    made = sealed(orgs)
    without_triggers("ledger_seal", "UPDATE ledger_seal SET as_of = as_of - interval '1 day'")
    (broken,) = broken_seals()
    assert (broken.seal, broken.what, broken.cells) == (made, "校验值不符", ())


def test_a_hash_computed_anew_breaks_the_next_link(orgs, june):
    first = sealed(orgs)
    second = sealed(orgs, datetime(2012, 7, 11, 9, tzinfo=clock.ZONE))
    forged = Seal.objects.get(pk=first.pk)
    forged.hash = "f" * 64
    without_triggers(
        "ledger_seal", "UPDATE ledger_seal SET hash = %s WHERE id = %s", forged.hash, first.pk
    )
    assert [(b.seal, b.what) for b in broken_seals()] == [
        (first, "校验值不符"),
        (second, "与前一个封存集的校验链断开"),
    ]
