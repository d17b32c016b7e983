"""Who was placed by what, and whether he is still there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date, timedelta

from django.db.models import Max

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.parameters.values import number_of
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.permission import by_rule
from gonghui.kernel.registers.write import change_many
from gonghui.lines.employment.models import (
    Enrolment,
    FairIntent,
    FollowUp,
    JobSeeker,
    MicroLoan,
    Placement,
)
from gonghui.lines.employment.models.loan import LENT
from gonghui.lines.employment.models.placement import (
    COUNTED,
    SOURCES,
    FollowUpResult,
    PlacementSource,
)
from gonghui.lines.employment.models.training import EnrolmentResult

_FOLLOW_UPS = (
    "employment.first_follow_up_days",
    "employment.second_follow_up_days",
    "employment.sustain_days",
)
FOLLOWED = ("verified", "sustained")


def derive(rows: list[Placement]) -> None:
    """Copy what the person tells; the days for asking follow from the first day."""
    with acting(SYSTEM):
        persons = Person.objects.filter(pk__in={row.person_id for row in rows})
        sexes = dict(persons.values_list("pk", "sex"))
        loans = MicroLoan.objects.in_bulk({row.loan_id for row in rows} - {None})
        seekers = JobSeeker.objects.in_bulk({row.seeker_id for row in rows} - {None})
        intents = FairIntent.objects.in_bulk({row.intent_id for row in rows} - {None})
        enrolments = Enrolment.objects.in_bulk({row.enrolment_id for row in rows} - {None})
        asked = dict(
            FollowUp.objects.filter(
                placement__in={row.pk for row in rows if row.pk}, voided_at=None
            )
            .order_by()
            .values_list("placement")
            .annotate(last=Max("followed_on"))
        )
    for row in rows:
        row.reported_on = row.reported_on or clock.today()
        row.sex = sexes.get(row.person_id) or ""
        row.enrolment = enrolments.get(row.enrolment_id)
        row.intent = intents.get(row.intent_id)
        row.seeker = seekers.get(row.seeker_id)
        row.loan = loans.get(row.loan_id)
        if not isinstance(row.started_on, date):
            continue
        milestones = [row.started_on + timedelta(number_of(code)) for code in _FOLLOW_UPS]
        row.sustain_due_on = milestones[-1]
        last = asked.get(row.pk)
        left = [day for day in milestones if last is None or day > last]
        row.next_follow_up_on = left[0] if left and row.state == "verified" else None


def wrong_placements(rows: list[Placement]) -> dict[int, DomainError]:
    """Placements before their source, after its time, or of somebody who works elsewhere, by position."""
    errors: dict[int, DomainError] = {}
    others = _others(rows)
    for position, row in enumerate(rows):
        if row.state == "refuted":
            continue
        error = (
            _wrong_day(row)
            or _wrong_source(row)
            or _wrong_training(row)
            or _works_elsewhere(row, others)
        )
        if error is not None:
            errors[position] = error
    return errors


def _wrong_day(row: Placement) -> DomainError | None:
    if row.started_on > clock.today():
        return DomainError(f"上岗日期{row.started_on}还没有到。", field="started_on")
    if row.ended_on and row.ended_on > clock.today():
        return DomainError(f"离岗日期{row.ended_on}还没有到。", field="ended_on")
    return None


def _wrong_source(row: Placement) -> DomainError | None:
    """The source is the same person's and the same union's."""
    name = SOURCES.get(PlacementSource(row.source_kind))
    if name is None or row.state not in ("reported", "verified"):
        return None
    source = getattr(row, name)
    if source is None:
        return DomainError("请选择来源记录。", field=name)
    # A loan brings work to the borrower and to those whom he hires.
    if row.loan is None and source.person_id != row.person_id:
        return DomainError("人员与来源记录不是同一人。", field=name)
    if source.org_id != row.org_id:
        return DomainError("统计工会须为来源记录的主办工会。", field="org")
    if row.intent is not None and row.started_on < row.intent.agreed_on:
        return DomainError("上岗日期早于招聘会意向日期。", field="started_on")
    if row.seeker is not None and row.started_on < row.seeker.registered_on:
        return DomainError("上岗日期早于求职登记日期。", field="started_on")
    if row.loan is not None:
        return _wrong_loan(row, row.loan)
    return None


def _wrong_loan(row: Placement, loan: MicroLoan) -> DomainError | None:
    if loan.state not in LENT:
        return DomainError("该借款尚未放款。", field="loan")
    if row.started_on < loan.disbursed_on:
        return DomainError("上岗日期早于放款日期。", field="started_on")
    return None


def _wrong_training(row: Placement) -> DomainError | None:
    """A placement is a course's result if it began after the course and within some months."""
    enrolment = row.enrolment
    if enrolment is None or row.state not in ("reported", "verified"):
        return None
    if enrolment.result != EnrolmentResult.COMPLETED:
        return DomainError("该学员尚未结业，不能作为培训成效。", field="enrolment")
    if row.started_on < enrolment.completed_on:
        return DomainError("上岗日期早于结业日期，不能作为本期培训成效。", field="started_on")
    days = number_of("employment.placement_window_days", on=enrolment.completed_on)
    if (row.started_on - enrolment.completed_on).days > days:
        return DomainError(
            f"上岗日期在结业{days}天以后，不能作为本期培训成效。", field="started_on"
        )
    return None


def _others(rows: list[Placement]) -> dict[int, list[Placement]]:
    """Each person's verified placements."""
    found: dict[int, list[Placement]] = defaultdict(list)
    with acting(SYSTEM):
        placements = Placement.objects.filter(
            person_id__in={row.person_id for row in rows}, state__in=COUNTED, voided_at=None
        )
        for each in placements.select_related("employer").order_by("started_on"):
            found[each.person_id].append(each)
    return found


def _works_elsewhere(row: Placement, others: dict[int, list[Placement]]) -> DomainError | None:
    for other in others[row.person_id]:
        if other.pk == row.pk:
            continue
        is_before = row.ended_on is not None and row.ended_on <= other.started_on
        is_after = other.ended_on is not None and other.ended_on <= row.started_on
        if not is_before and not is_after:
            return Conflict(
                f"该人员{other.started_on}已在“{other.where}”上岗，请先登记离岗。",
                field="person",
                code="placed",
            )
    return None


def check_has_evidence(placement: Placement) -> None:
    """Nobody is employed on somebody's word; a late report has its reason."""
    if not placement.evidence:
        raise DomainError("请选择就业证明。", field="evidence")
    if not placement.evidence_no:
        raise DomainError("请填写证明编号或说明。", field="evidence_no")
    days = number_of("employment.report_limit_days", on=placement.started_on)
    late = (placement.reported_on - placement.started_on).days
    if late > days and not placement.late_reason:
        raise DomainError(
            f"上岗{late}天后才上报，超过{days}天，请填写迟报原因。", field="late_reason"
        )


def check_was_asked_in_the_end(placement: Placement) -> None:
    """A job is kept if somebody asked after the time and the person was there."""
    if clock.today() < placement.sustain_due_on:
        raise DomainError(f"{placement.sustain_due_on}才满稳岗期。")
    found = FollowUp.objects.filter(
        placement=placement.pk,
        followed_on__gte=placement.sustain_due_on,
        result=FollowUpResult.ON,
        voided_at=None,
    )
    if not found.exists():
        raise DomainError(f"还没有{placement.sustain_due_on}以后“在岗”的回访，不能认定稳岗。")


def check_left_on_a_day(placement: Placement) -> None:
    """Who left did so on a day."""
    if placement.ended_on is None:
        raise DomainError("请填写离岗日期。", field="ended_on")


def wrong_follow_ups(rows: list[FollowUp]) -> dict[int, DomainError]:
    """Follow-ups of the future, before the first day, or of what nobody has verified, by position."""
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        placement = row.placement
        if placement.state not in FOLLOWED and not row.pk:
            errors[position] = Conflict("已核实、未离岗的就业去向才登记回访。", field="placement")
        elif not placement.started_on <= row.followed_on <= clock.today():
            errors[position] = DomainError(
                f"回访日期须在{placement.started_on}上岗之后、今天之前。", field="followed_on"
            )
    return errors


def read_placements(rows: list[FollowUp]) -> None:
    """Fetch what the checks look at once for all."""
    with acting(SYSTEM):
        placements = Placement.objects.in_bulk({row.placement_id for row in rows})
    for row in rows:
        if row.placement_id in placements:
            row.placement = placements[row.placement_id]


def follow_asked(rows: Sequence[FollowUp], created: bool, by: Actor) -> None:
    """The day for asking next moves on."""
    with acting(SYSTEM), by_rule():
        found = Placement.objects.filter(
            pk__in={row.placement_id for row in rows}, state__in=FOLLOWED, voided_at=None
        )
        for outcome in change_many([(row, {}) for row in found.order_by("pk")], by=by):
            if outcome.error is not None:
                raise outcome.error


def follow_voided(rows: list[FollowUp], by: Actor) -> None:
    """As `follow_asked`."""
    follow_asked(rows, False, by)
