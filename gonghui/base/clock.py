"""The only clock of the program; tests and the demonstration loader can set it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

ZONE = ZoneInfo("Asia/Shanghai")
_set: ContextVar[datetime | None] = ContextVar("clock", default=None)
# The demonstration city lives in 2012: its programs run this far from the real time.
_shift = timedelta(seconds=int(os.environ.get("GONGHUI_CLOCK_SHIFT", "0")))


def now() -> datetime:
    """The present moment, aware, in Asia/Shanghai."""
    return _set.get() or datetime.now(ZONE) + _shift


def today() -> date:
    """The present day in Asia/Shanghai."""
    return now().date()


def is_set() -> bool:
    """Whether somebody has set the clock."""
    return _set.get() is not None


def start_of(day: date) -> datetime:
    """The first moment of a day."""
    return datetime.combine(day, time.min, ZONE)


def end_of(day: date) -> datetime:
    """The first moment after a day: everything recorded before it belongs to that day."""
    return start_of(day + timedelta(days=1))


@contextmanager
def at(moment: datetime | date) -> Iterator[datetime]:
    """Let the clock stand at a moment (a date means 09:00 of that day)."""
    if not isinstance(moment, datetime):
        moment = datetime.combine(moment, time(9), ZONE)
    token = _set.set(moment if moment.tzinfo else moment.replace(tzinfo=ZONE))
    try:
        yield now()
    finally:
        _set.reset(token)


def shift_to(moment: datetime) -> timedelta:
    """How far the clock of a program must be shifted to begin at a moment."""
    return moment - datetime.now(ZONE)
