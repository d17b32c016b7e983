"""What pages of the line show beside a record's fields."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from gonghui.kernel.registers.declare import Register
from gonghui.kernel.registers.permission import may
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.employment.models import Enrolment
from gonghui.lines.employment.services import attendance, loan_clocks, repaying
from gonghui.web.panels import Panel
from gonghui.web.requests import actor_of_request


def clocks(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """The schedule, what being late has cost, and the days that run out."""
    running = loan_clocks.clocks_of(record)
    installments = repaying.installments_of(record)
    if not running and not installments:
        return None
    context = {
        "clocks": running,
        "installments": installments,
        "penalty": repaying.penalty_due(record) if installments else None,
    }
    return Panel(title="还款与期限", template="employment/_loan.html", context=context)


def attended(request: HttpRequest, register: Register, record: Any) -> Panel | None:
    """What is still to be noted of a session that was begun, and where a whole class is noted at once."""
    if record.state not in attendance.SHOWN or record.voided_at is not None:
        return None
    learners = list(attendance.learners_of(record))
    present = attendance.present_at(learners)
    is_open = record.state in attendance.OPEN
    noting = is_open and may(
        actor_of_request(request), "change", register_of(Enrolment), record.org_id
    )
    context = {
        "heads": len(learners),
        "noted": len(present),
        "missing": [attendance.said(mark) for mark in attendance.unnoted(record, present)]
        if is_open
        else [],
        "unscored": sum(row.exam_score is None for row in learners) if record.is_examined else 0,
        "attendance_href": reverse("employment:attendance", args=[record.pk]) if noting else "",
        "scores_href": reverse("employment:scores", args=[record.pk]) if noting else "",
    }
    return Panel(title="签到和成绩", template="employment/_attendance.html", context=context)
