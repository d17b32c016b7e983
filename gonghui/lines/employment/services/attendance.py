"""Who came to which half-day of a session, noted for a whole class at once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change_many
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.models.training import AttendMethod
from gonghui.lines.employment.services.training import CLOSED, days_of, half_days

OPEN = ("running", "exam")
SHOWN = (*OPEN, *CLOSED)
HALVES = {"am": "上午", "pm": "下午"}
_AFTERNOON = 13


def learners_of(session: TrainingSession) -> Any:
    """Those who learn in a session, in the order of its list."""
    rows = Enrolment.objects.filter(session=session, is_dropped=False, voided_at=None)
    return rows.order_by("class_label", "pk")


def halves_so_far(session: TrainingSession) -> list[str]:
    """The half-days that may be noted: all begun until now, days off too, because some teach then."""
    today = clock.today()
    return [
        f"{day.isoformat()} {half}" for day in days_of(session) if day <= today for half in HALVES
    ]


def present_at(rows: Sequence[Enrolment]) -> Counter[str]:
    """How many came to each half-day."""
    return Counter(mark for row in rows for mark in row.checkins)


def unnoted(session: TrainingSession, present: Counter[str]) -> list[str]:
    """The half-days that were taught and for which nobody is noted yet."""
    today = clock.today().isoformat()
    return [mark for mark in half_days(session) if mark[:10] <= today and not present[mark]]


def next_half(session: TrainingSession, present: Counter[str]) -> str:
    """The half-day that is to be noted next: today's, otherwise the first that nobody has noted."""
    halves = halves_so_far(session)
    now = clock.now()
    at = f"{now.date().isoformat()} {'am' if now.hour < _AFTERNOON else 'pm'}"
    if at in halves:
        return at
    missing = unnoted(session, present)
    return missing[0] if missing else (halves[-1] if halves else "")


def said(mark: str) -> str:
    """A half-day in words."""
    day = date.fromisoformat(mark[:10])
    return f"{day.month}月{day.day}日（周{'一二三四五六日'[day.weekday()]}）{HALVES[mark[11:]]}"


def note_half(
    session: TrainingSession,
    mark: str,
    shown: Collection[int],
    came: Collection[int],
    *,
    by: Actor,
    method: AttendMethod = AttendMethod.FACE,
) -> int:
    """Of the learners shown those came to a half-day and the others did not; how many were changed.

    Learners that the list did not show stay as they are, so that two may note two classes at once.
    """
    if session.state not in OPEN:
        raise Conflict(f"《{session}》开班以后、结班以前才能登记签到。")
    if mark not in halves_so_far(session):
        raise DomainError("签到的半天须在培训期间，并且已经开始。", field="checkins")
    with transaction.atomic():
        with acting(SYSTEM):
            rows = learners_of(session).filter(pk__in=shown).select_for_update(of=("self",))
            found = list(rows)
        pairs = []
        for row in found:
            marks = {*row.checkins, mark} if row.pk in came else {*row.checkins} - {mark}
            if marks == set(row.checkins):
                continue
            values: dict[str, Any] = {"checkins": sorted(marks)}
            if not row.attend_method:
                values["attend_method"] = method
            if not marks:
                # Hours follow from the half-days; without any there are none.
                values["hours_present"] = Decimal(0)
            pairs.append((row, values))
        return len(must(change_many(pairs, by=by)))


def note_scores(
    session: TrainingSession, scores: Mapping[int, Decimal | None], *, by: Actor
) -> int:
    """The scores of the learners shown, empty where none was given yet; how many were changed."""
    with transaction.atomic():
        found = learners_of(session).filter(pk__in=scores)
        pairs = [
            (row, {"exam_score": scores[row.pk]})
            for row in found
            if row.exam_score != scores[row.pk]
        ]
        return len(must(change_many(pairs, by=by)))
