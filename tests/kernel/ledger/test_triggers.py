"""Installing what is declared, refusing what would go round it, finding and mending what did."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import Q

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue, triggers
from gonghui.kernel.ledger.declare import distinct, flow, stock
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.fold import fold, fold_alone
from gonghui.kernel.ledger.models import Delta, Hot, InstalledIndicator
from gonghui.kernel.ledger.rebuilding import rebuild
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.orgs.services import move
from tests.support import facts, trees
from tests.support.sample.models import Station, Visit

YEAR = Period.year(2012)


def run(sql):
    with connection.cursor() as cursor:
        cursor.execute(sql)


@pytest.fixture
def declare(monkeypatch):
    """Declare further indicators of the sample line until the test ends."""
    for name in ("_indicators", "_sources", "_names", "_ids"):
        monkeypatch.setattr(catalogue, name, dict(getattr(catalogue, name)))

    def add(*indicators, model=Visit):
        catalogue.add("sample.visit", model, indicators)

    return add


def forget(code):
    declared = catalogue._indicators.pop(code)
    del catalogue._sources[code], catalogue._names[declared.name]


def test_installing_again_changes_nothing(orgs):
    before = list(InstalledIndicator.objects.order_by("id").values())
    assert triggers.install() == []
    assert list(InstalledIndicator.objects.order_by("id").values()) == before


def test_a_new_indicator_counts_the_records_that_are_already_there(orgs, declare):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="bad", subject_no=1)
    facts.visit(orgs["一厂"], date(2012, 3, 2), mood="bad", subject_no=1)
    run("SET CONSTRAINTS ALL IMMEDIATE")
    declare(
        flow("sample.bad_visits", "差评走访", "次", on="visited_on", where=Q(mood="bad")),
        distinct(
            "sample.unhappy",
            "差评对象",
            "人",
            subject="subject_no",
            on="visited_on",
            where=Q(mood="bad"),
        ),
    )
    assert triggers.install() == ["sample.bad_visits", "sample.unhappy"]
    assert figure("sample.bad_visits", orgs.city, YEAR).value == 2
    facts.visit(orgs["四厂"], date(2012, 3, 1), mood="bad", subject_no=1)
    assert figure("sample.bad_visits", orgs.city, YEAR).value == 3
    assert figure("sample.unhappy", orgs.city, YEAR).value == 1
    assert verify().is_clean


def test_organisations_themselves_can_be_counted(orgs, declare):
    run("SET CONSTRAINTS ALL IMMEDIATE")
    tagged = Q(focus_tags__contains=["area"], is_private=True) & ~Q(name__contains="100%")
    declare(
        stock(
            "sample.basic_unions",
            "基层数",
            "个",
            on="established_on",
            until="dissolved_on",
            where=Q(level__in=["basic", "village"], state="live"),
        ),
        flow("sample.tagged", "园区数", "个", on="established_on", where=tagged),
        model=Org,
    )
    triggers.install()
    assert figure("sample.basic_unions", orgs.city, YEAR).value == 4
    facts.alter(orgs["一厂"], focus_tags=["area", "over25"], is_private=True)
    assert figure("sample.tagged", orgs["叶县"], Period.year(2000)).value == 1
    facts.alter(orgs["一厂"], name="100%一厂")
    assert figure("sample.tagged", orgs["叶县"], Period.year(2000)).value == 0
    move(orgs["一厂"], orgs["郏县"], date(2012, 5, 1), "平工〔2012〕9号")
    assert figure("sample.basic_unions", orgs["郏县"], Period.month(2012, 4)).value == 1
    assert figure("sample.basic_unions", orgs["郏县"], Period.month(2012, 5)).value == 2


def test_a_changed_condition_corrects_the_figure_and_keeps_what_was_said(orgs, declare):
    with facts.told(date(2012, 4, 1)):
        facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
        facts.visit(orgs["一厂"], date(2012, 3, 1), mood="bad")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    forget("sample.good_visits")
    declare(flow("sample.good_visits", "好评走访", "次", on="visited_on"))
    with facts.told(date(2012, 5, 1)):
        assert triggers.install() == ["sample.good_visits"]
    assert figure("sample.good_visits", orgs.city, YEAR).value == 2
    assert figure("sample.good_visits", orgs.city, YEAR, date(2012, 4, 30)).value == 1
    assert verify().is_clean


def test_an_indicator_that_was_away_is_made_anew_under_its_old_number(orgs, declare):
    number = catalogue.id_of("sample.good_visits")
    declared = catalogue.indicator("sample.good_visits")
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    forget("sample.good_visits")
    triggers.install()
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    assert Hot.objects.filter(indicator=number).count() == 1
    declare(declared)
    assert triggers.install() == ["sample.good_visits"]
    assert catalogue.id_of("sample.good_visits") == number
    assert figure("sample.good_visits", orgs.city, YEAR).value == 2


def test_a_table_without_indicators_loses_its_triggers(orgs, declare):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    run("SET CONSTRAINTS ALL IMMEDIATE")
    stations = [i for i in catalogue.posted() if catalogue.source_of(i.code)[1] is Station]
    for each in stations:
        forget(each.code)
    triggers.install()
    facts.station(orgs["一厂"], date(2012, 3, 1), seats=3)
    assert not Hot.objects.filter(value=3).exists()
    assert triggers._has_triggers("sample_visit")
    assert not triggers._has_triggers("sample_station")


def test_a_trigger_that_somebody_dropped_comes_back(orgs):
    run("DROP TRIGGER ledger_update ON sample_visit")
    triggers.install()
    assert triggers._has_triggers("sample_visit")


def test_a_table_that_is_not_migrated_that_far_is_left_alone(orgs, declare):
    run("ALTER TABLE sample_visit DROP COLUMN people")
    declare(flow("sample.people", "走访人数", "人", on="visited_on", value="people"))
    assert triggers.install() == []
    assert not InstalledIndicator.objects.filter(code="sample.people").exists()


def test_nothing_is_installed_before_the_ledgers_own_tables_are_there(orgs):
    run("ALTER TABLE ledger_repeat RENAME TO elsewhere")
    assert triggers.install() == []


@pytest.mark.parametrize("table", ["sample_visit", "sample_station", "ledger_delta", "ledger_hot"])
def test_truncate_is_refused(orgs, table):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    facts.station(orgs["一厂"], date(2012, 3, 1))
    run("SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL gonghui.allow_truncate = 'off'")
    with pytest.raises(IntegrityError, match="refuses TRUNCATE"), transaction.atomic():
        run(f"TRUNCATE {table} CASCADE")
    assert Visit._unscoped.count() == 1


@pytest.mark.parametrize(
    "statement", ["UPDATE ledger_delta SET value = 0", "DELETE FROM ledger_delta"]
)
def test_the_permanent_ledger_is_only_ever_added_to(orgs, statement):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    fold()
    before = Delta.objects.count()
    with pytest.raises(IntegrityError, match="only ever added"), transaction.atomic():
        run(statement)
    assert Delta.objects.count() == before > 0


def test_every_difference_names_its_moment_and_its_author(orgs):
    with facts.told(datetime(2012, 3, 5, 10, 30, tzinfo=clock.ZONE), actor=12):
        visit = facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good")
    (posted,) = Hot.objects.all()
    assert (
        posted.org,
        posted.day,
        posted.value,
        posted.subject,
        posted.record_id,
        posted.actor,
    ) == (
        orgs["一厂"].pk,
        date(2012, 3, 1),
        1,
        None,
        visit.pk,
        12,
    )
    assert posted.recorded_at == datetime(2012, 3, 5, 10, 30, tzinfo=clock.ZONE)


def test_upserts_post_what_they_did(orgs):
    kept = facts.visit(orgs["一厂"], date(2012, 3, 1), amount=10)
    again = Visit._unscoped.get(pk=kept.pk)
    again.amount = Decimal(12)
    Visit._unscoped.bulk_create(
        [again], update_conflicts=True, unique_fields=["id"], update_fields=["amount"]
    )
    assert figure("sample.visit_amount", orgs.city, YEAR).value == 12


def test_what_went_round_the_triggers_is_found_and_mended(orgs):
    facts.visit(orgs["一厂"], date(2012, 3, 1), mood="good", amount=1, subject_no=1)
    fold()
    run("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE sample_visit DISABLE TRIGGER USER")
    facts.visit(orgs["四厂"], date(2012, 3, 2), amount=Decimal("2.50"))
    run("SET CONSTRAINTS ALL IMMEDIATE; ALTER TABLE sample_visit ENABLE TRIGGER USER")
    (found,) = verify(["sample.visit_amount", "sample.good_visits"]).differing
    assert (found.code, found.org_id, found.day, found.expected, found.found) == (
        "sample.visit_amount",
        orgs["四厂"].pk,
        date(2012, 3, 2),
        250,
        0,
    )
    assert rebuild("sample.visit_amount") == 1
    assert verify().is_clean
    assert figure("sample.visit_amount", orgs.city, YEAR).value == Decimal("3.50")
    assert rebuild() == 0


def test_damaged_balances_are_found_and_remade(orgs):
    for _ in range(2):
        facts.visit(orgs["一厂"], date(2012, 3, 1), subject_no=1)
    fold()
    run(
        "UPDATE ledger_day SET value = value + 1; UPDATE ledger_month SET value = 0; DELETE FROM ledger_repeat"
    )
    found = verify(["sample.visited"]).differing
    assert {each.what for each in found} == {"日余额", "月余额", "对象1有多条记录而未登记"}
    rebuild()
    report = verify()
    assert report.is_clean
    assert report.checked > 0


def test_records_of_an_org_that_was_never_placed_are_reported(orgs):
    lost = trees.org("无主", OrgLevel.BASIC)
    facts.visit(lost, date(2012, 3, 1), mood="good")
    found = verify(["sample.good_visits"]).differing
    assert [(d.what, d.org_id) for d in found] == [("工会没有统计关系", lost.pk)]


def test_folding_some_leaves_the_rest_and_no_figure_changes(orgs):
    before = Delta.objects.count()
    facts.visits([{"org": orgs["一厂"], "visited_on": date(2012, 3, 1), "mood": "good"}] * 5)
    assert [
        fold(2),
        fold(2),
        figure("sample.good_visits", orgs.city, YEAR).value,
        fold(2),
        fold(2),
    ] == [2, 2, 5, 1, 0]
    assert Delta.objects.count() == before + 5


def test_folding_alone_empties_the_table_and_changes_no_figure(orgs):
    facts.visits([{"org": orgs["一厂"], "visited_on": date(2012, 3, 1), "mood": "good"}] * 5)
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL gonghui.allow_truncate = 'off'")
    assert fold_alone() == 5
    assert figure("sample.good_visits", orgs.city, YEAR).value == 5
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_relation_size('ledger_hot')")
        assert cursor.fetchone() == (0,)
