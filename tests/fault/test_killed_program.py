"""`kill -9` of the program while it approves, writes and folds."""

from __future__ import annotations

import itertools
import random
import time
from collections import Counter
from typing import Any

import pytest
from django.db import connection

from gonghui.kernel.ledger.fold import fold
from tests.fault import city
from tests.fault.processes import Nursery, Say, die_around_commit, die_at, die_within

pytestmark = pytest.mark.fault

ROSTER = 300


def approve_and_die_at(say: Say, statement: int) -> None:
    with connection.execute_wrapper(die_at(statement)):
        say(city.approve("名册"))


def approve_and_die_around_commit(say: Say, after: bool) -> None:
    connection.ensure_connection()
    die_around_commit(after=after)
    say(city.approve("名册"))


def approve_and_die_within(say: Say, seconds: float) -> None:
    die_within(seconds)
    say(city.approve("名册"))


def fold_on(say: Say) -> None:
    """Now some, now all, until killed."""
    for limit in itertools.cycle((7, None)):
        say(fold(limit))


def write_on(say: Say, name: str, upto: int) -> None:
    """One visit after the other; each is announced before and acknowledged after it is stored."""
    for number in range(upto):
        title = f"{name}-{number}"
        say(("tried", title))
        city.write_one(title, number)
        say(("done", title))


def cost_of_an_approval() -> tuple[int, float]:
    """How many statements and seconds it takes to confirm one roster."""
    met = itertools.count()

    def count(execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        next(met)
        return execute(sql, params, many, context)

    city.hand_in("试数", ROSTER)
    begun = time.monotonic()
    with connection.execute_wrapper(count):
        city.approve("试数")
    return next(met), time.monotonic() - begun


def titles(said: list[tuple[str, str]], what: str) -> set[str]:
    return {title for word, title in said if word == what}


def test_an_approval_killed_at_any_statement_has_not_happened(nursery: Nursery) -> None:
    steps, _ = nursery.ask(cost_of_an_approval)
    assert steps > 5
    nursery.ask(city.hand_in, "名册", ROSTER)
    for statement in range(steps):
        assert nursery.start(approve_and_die_at, statement).last_words() == []
    assert nursery.start(approve_and_die_around_commit, False).last_words() == []
    found = nursery.ask(city.look)
    assert found.troubles == []
    assert found.of("名册") == Counter(review=ROSTER)
    # Stored, but whoever asked for it was not told: asking again finds nothing left to do.
    assert nursery.start(approve_and_die_around_commit, True).last_words() == []
    assert nursery.ask(city.approve, "名册") == 0
    found = nursery.ask(city.settle)
    assert found.troubles == []
    assert found.of("名册") == Counter(confirmed=ROSTER)
    assert nursery.ask(city.counted)["sample.visits"] == 2 * ROSTER


def test_an_approval_killed_at_random_has_happened_wholly_or_not_at_all(nursery: Nursery) -> None:
    chance = random.Random(2012)
    _, seconds = nursery.ask(cost_of_an_approval)
    nursery.ask(city.hand_in, "名册", ROSTER)
    states = Counter(review=ROSTER)
    for _ in range(6):
        if states == Counter(confirmed=ROSTER):
            break
        child = nursery.start(approve_and_die_within, chance.uniform(0, seconds))
        acknowledged = child.whatever_came()
        found = nursery.ask(city.look)
        states = found.of("名册")
        assert found.troubles == []
        assert states in (Counter(review=ROSTER), Counter(confirmed=ROSTER))
        assert states == Counter(confirmed=ROSTER) or acknowledged == []
    nursery.ask(city.approve, "名册")
    found = nursery.ask(city.settle)
    assert found.troubles == []
    assert found.of("名册") == Counter(confirmed=ROSTER)
    assert found.fresh == 0
    assert nursery.ask(city.counted)["sample.visits"] == 2 * ROSTER


def test_writers_and_a_folder_killed_at_random_lose_nothing_that_was_acknowledged(
    nursery: Nursery,
) -> None:
    chance = random.Random(405)
    killed_writers: list[list[tuple[str, str]]] = []
    steady = [nursery.start(write_on, f"稳{n}", 60) for n in range(2)]
    for round_ in range(4):
        folder = nursery.start(fold_on)
        writers = [nursery.start(write_on, f"甲{round_}{n}", 1000) for n in range(2)]
        wanted = chance.randint(4, 16)
        folder.wait_until(lambda heard, wanted=wanted: len(heard) >= wanted)
        folder.kill()
        writers[0].wait_until(lambda heard, wanted=wanted: len(heard) >= wanted)
        killed_writers += [writer.kill() for writer in writers]
        assert nursery.ask(city.look).troubles == []
    said = [word for heard in killed_writers for word in heard]
    said += [word for writer in steady for word in writer.result()]
    found = nursery.ask(city.settle)
    assert found.troubles == []
    assert titles(said, "done") <= set(found.states) <= titles(said, "tried")
    assert len(titles(said, "tried")) - len(titles(said, "done")) <= len(killed_writers)
    assert set(found.states.values()) == {"review"}
    assert found.fresh == 0


def test_a_fold_killed_at_any_statement_has_changed_no_figure(nursery: Nursery) -> None:
    nursery.ask(city.hand_in, "名册", 40)
    nursery.ask(city.approve, "名册")
    before = nursery.ask(city.counted)
    assert before["sample.visits"] == 40
    waiting = nursery.ask(city.look).fresh
    for statement in range(2):
        assert nursery.start(fold_and_die_at, statement).last_words() == []
    assert nursery.start(fold_and_die_around_commit, False).last_words() == []
    found = nursery.ask(city.look)
    assert (found.troubles, found.fresh) == ([], waiting)
    assert nursery.ask(city.counted) == before
    assert nursery.start(fold_and_die_around_commit, True).last_words() == []
    found = nursery.ask(city.look)
    assert (found.troubles, found.fresh) == ([], 0)
    assert nursery.ask(city.counted) == before


def fold_and_die_at(say: Say, statement: int) -> None:
    with connection.execute_wrapper(die_at(statement)):
        say(fold())


def fold_and_die_around_commit(say: Say, after: bool) -> None:
    connection.ensure_connection()
    die_around_commit(after=after)
    say(fold())
