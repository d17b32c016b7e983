"""Lectures: the time as typed, a second host of the same one, the sheet of a whole season."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db import transaction

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.write import create_many, perform_many
from gonghui.lines.women.models import WomenLecture

_TIME = re.compile(r"^(\d{1,2})[:：](\d{2})(?:[:：]\d{2})?$")
_RESULT = ("attendance", "women_cadres", "evidence")


def time_of(text: str) -> str:
    """A time as people and sheets write it (9：30, 09:30:00) in one form; others stay as they are."""
    found = _TIME.match(text.strip())
    return f"{int(found[1]):02d}:{found[2]}" if found else text.strip()


def derive(lecture: WomenLecture) -> None:
    """The time in one form."""
    lecture.start_at = time_of(lecture.start_at)


def second_hosts(rows: list[WomenLecture]) -> dict[int, DomainError]:
    """Lectures that another host has recorded for the same day and place, by position."""
    known = _of_days({row.held_on for row in rows if row.held_on})
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        same_day = [*known.get(row.held_on, ()), *(r for r in rows[:position] if not r.pk)]
        if row.state != "cancelled" and not row.other_session:
            other = next((each for each in same_day if _is_same(row, each)), None)
            if other is not None:
                errors[position] = Conflict(
                    f"{other.org}已登记同日同地的讲座“{other}”。如是同一场，请不要重复登记，"
                    "由其填写联合主办单位；确为另一场的，请填写“确为另一场的说明”。",
                    field="other_session",
                    code="second_host",
                )
    return errors


def _of_days(days: Iterable[date]) -> dict[date, list[WomenLecture]]:
    found: dict[date, list[WomenLecture]] = defaultdict(list)
    with acting(SYSTEM):
        rows = WomenLecture.objects.filter(held_on__in=set(days), voided_at=None)
        for row in rows.exclude(state="cancelled").select_related("org").order_by("pk"):
            found[row.held_on].append(row)
    return found


def _is_same(row: WomenLecture, other: WomenLecture) -> bool:
    """Whether two records of different hosts may be one lecture."""
    if other.org_id == row.org_id or other.held_on != row.held_on or other.other_session:
        return False
    if row.employer_id is not None:
        return bool(row.employer_id == other.employer_id)
    return bool(row.place.strip() and row.place.strip() == other.place.strip())


def check_took_place(lecture: WomenLecture) -> None:
    """A lecture is held on its day, with heads counted and shown."""
    if lecture.held_on > clock.today():
        raise DomainError(f"讲座{lecture.held_on}才举办，不能提前登记。", field="held_on")
    if not lecture.attendance:
        raise DomainError("请填写到场人数。", field="attendance")
    if not lecture.evidence:
        raise DomainError("请选择人数佐证，并上传签到表或证明。", field="evidence")


def write_sheet(rows: Sequence[Mapping[str, Any]], by: Actor, org: Org) -> list[Outcome]:
    """Write lectures that were held, one a row; rows that are recorded already change nothing."""
    given = [_with_host(row, org) for row in rows]
    known = {key: Outcome(record=lecture) for key, lecture in _recorded(given).items()}
    new: dict[tuple[int, date, str, str], Mapping[str, Any]] = {}
    for row in given:
        if _key(row) not in known:
            new.setdefault(_key(row), row)
    known |= zip(new, _held(list(new.values()), by), strict=True)
    return [known[_key(row)] for row in given]


def _held(rows: Sequence[Mapping[str, Any]], by: Actor) -> list[Outcome]:
    """The lectures of rows as held; nothing is left of a row of which a step is refused."""
    outcomes: dict[int, Outcome] = {}
    while left := [index for index in range(len(rows)) if index not in outcomes]:
        with transaction.atomic():
            found = dict(zip(left, _planned_and_held([rows[i] for i in left], by), strict=True))
            refused = {index: each for index, each in found.items() if each.error is not None}
            # A lecture that was planned and then refused goes with the set; the others are written again.
            transaction.set_rollback(bool(refused))
        outcomes |= refused or found
    return [outcomes[index] for index in range(len(rows))]


def _planned_and_held(rows: Sequence[Mapping[str, Any]], by: Actor) -> list[Outcome]:
    plans = [{name: row[name] for name in row if name not in _RESULT} for row in rows]
    outcomes = create_many(WomenLecture, plans, by=by)
    made = [index for index, outcome in enumerate(outcomes) if outcome.error is None]
    results = [{name: rows[i][name] for name in _RESULT if name in rows[i]} for i in made]
    held = perform_many([outcomes[i].record for i in made], "hold", by=by, each=results)
    for index, outcome in zip(made, held, strict=True):
        outcomes[index] = outcome
    return outcomes


def _with_host(row: Mapping[str, Any], org: Org) -> dict[str, Any]:
    values = {name: value for name, value in row.items() if value not in (None, "")}
    values.setdefault("org", org)
    values["start_at"] = time_of(str(values.get("start_at", "")))
    return values


def _key(row: Mapping[str, Any]) -> tuple[int, date, str, str]:
    return (row["org"].pk, row["held_on"], row["start_at"], row["title"])


def _recorded(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, date, str, str], WomenLecture]:
    with acting(SYSTEM):
        found = WomenLecture.objects.filter(
            held_on__in={row["held_on"] for row in rows}, voided_at=None
        )
        return {(row.org_id, row.held_on, row.start_at, row.title): row for row in found}
