"""Sessions and learners for tests, made through the verbs."""

from __future__ import annotations

from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import change_many, create, create_many, perform
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.services.training import half_days
from tests.lines.members.making import person

EARLY = date(2012, 2, 1)
LATE = date(2012, 8, 15)


def session(org, start=date(2012, 3, 5), end=date(2012, 3, 9), **values):
    """A session that takes learners."""
    made = create(
        TrainingSession,
        by=SYSTEM,
        **{
            "org": org,
            "title": "电工技能培训班",
            "kind": "skill",
            "occupation": "电工",
            "level": "five",
            "mode": "offline",
            "start_on": start,
            "end_on": end,
            "hours": 40,
            "plan_count": 60,
            **values,
        },
    )
    with clock.at(EARLY):
        return perform(made, "announce", by=SYSTEM)


def enrol(training, people, **values):
    """One enrolment a person."""
    rows = [
        {"session": training, "person": each, "category": "laid_off", **values} for each in people
    ]
    outcomes = create_many(Enrolment, rows, by=SYSTEM)
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.record for outcome in outcomes]


def mark(training, rows, halves=None, score=80):
    """Learners were there on some half-days (all without) and got a score."""
    with acting(SYSTEM):
        noted = half_days(training) if halves is None else halves
    outcomes = change_many(
        [(row, {"checkins": noted, "exam_score": score}) for row in rows], by=SYSTEM
    )
    assert [outcome.error for outcome in outcomes] == [None] * len(outcomes)
    return [outcome.record for outcome in outcomes]


def close(training):
    """The rest of a session's way."""
    for action in ("start", "finish", "close"):
        training = perform(training, action, by=SYSTEM)
    return training


def held(org, people, **values):
    """A session that some persons completed; its enrolments."""
    made = session(org, **values)
    rows = mark(made, enrol(made, people))
    close(made)
    return [Enrolment._unscoped.get(pk=row.pk) for row in rows]


def people_of(org, count):
    """Some persons."""
    return [person(org, f"示例{n}") for n in range(count)]
