"""Who may learn where, how long he was there, and when a session may be closed."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Any

from django.db.models import Count, Q

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import add_months
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.permission import by_rule, is_by_rule
from gonghui.kernel.registers.stored import altered
from gonghui.kernel.registers.write import change_many
from gonghui.kernel.workflow.deadlines import calendar
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.models.training import EnrolmentResult, TrainingMode

CLOSED = ("closed", "settled")
# What an enrolment's result follows from.
_DECIDES = ("session", "person", "checkins", "hours_present", "exam_score", "is_dropped")
_LONGEST = 366
_DAY = timedelta(days=1)
_TENTH, _RATE = Decimal("0.1"), Decimal("0.0001")


def days_of(session: TrainingSession) -> list[date]:
    """All days of a session, in order."""
    return [
        session.start_on + number * _DAY
        for number in range((session.end_on - session.start_on).days + 1)
    ]


def teaching_days(session: TrainingSession) -> list[date]:
    """The days on which a session is held: working days, or all where it has none."""
    days = days_of(session)
    return [day for day in days if calendar().is_working_day(day)] or days


def half_days(session: TrainingSession) -> list[str]:
    """The half-days on which a session is held, as they are noted among check-ins."""
    return [f"{day.isoformat()} {half}" for day in teaching_days(session) for half in ("am", "pm")]


def hours_for(session: TrainingSession, checkins: Iterable[str]) -> Decimal:
    """The share of half-days attended, rounded down to a tenth; a day off that was taught fills a gap."""
    share = min(Decimal(1), Decimal(len(set(checkins))) / len(half_days(session)))
    return (Decimal(session.hours) * share).quantize(_TENTH, ROUND_DOWN)


def take_seats(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """Whoever enrols waits for his session and for himself, so that nobody takes a seat or a subsidy twice."""
    sessions = {
        session.pk: session
        for session in TrainingSession.objects.filter(
            pk__in={row.session_id for row in rows.values()}
        )
        .order_by("pk")
        .select_for_update(no_key=True)
    }
    persons = Person.objects.filter(pk__in={row.person_id for row in rows.values()})
    list(persons.order_by("pk").select_for_update(no_key=True).values_list("pk"))
    taken: dict[int, int] = dict(
        Enrolment.objects.filter(session_id__in=sessions, is_dropped=False, voided_at=None)
        .order_by()
        .values_list("session_id")
        .annotate(count=Count("id"))
    )
    errors: dict[int, DomainError] = {}
    for position, row in rows.items():
        session = sessions.get(row.session_id)
        if session is None:
            continue
        row.enrolled_on = row.enrolled_on or clock.today()
        taken[session.pk] = taken.get(session.pk, 0) + 1
        if session.state in (*CLOSED, "cancelled"):
            label = "已取消" if session.state == "cancelled" else "已结班"
            errors[position] = Conflict(f"《{session}》{label}，不能再报名。", field="session")
        elif taken[session.pk] > session.plan_count:
            errors[position] = Conflict(
                f"《{session}》计划{session.plan_count}人，已报满。", field="session", code="full"
            )
    return errors


def derive(rows: list[Enrolment]) -> None:
    """Copy what the session and the person tell; hours, rate and result follow."""
    with acting(SYSTEM):
        sessions = TrainingSession.objects.in_bulk({row.session_id for row in rows})
        persons = Person.objects.filter(pk__in={row.person_id for row in rows})
        sexes = dict(persons.values_list("pk", "sex"))
    for row in rows:
        session = sessions.get(row.session_id)
        if session is None:
            continue
        row.session = session
        row.sex = sexes.get(row.person_id) or ""
        row.starts_on, row.ends_before = session.start_on, session.end_on + _DAY
        row.checkins = sorted(set(row.checkins))
        if row.checkins:
            row.hours_present = hours_for(session, row.checkins)
        row.attend_rate = (Decimal(row.hours_present) / session.hours).quantize(_RATE, ROUND_DOWN)
        row.result = _result(row, session)
        row.completed_on = session.end_on if row.result == EnrolmentResult.COMPLETED else None
        row.occupies = (
            session.mode != TrainingMode.ONLINE
            and session.state != "cancelled"
            and row.result != EnrolmentResult.DROPPED
        )


def _result(row: Enrolment, session: TrainingSession) -> EnrolmentResult:
    if row.is_dropped or session.state == "cancelled":
        return EnrolmentResult.DROPPED
    if session.state not in CLOSED:
        return EnrolmentResult.PENDING
    came = row.attend_rate >= decimal_of("employment.attend_min", on=session.end_on)
    passed = not session.is_examined or (
        row.exam_score is not None
        and row.exam_score >= number_of("employment.pass_score", on=session.end_on)
    )
    return EnrolmentResult.COMPLETED if came and passed else EnrolmentResult.FAILED


def wrong_enrolments(rows: list[Enrolment]) -> dict[int, DomainError]:
    """Foreign half-days, learners who sit elsewhere, and training that was paid for already, by position."""
    errors: dict[int, DomainError] = {}
    elsewhere = _others(rows)
    fixed = {} if is_by_rule() else altered(rows, *_DECIDES)
    for position, row in enumerate(rows):
        error = (
            _wrong_change(row, fixed.get(position))
            or _wrong_sheet(row)
            or _wrong_person(row, elsewhere[row.person_id])
        )
        if error is not None:
            errors[position] = error
    return errors


def _wrong_change(row: Enrolment, change: tuple[Any, Any] | None) -> DomainError | None:
    """Nobody moves to another session; what decides who completed stands once it is closed."""
    if change is None:
        return None
    _, field = change
    if field.name in ("session", "person"):
        return Conflict("学员和期次不能改；登记错的请作废后重新报名。", field=field.name)
    if row.session.state in (*CLOSED, "cancelled"):
        return Conflict(
            f"《{row.session}》已结班或取消，{field.verbose_name}不能再改；确有差错的请先“退回补正”。",
            field=field.name,
        )
    return None


def check_session_is_open(row: Enrolment) -> None:
    """Whoever completed a closed session stays on its list."""
    if row.session.state in CLOSED:
        raise Conflict(f"《{row.session}》已结班，学员不能作废；确有差错的请先“退回补正”。")


def check_days(session: TrainingSession) -> None:
    """A course lasts a year at most; longer is a mistyped year."""
    if (session.end_on - session.start_on).days > _LONGEST:
        raise DomainError(
            f"{session.start_on}至{session.end_on}超过一年，请核对日期。", field="end_on"
        )


def _wrong_sheet(row: Enrolment) -> DomainError | None:
    within = {day.isoformat() for day in days_of(row.session)}
    foreign = [mark for mark in row.checkins if mark[:10] not in within]
    if foreign:
        return DomainError(f"签到“{'、'.join(foreign)}”不在培训期间。", field="checkins")
    if row.hours_present > row.session.hours:
        return DomainError(
            f"出勤{row.hours_present}学时，超过本期{row.session.hours}学时。",
            field="hours_present",
        )
    if row.cert_no and row.hours_present <= 0:
        return DomainError("没有出勤记录，不能发证书。", field="cert_no")
    return None


def _others(rows: list[Enrolment]) -> dict[int, list[Enrolment]]:
    """Each person's other enrolments that count: under way or completed."""
    found: dict[int, list[Enrolment]] = defaultdict(list)
    with acting(SYSTEM):
        others = Enrolment.objects.filter(
            person_id__in={row.person_id for row in rows},
            result__in=(EnrolmentResult.PENDING, EnrolmentResult.COMPLETED),
            voided_at=None,
        )
        for other in others.select_related("session").order_by("starts_on"):
            found[other.person_id].append(other)
    return found


def _wrong_person(row: Enrolment, others: list[Enrolment]) -> DomainError | None:
    if row.result not in (EnrolmentResult.PENDING, EnrolmentResult.COMPLETED):
        return None
    others = [each for each in others if each.session_id != row.session_id]
    clash = next((each for each in others if _overlap(row, each)), None)
    if clash is not None:
        return Conflict(
            f"该人员{clash.session.start_on}至{clash.session.end_on}已参加《{clash.session}》，时间冲突。",
            field="person",
            code="overlap",
        )
    return _paid_before(row, [each for each in others if each.session.fee_per_head])


def _overlap(row: Enrolment, other: Enrolment) -> bool:
    apart = row.ends_before <= other.starts_on or other.ends_before <= row.starts_on
    return row.occupies and other.occupies and not apart


def _paid_before(row: Enrolment, paid: list[Enrolment]) -> DomainError | None:
    """Training is paid once per occupation and level in some years, and so often a year."""
    if not row.session.fee_per_head:
        return None
    months = number_of("employment.resubsidy_months", on=row.starts_on)
    for other in paid:
        same = (other.session.occupation, other.session.level) == (
            row.session.occupation,
            row.session.level,
        )
        first, second = sorted((other.starts_on, row.starts_on))
        if row.session.occupation and same and second < add_months(first, months):
            return Conflict(
                f"该学员{other.session.start_on}已在《{other.session}》享受同工种补贴，{months}个月内不得重复。",
                field="person",
                code="resubsidy",
            )
    most = number_of("employment.train_year_max", on=row.starts_on)
    year = [other for other in paid if other.starts_on.year == row.starts_on.year]
    if len(year) >= most:
        return Conflict(
            f"该学员{row.starts_on.year}年已参加{len(year)}期补贴培训，每年最多{most}期。",
            field="person",
        )
    return None


def follow_session(rows: list[TrainingSession], by: Actor) -> None:
    """When a session is closed, opened again, cancelled or moved its enrolments follow."""
    with acting(SYSTEM), by_rule():
        enrolments = list(
            Enrolment.objects.filter(session__in=[row.pk for row in rows], voided_at=None)
        )
        for outcome in change_many([(each, {}) for each in enrolments], by=by):
            if outcome.error is not None:
                raise outcome.error


def follow_change(rows: list[TrainingSession], created: bool, by: Actor) -> None:
    """As `follow_session`, after fields of sessions were changed."""
    if not created:
        follow_session(rows, by)


def check_is_announced_in_time(session: TrainingSession) -> None:
    """Workers hear of a session some working days before it starts."""
    days = number_of("employment.announce_days")
    latest = calendar().add_working_days(clock.today(), days)
    if session.start_on < latest:
        raise DomainError(
            f"开班前须至少提前{days}个工作日公布报名，最早可于{latest}开班。", field="start_on"
        )


def check_classes_are_small(session: TrainingSession) -> None:
    """A session starts with learners, in classes that fit a room."""
    most = number_of("employment.class_max", on=session.start_on)
    sizes = Counter(_present(session).values_list("class_label", flat=True))
    if not sizes:
        raise DomainError("还没有学员报名，不能开班。")
    large = [f"“{label}”{size}人" if label else "" for label, size in sizes.items() if size > most]
    if large:
        which = "、".join(filter(None, large))
        raise DomainError(f"单班人数超过{most}人，请划分班次。{which}", field="class_label")


def check_is_over(session: TrainingSession) -> None:
    """Teaching ends on the last day."""
    if session.end_on > clock.today():
        raise DomainError(f"本期{session.end_on}才结束。", field="end_on")


def check_sheet_is_complete(session: TrainingSession) -> None:
    """A session is closed with the attendance of every day and a result for everyone."""
    present = _present(session)
    if not present.exists():
        raise DomainError("没有学员，不能结班。")
    if session.is_examined and (missing := present.filter(exam_score=None).count()):
        raise DomainError(f"还有{missing}名学员没有考核成绩。", field="exam_score")
    if not present.filter(hours_present__gt=0).exists():
        raise DomainError("还没有出勤记录，请先补齐签到表。")
    _check_every_day(session, present)


def _check_every_day(session: TrainingSession, present: Any) -> None:
    """Where people sign in by the half-day no teaching day may be missing; a paper sheet has its hours."""
    noted = {mark[:10] for marks in present.values_list("checkins", flat=True) for mark in marks}
    missing = [f"{day}" for day in teaching_days(session) if day.isoformat() not in noted]
    if noted and missing and session.mode == TrainingMode.OFFLINE:
        raise DomainError(f"{'、'.join(missing)}没有签到记录，请先补齐。")


def _present(session: TrainingSession) -> Any:
    return Enrolment.objects.filter(Q(session=session.pk, is_dropped=False, voided_at=None))
