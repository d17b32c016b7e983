"""Two processes that want the same record at once: one gets it."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from gonghui.base.errors import Conflict
from gonghui.config import postgres_process as system
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.records.models import History
from gonghui.kernel.registers.write import perform
from tests.fault import city
from tests.fault.processes import PATIENCE, Nursery, Say
from tests.support.sample.models import Visit

pytestmark = pytest.mark.fault

ROUNDS = 30
_WAITING = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


def confirm_all(say: Say, username: str, start: Any) -> None:
    """Confirm one visit after the other, each at the same moment as the rival; say what came of it."""
    actor = city.actor(username)
    for visit in unscoped(Visit).order_by("pk"):
        start.wait(PATIENCE)
        try:
            perform(visit, "confirm", by=actor)
        except Conflict as refused:
            say(refused.message)
        else:
            say("done")


def confirm_slowly(say: Say, has_locked: Any, may_go_on: Any) -> None:
    """Stop before the first row is written, with the record in hand."""

    def stop(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        if sql.startswith('UPDATE "sample_visit"'):
            has_locked.set()
            assert may_go_on.wait(PATIENCE)
        return execute(sql, params, many, context)

    visit = unscoped(Visit).get()
    with connection.execute_wrapper(stop):
        perform(visit, "confirm", by=city.actor("county"))
    say("done")


def confirm_once(say: Say) -> None:
    try:
        perform(unscoped(Visit).get(), "confirm", by=city.actor("rival"))
    except Conflict as refused:
        say(refused.message)


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        return bool(cursor.fetchone()[0])


def wait_for_a_waiting_rival() -> bool:
    return system.wait_for(somebody_waits, PATIENCE)


def confirmations() -> Counter[int]:
    """How often each visit was confirmed, by the history."""
    return Counter(
        History.objects.filter(verb="perform:confirm").values_list("record_id", flat=True)
    )


LATE = "该记录现为“已确认”，不能“确认”；可能刚由他人办理，请刷新后再看。"


def test_of_two_rivals_at_the_same_moment_exactly_one_wins(nursery: Nursery) -> None:
    nursery.ask(city.hand_in, "争", ROUNDS)
    start = multiprocessing.get_context("fork").Barrier(2)
    rivals = [nursery.start(confirm_all, name, start) for name in ("county", "rival")]
    said = [rival.result() for rival in rivals]
    assert [sorted(pair) for pair in zip(*said, strict=True)] == [["done", LATE]] * ROUNDS
    found = nursery.ask(city.settle)
    assert found.troubles == []
    assert found.of("争") == Counter(confirmed=ROUNDS)
    assert sorted(nursery.ask(confirmations).values()) == [1] * ROUNDS
    assert nursery.ask(city.counted)["sample.visits"] == ROUNDS


def test_a_rival_who_comes_while_the_first_holds_the_record_waits_and_loses(
    nursery: Nursery,
) -> None:
    nursery.ask(city.hand_in, "争", 1)
    fork = multiprocessing.get_context("fork")
    has_locked, may_go_on = fork.Event(), fork.Event()
    first = nursery.start(confirm_slowly, has_locked, may_go_on)
    assert has_locked.wait(PATIENCE)
    second = nursery.start(confirm_once)
    assert nursery.ask(wait_for_a_waiting_rival)
    assert second.heard() == []
    may_go_on.set()
    assert first.result() == ["done"]
    assert second.result() == [LATE]
    assert nursery.ask(city.counted)["sample.visits"] == 1
    assert nursery.ask(city.look).troubles == []


def test_the_second_wins_when_the_first_is_killed_with_the_record_in_hand(
    nursery: Nursery,
) -> None:
    nursery.ask(city.hand_in, "争", 1)
    fork = multiprocessing.get_context("fork")
    has_locked, may_go_on = fork.Event(), fork.Event()
    first = nursery.start(confirm_slowly, has_locked, may_go_on)
    assert has_locked.wait(PATIENCE)
    second = nursery.start(confirm_once)
    assert nursery.ask(wait_for_a_waiting_rival)
    assert first.kill() == []
    assert second.result() == []
    found = nursery.ask(city.look)
    assert found.troubles == []
    assert found.of("争") == Counter(confirmed=1)
