"""A whole class on one screen: who came to a half-day, and who got which score."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.models.training import AttendMethod
from gonghui.lines.employment.services import attendance as service
from gonghui.web.columns import record_url
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

_UNLABELLED = "-"
_SCORE = re.compile(r"\d{1,3}(\.\d)?")
_HIGHEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A learner on the screen."""

    pk: int
    name: str
    about: str
    is_present: bool = False
    score: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """A session with the class that is shown."""

    session: TrainingSession
    learners: list[Enrolment]
    shown: list[Enrolment]
    label: str
    tabs: list[tuple[str, str, int, bool]]


def _session(request: HttpRequest, pk: int) -> tuple[Actor, TrainingSession]:
    """A session whose list the reader may write; names are in clear for him."""
    actor = actor_of_request(request)
    session: TrainingSession = record_or_404(register_of(TrainingSession), pk, actor)
    require(actor, "change", register_of(Enrolment), session.org_id)
    return actor, session


def _room(request: HttpRequest, session: TrainingSession) -> Room:
    """The class that the address names, all of them without one."""
    learners = list(service.learners_of(session).select_related("person", "employer"))
    sizes = Counter(row.class_label or _UNLABELLED for row in learners)
    label = request.GET.get("class", "")
    label = label if label in sizes else ""
    shown = [row for row in learners if not label or (row.class_label or _UNLABELLED) == label]
    tabs = []
    if len(sizes) > 1:
        places = [("全部", "", len(learners))]
        places += [(_named(name), name, size) for name, size in sizes.items()]
        tabs = [(text, _here(request, name), size, name == label) for text, name, size in places]
    return Room(session=session, learners=learners, shown=shown, label=label, tabs=tabs)


def _named(label: str) -> str:
    return "未分班" if label == _UNLABELLED else label


def _here(request: HttpRequest, label: str) -> str:
    query = request.GET.copy()
    query["class"] = label
    return f"?{query.urlencode()}"


def _about(row: Enrolment, label: str) -> str:
    """What tells two learners of one name apart."""
    parts = [] if label else [row.class_label]
    parts.append(str(row.employer) if row.employer is not None else row.get_category_display())
    return "　".join(filter(None, parts))


def _ids(request: HttpRequest, name: str) -> set[int]:
    return {int(pk) for pk in request.POST.getlist(name) if pk.isdecimal() and len(pk) < 19}


def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """Ticks who came to a half-day."""
    actor, session = _session(request, pk)
    room = _room(request, session)
    present = service.present_at(room.learners)
    halves = service.halves_so_far(session)
    half = request.GET.get("half", "")
    if half not in halves and request.method != "POST":
        half = service.next_half(session, present)
    errors: list[str] = []
    came = {row.pk for row in room.shown if half in row.checkins}
    if request.method == "POST":
        came = _ids(request, "came")
        method = AttendMethod.PAPER if request.POST.get("method") == "paper" else AttendMethod.FACE
        try:
            shown = _ids(request, "shown")
            service.note_half(session, half, shown, came, by=actor, method=method)
        except DomainError as error:
            errors.append(error.message)
        else:
            there = len(came & shown)
            messages.success(
                request, f"已登记{service.said(half)}签到：应到{len(shown)}人，实到{there}人。"
            )
            return redirect(request.get_full_path())
    context = _context(room) | {
        "half": half,
        "said": service.said(half) if half in halves else "",
        "halves": [
            (mark, f"{service.said(mark)}　已到{present[mark]}人") for mark in reversed(halves)
        ],
        "missing": [
            (service.said(mark), _of_half(request, mark))
            for mark in service.unnoted(session, present)
        ],
        "lines": [
            Line(
                pk=row.pk,
                name=row.person.name,
                about=_about(row, room.label) + _typed(row),
                is_present=row.pk in came,
            )
            for row in room.shown
        ],
        "is_open": session.state in service.OPEN and half in halves,
        "errors": errors,
        "other": ("登记成绩", reverse("employment:scores", args=[session.pk])),
    }
    return render(request, "employment/attendance.html", context)


def _typed(row: Enrolment) -> str:
    """Hours that were typed from a sheet are replaced by those of the half-days."""
    return f"　已填{row.hours_present}学时" if row.hours_present and not row.checkins else ""


def _of_half(request: HttpRequest, mark: str) -> str:
    query = request.GET.copy()
    query["half"] = mark
    return f"?{query.urlencode()}"


def scores(request: HttpRequest, pk: int) -> HttpResponse:
    """Takes the scores of a class."""
    actor, session = _session(request, pk)
    room = _room(request, session)
    errors: list[str] = []
    given = {
        row.pk: "" if row.exam_score is None else f"{row.exam_score.normalize():f}"
        for row in room.shown
    }
    if request.method == "POST":
        given = {pk: request.POST.get(f"score_{pk}", text).strip() for pk, text in given.items()}
        names = {row.pk: row.person.name for row in room.shown}
        typed = {pk: _score(text, names[pk], errors) for pk, text in given.items()}
        if not errors and _save(request, session, typed, actor, errors):
            return redirect(request.get_full_path())
    context = _context(room) | {
        "lines": [
            Line(
                pk=row.pk,
                name=row.person.name,
                about=f"{_about(row, room.label)}　出勤{row.attend_rate:.0%}",
                score=given[row.pk],
            )
            for row in room.shown
        ],
        "is_open": session.state in service.OPEN,
        "errors": errors,
        "other": ("登记签到", reverse("employment:attendance", args=[session.pk])),
    }
    return render(request, "employment/scores.html", context)


def _score(text: str, name: str, errors: list[str]) -> Decimal | None:
    """A score out of a hundred, or nothing; what is no such number is said."""
    if not text:
        return None
    if _SCORE.fullmatch(text) and Decimal(text) <= _HIGHEST:
        return Decimal(text)
    errors.append(f"{name}的成绩“{text}”须是0到100之间的数，最多一位小数。")
    return None


def _save(
    request: HttpRequest,
    session: TrainingSession,
    typed: dict[int, Decimal | None],
    actor: Actor,
    errors: list[str],
) -> bool:
    try:
        changed = service.note_scores(session, typed, by=actor)
    except DomainError as error:
        errors.append(error.message)
        return False
    messages.success(request, f"已保存{changed}人的成绩。" if changed else "成绩没有变化。")
    return True


def _context(room: Room) -> dict[str, Any]:
    return {
        "session": room.session,
        "back": record_url(register_of(TrainingSession), room.session),
        "tabs": room.tabs,
        "label": room.label,
    }
