"""Writers, a mover, a folder and readers at once, on connections of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection, transaction

from gonghui.base.periods import Period
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.models import Hot
from gonghui.kernel.ledger.seals import drift, late_entries, rederived, seal, sealed_values
from gonghui.kernel.ledger.verify import recount, verify
from gonghui.kernel.orgs.services import move
from tests.support import facts, trees

CODES = ["sample.good_visits", "sample.visit_amount", "sample.visited", "sample.seats"]
Q1 = Period.quarter(2012, 1)
ROUNDS = 40

CLEAN = """
SET LOCAL gonghui.allow_truncate = 'on';
ALTER TABLE records_history DISABLE TRIGGER USER;
TRUNCATE kernel_orgs_org, records_history, ledger_hot, ledger_delta, ledger_day, ledger_month,
  ledger_repeat, ledger_move, ledger_seal, ledger_sealed CASCADE;
ALTER TABLE records_history ENABLE TRIGGER USER;
"""


@pytest.fixture
def city(db):
    """A city that is really committed, so that several connections see it; swept away afterwards.

    The test's own connection stays idle in a transaction and must not be used: it would lock the
    sweeping out.
    """
    made = apart(trees.small)
    apart(fold)
    yield made
    apart(sweep)


@transaction.atomic
def sweep() -> None:
    with connection.cursor() as cursor:
        cursor.execute(CLEAN)


def apart(work: Callable[[], Any]) -> Any:
    """What the work returns, done on a connection of its own."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(alone(work)).result()


def alone(work: Callable[[], Any]) -> Callable[[], Any]:
    """The work of one thread, whose connection ends with it."""

    def run() -> Any:
        try:
            return work()
        finally:
            connection.close()

    return run


class Rivals:
    """Two writers, a mover, a folder and a reader, and what they have seen."""

    def __init__(self, city: trees.Tree) -> None:
        self.city = city
        self.all_there = threading.Barrier(5, timeout=60)
        self.is_over = threading.Event()
        self.reads: list[int] = []
        self.folds: list[int] = []

    def write(self) -> None:
        """One fact in each county, in several statements: a reader sees both or none."""
        self.all_there.wait()
        for number in range(ROUNDS):
            day = date(2012, 1, 1) + timedelta(days=number % 60)
            with transaction.atomic():
                for org in (self.city["一厂"], self.city["四厂"]):
                    visit = facts.visit(org, day, mood="good", amount=3, subject_no=number)
                    facts.alter(visit, amount=3 + number % 3)
                    facts.station(org, day, seats=2)

    def move_about(self) -> None:
        """一厂 goes to and fro inside its county."""
        self.all_there.wait()
        for number in range(ROUNDS):
            if not self.is_over.is_set():
                to = self.city[("洪庄", "任店")[number % 2]]
                move(self.city["一厂"], to, date(2012, 2, 1) + timedelta(days=number), "文")

    def fold_on(self) -> None:
        """Now some, now all."""
        self.all_there.wait()
        while not self.is_over.is_set():
            self.folds.append(fold(limit=7 if len(self.folds) % 2 else None))

    def read_on(self) -> None:
        """The counties are always level, their townships always add up."""
        self.all_there.wait()
        names = ("市总", "叶县", "郏县", "任店", "洪庄")
        while not self.is_over.is_set():
            found = figures(CODES, [self.city[name] for name in names], Q1)
            told = {key: int(each.value) for key, each in found.items()}
            for code in CODES:
                whole, one, other, *parts = (told[code, self.city[name].pk] for name in names)
                if code == "sample.visited":
                    assert whole == one == other
                else:
                    assert (one, other, sum(parts)) == (whole / 2, whole / 2, one), (code, told)
            self.reads.append(told["sample.good_visits", self.city.city.pk])

    def settle(self) -> None:
        """Afterwards everything is there once."""
        fold()
        assert not Hot.objects.exists()
        found = figures(CODES, [self.city.city], Q1)
        told = {code: found[code, self.city.city.pk].value for code in CODES}
        assert told["sample.good_visits"] == 4 * ROUNDS
        assert told["sample.visited"] == ROUNDS
        assert told == {code: recount(code, self.city.city, Q1) for code in CODES}
        assert verify().is_clean


def test_readers_see_every_difference_once_whatever_is_folded_or_moved(city):
    rivals = Rivals(city)
    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(alone(rivals.write)) for _ in range(2)]
        works = (rivals.move_about, rivals.fold_on, rivals.read_on)
        others = [pool.submit(alone(work)) for work in works]
        try:
            for writer in writers:
                writer.result()
        finally:
            rivals.is_over.set()
        for other in others:
            other.result()
    assert rivals.folds
    assert rivals.reads == sorted(rivals.reads)
    apart(rivals.settle)


def test_a_writer_that_waits_is_counted_when_it_commits_and_a_broken_fold_leaves_no_trace(city):
    written, may_end = threading.Event(), threading.Event()

    def write_slowly() -> None:
        with transaction.atomic():
            facts.visit(city["一厂"], date(2012, 1, 5), mood="good")
            written.set()
            may_end.wait(timeout=30)

    def told() -> int:
        return int(figures(CODES[:1], [city.city], Q1)[CODES[0], city.city.pk].value)

    def fold_beside_it() -> None:
        assert written.wait(timeout=30)
        with transaction.atomic():
            assert fold() == 1
            transaction.set_rollback(True)
        assert Hot.objects.count() == 1
        assert fold() == 1
        assert told() == 1

    def settle() -> None:
        assert told() == 2
        assert fold() == 1
        assert verify().is_clean

    apart(lambda: facts.visit(city["四厂"], date(2012, 1, 5), mood="good"))
    with ThreadPoolExecutor(1) as pool:
        slow = pool.submit(alone(write_slowly))
        try:
            apart(fold_beside_it)
        finally:
            may_end.set()
        slow.result()
    apart(settle)


def test_what_is_written_while_a_period_is_sealed_is_sealed_or_late_and_never_both(city):
    amount = "sample.visit_amount"
    writing = threading.Event()
    made = []

    def write() -> None:
        for number in range(3 * ROUNDS):
            with transaction.atomic():
                facts.visit(city["一厂"], date(2012, 1, 5), amount=1, subject_no=number)
                facts.visit(city["四厂"], date(2012, 1, 5), amount=2, subject_no=number)
            writing.set()

    def seal_now() -> None:
        made.append(seal(city.city, Q1, CODES))

    def hold_together() -> None:
        for each in made:
            sealed = sealed_values(each, [amount], [city.city]).get((amount, city.city.pk), 0)
            late = sum(e.value for e in late_entries(each) if e.code == amount)
            assert sealed + late == 2 * 9 * ROUNDS
            assert sealed % 3 == 0
            assert rederived(each) == []
            assert bool(drift(each)) == bool(late)

    with ThreadPoolExecutor(3) as pool:
        writers = [pool.submit(alone(write)) for _ in range(2)]
        assert writing.wait(timeout=30)
        while not all(writer.done() for writer in writers):
            apart(seal_now)
            apart(lambda: fold(limit=11))
        for writer in writers:
            writer.result()
    apart(seal_now)
    assert len(made) > 2
    apart(hold_together)
