"""Seats, check-ins and hours of training classes, and which classes prove a sentence."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from django.db import transaction
from django.db.models import Q, QuerySet

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import Outcome, must
from gonghui.kernel.registers.offering import offered
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many, void_many
from gonghui.lines.cadres.models import TrainingClass, TrainingSeat
from gonghui.lines.cadres.models.training import FACE_TO_FACE, TargetGroup, TrainingKind

Half = Literal["am", "pm"]
_DAY = timedelta(days=1)
_TENTH = Decimal("0.1")


def mark_of(day: date, half: Half) -> str:
    """How a half-day is noted among check-ins."""
    return f"{day.isoformat()} {half}"


def half_days(training: TrainingClass) -> list[str]:
    """All half-days of a class, in order."""
    days = (training.end_on - training.start_on).days + 1
    return [
        mark_of(training.start_on + number * _DAY, half)
        for number in range(days)
        for half in ("am", "pm")
    ]


def hours_for(training: TrainingClass, checkins: Iterable[str]) -> Decimal:
    """The hours earned: the share of half-days attended, rounded down to a tenth."""
    all_halves = half_days(training)
    attended = len(set(checkins) & set(all_halves))
    share = Decimal(training.hours) * attended / len(all_halves)
    return share.quantize(_TENTH, ROUND_DOWN)


def check_in(seats: Sequence[TrainingSeat], day: date, half: Half, *, by: Actor) -> list[Outcome]:
    """Note that people came on a half-day; doing it again changes nothing."""
    mark = mark_of(day, half)
    if day > clock.today():
        raise DomainError(f"签到日期{day}还没有到。", field="checkins")
    with transaction.atomic():
        with acting(SYSTEM):
            # Two half-days noted at once must not overwrite each other.
            rows = TrainingSeat.objects.select_for_update().filter(pk__in=[s.pk for s in seats])
            noted = {row.pk: row.checkins for row in rows.order_by("pk")}
        pairs = [(seat, {"checkins": sorted({*noted[seat.pk], mark})}) for seat in seats]
        return change_many(pairs, by=by)


def derive_seats(rows: list[TrainingSeat]) -> None:
    """Copy dates and form from the class; hours follow from the check-ins."""
    with acting(SYSTEM):
        classes = TrainingClass.objects.in_bulk({row.training_class_id for row in rows})
    for row in rows:
        training = classes.get(row.training_class_id)
        if training is None:
            continue
        row.training_class = training
        row.starts_on, row.ends_before = training.start_on, training.end_on + _DAY
        row.occupies = (
            training.kind in FACE_TO_FACE and training.state != "cancelled" and not row.is_withdrawn
        )
        row.checkins = sorted(set(row.checkins))
        row.hours_earned = hours_for(training, row.checkins)
        came = training.state == "finished" and row.hours_earned > 0
        row.counted_on = training.end_on if came else None


def classes_for(seat: TrainingSeat) -> QuerySet[TrainingClass]:
    """The classes that take names, of the sending union's superiors too; and the seat's own."""
    takes_names = Q(state__in=("planned", "open", "running"))
    return offered(TrainingClass).filter(takes_names | Q(pk=seat.training_class_id))


def wrong_seats(rows: list[TrainingSeat]) -> dict[int, DomainError]:
    """Seats in classes that take nobody, foreign half-days, and people who sit elsewhere, by position."""
    errors: dict[int, DomainError] = {}
    elsewhere = _other_seats(rows)
    for position, row in enumerate(rows):
        training = row.training_class
        foreign = set(row.checkins) - set(half_days(training))
        if not row.pk and training.state in ("finished", "cancelled"):
            label = "已结业" if training.state == "finished" else "已取消"
            errors[position] = Conflict(
                f"“{training}”{label}，不能再报名。", field="training_class"
            )
        elif foreign:
            listed = "、".join(sorted(foreign))
            errors[position] = DomainError(f"签到“{listed}”不在培训班期间。", field="checkins")
        elif row.cert_no and row.hours_earned <= 0:
            errors[position] = DomainError("没有签到记录，不能发结业证书。", field="cert_no")
        elif row.occupies and (other := _clash(row, elsewhere[row.person_id])):
            errors[position] = Conflict(
                f"该同志同期已报名“{other.training_class}”。", field="person", code="overlap"
            )
    return errors


def _other_seats(rows: list[TrainingSeat]) -> dict[int, list[TrainingSeat]]:
    found: dict[int, list[TrainingSeat]] = defaultdict(list)
    with acting(SYSTEM):
        seats = TrainingSeat.objects.filter(
            person_id__in={row.person_id for row in rows}, occupies=True, voided_at=None
        ).select_related("training_class")
        for seat in seats:
            found[seat.person_id].append(seat)
    return found


def _clash(row: TrainingSeat, others: list[TrainingSeat]) -> TrainingSeat | None:
    for other in others:
        apart = row.ends_before <= other.starts_on or other.ends_before <= row.starts_on
        if other.pk != row.pk and other.training_class_id != row.training_class_id and not apart:
            return other
    return None


def follow_class(rows: list[TrainingClass], by: Actor) -> None:
    """When a class moves, finishes or is cancelled its seats follow."""
    with acting(SYSTEM), by_rule():
        seats = list(
            TrainingSeat.objects.filter(training_class__in=[row.pk for row in rows], voided_at=None)
        )
        for outcome in change_many([(seat, {}) for seat in seats], by=by):
            if outcome.error is not None:
                raise outcome.error


def follow_change(rows: list[TrainingClass], created: bool, by: Actor) -> None:
    """As `follow_class`, after fields of classes were changed."""
    if not created:
        follow_class(rows, by)


def void_seats(rows: list[TrainingClass], by: Actor) -> None:
    """Nobody sat in a class that never was."""
    seats = TrainingSeat.objects.filter(training_class__in=[row.pk for row in rows], voided_at=None)
    must(void_many(list(seats), by=by, reason="培训班作废"))


def check_was_attended(training: TrainingClass) -> None:
    """A class is finished with its attendance sheet, after its last day."""
    if training.end_on > clock.today():
        raise DomainError(f"培训班{training.end_on}才结束，不能提前结业。", field="end_on")
    seats = TrainingSeat.objects.filter(
        training_class=training.pk, hours_earned__gt=0, voided_at=None
    )
    if not seats.exists():
        raise DomainError("还没有签到记录，请先补齐签到册。")
    if not training.groups:
        raise DomainError("请填写培训对象。", field="groups")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """Whether finished classes of a period prove that some groups were trained."""

    classes: tuple[TrainingClass, ...]
    missing: tuple[TargetGroup, ...]

    @property
    def note(self) -> str:
        """What a report says where the evidence does not suffice; empty where it does."""
        if not self.missing:
            return ""
        return "证据不足：缺" + "、".join(f"“{group.label}”" for group in self.missing)


def evidence_for(period: Period, groups: Sequence[TargetGroup]) -> Evidence:
    """The class of a period that has most of the groups, and which it lacks; of equals the first."""
    found = TrainingClass.objects.filter(
        state="finished", end_on__gte=period.start, end_on__lte=period.end, voided_at=None
    ).exclude(kind=TrainingKind.MEETING)
    best: TrainingClass | None = None
    missing = tuple(groups)
    for training in found.order_by("end_on", "pk"):
        lacking = tuple(group for group in groups if group.value not in training.groups)
        if best is None or len(lacking) < len(missing):
            best, missing = training, lacking
    return Evidence(classes=(best,) if best else (), missing=missing)


def hours_of(persons: Iterable[Person], period: Period) -> dict[int, Decimal]:
    """The hours that persons earned in finished classes of a period, by person."""
    earned: dict[int, Decimal] = {person.pk: Decimal(0) for person in persons}
    with acting(SYSTEM):
        rows = TrainingSeat.objects.filter(
            person_id__in=earned, counted_on__gte=period.start, counted_on__lte=period.end
        ).filter(voided_at=None)
        for person_id, hours in rows.values_list("person_id", "hours_earned"):
            earned[person_id] += hours
    return earned
