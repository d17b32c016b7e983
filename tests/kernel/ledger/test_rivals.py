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
  ledger_repeat, ledger_move CASCADE;
ALTER TABLE records_history ENABLE TRIGGER USER;
"""


@pytest.fixture
def city(db):
    """A city that is really committed, so that several connections see it; swept away afterwards.

    The test's own connection stays idle in a transaction and must not be used: it would lock the
    sweeping out.
    """
    yield apart(trees.small)
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


def test_readers_see_every_difference_once_whatever_is_folded_or_moved(city):
    all_there = threading.Barrier(5, timeout=60)
    is_over = threading.Event()
    reads: list[int] = []
    folds: list[int] = []

    def write() -> None:
        all_there.wait()
        for round_number in range(ROUNDS):
            day = date(2012, 1, 1) + timedelta(days=round_number % 60)
            with transaction.atomic():
                # One in each county, in two statements: a reader sees both or none.
                for name in ("一厂", "四厂"):
                    row = {"org": city[name], "visited_on": day, "mood": "good", "amount": 3}
                    (visit,) = facts.visits([{**row, "subject_no": round_number}])
                    if round_number % 3 == 0:
                        facts.alter(visit, amount=5)
                    facts.station(city[name], day, seats=2)

    def move_about() -> None:
        names = ["洪庄", "任店"]
        all_there.wait()
        for round_number in range(ROUNDS):
            if is_over.is_set():
                return
            move(
                city["一厂"],
                city[names[round_number % 2]],
                date(2012, 2, 1) + timedelta(days=round_number),
                "文",
            )

    def fold_on() -> None:
        all_there.wait()
        while not is_over.is_set():
            folds.append(fold(limit=7 if len(folds) % 2 else None))

    def read_on() -> None:
        all_there.wait()
        while not is_over.is_set():
            found = figures(
                CODES, [city.city, city["叶县"], city["郏县"], city["任店"], city["洪庄"]], Q1
            )
            told = {
                code: [
                    int(found[code, o.pk].value) for o in (city.city, city["叶县"], city["郏县"])
                ]
                for code in CODES
            }
            reads.append(told["sample.good_visits"][0])
            for code in ("sample.good_visits", "sample.visit_amount", "sample.seats"):
                whole, one, other = told[code]
                assert (one, other) == (whole / 2, whole / 2), (code, told)
            townships = [
                int(found["sample.seats", city[name].pk].value) for name in ("任店", "洪庄")
            ]
            assert sum(townships) == told["sample.seats"][1]
            assert len(set(told["sample.visited"])) == 1

    with ThreadPoolExecutor(5) as pool:
        writers = [pool.submit(alone(write)) for _ in range(2)]
        others = [pool.submit(alone(work)) for work in (move_about, fold_on, read_on)]
        try:
            for writer in writers:
                writer.result()
        finally:
            is_over.set()
        for other in others:
            other.result()

    assert folds
    assert reads == sorted(reads)

    def settle() -> None:
        fold()
        assert not Hot.objects.exists()
        found = figures(CODES, [city.city], Q1)
        told = {code: found[code, city.city.pk].value for code in CODES}
        assert told["sample.good_visits"] == 4 * ROUNDS
        assert told["sample.visited"] == ROUNDS
        assert told == {code: recount(code, city.city, Q1) for code in CODES}
        assert verify().is_clean

    apart(settle)


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
