"""Who may be screened, who may know what came out, and what the hospital is paid."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import add_months
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.parameters.values import decimal_of, number_of
from gonghui.kernel.people.models import HouseholdMember, Person, Sex
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, change_many, perform, perform_many
from gonghui.lines.women.models import ScreeningHandler, ScreeningRecord, ScreeningSession
from gonghui.lines.women.models.screening import FOLLOWED, RESULTS, TAKEN, Basis
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import BatchForm, PayLine
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch

REGISTER, PROGRAMME = "women.screening_session", "LANC"
_TAKES_NAMES = ("registering", "screening")
_IN_FORCE = ("active", "exit_notice")


# Sessions


def derive_session(session: ScreeningSession) -> None:
    """The usual fee where none was agreed."""
    if session.fee is None and session.date_from is not None:
        session.fee = decimal_of("women.screen_fee", on=session.date_from)


def check_what_began(session: ScreeningSession) -> None:
    """What women were examined for stands, and places that are taken are not taken away."""
    if not session.pk:
        return
    taken = list(_of(session, *TAKEN).values_list("state", "fee"))
    if session.quota < len(taken):
        raise DomainError(f"已登记{len(taken)}人，名额不能少于已登记人数。", field="quota")
    fees = {fee for state, fee in taken if state == "screened"}
    if fees - {session.fee}:
        raise DomainError(f"已有人按{min(fees)}元检查，不能改每人费用。", field="fee")


def check_has_names(session: ScreeningSession) -> None:
    """Nobody is screened in a session without names."""
    if not _of(session, *TAKEN).exists():
        raise DomainError("还没有登记女职工名单，不能开始检查。")


def check_bill(session: ScreeningSession) -> None:
    """The hospital bills as many heads as were screened."""
    if session.billed_count is None:
        raise DomainError("请填写院方结算人数。", field="billed_count")
    if session.fund_id is None:
        raise DomainError("请选择列支资金。", field="fund")
    screened = _of(session, "screened").count()
    if session.billed_count != screened:
        raise DomainError(
            f"结算人数{session.billed_count}与已检人数{screened}不一致。", field="billed_count"
        )
    if not screened:
        raise DomainError("本批次没有已检人员，不能结算。")


def check_is_paid(session: ScreeningSession) -> None:
    """A session is closed when the hospital has its money."""
    paid = PayLine.objects.filter(batch=session.batch_id, state="paid", voided_at=None)
    if not paid.exists():
        raise Conflict("结算款还没有发放给医院，不能办结。")


def check_nobody_was_screened(session: ScreeningSession) -> None:
    """What was done is settled, not cancelled."""
    if _of(session, "screened").exists():
        raise Conflict("本批次已有人检查，不能取消，请办理结算。")


def check_session_is_empty(session: ScreeningSession) -> None:
    """A session with names is cancelled, not voided."""
    if _of(session, *TAKEN).exists():
        raise Conflict("本批次已有名单，不能作废，请办理取消。")


def settle(session: ScreeningSession, by: Actor) -> None:
    """Ask for the hospital's payment; who did not come drops out."""
    offices = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
    if not by.has_role(*offices, over=session.fund.org_id):
        raise NotAllowed("列支资金不属于您的工会，请由资金所在工会办理结算。")
    drop_waiting([session], by)
    count, fee = session.billed_count or 0, session.fee
    batch = open_batch(
        org=session.fund.org,
        fund=session.fund,
        programme=PROGRAMME,
        campaign=session.campaign.code if session.campaign else "",
        title=f"{session.title}结算"[:80],
        by=by,
        form=BatchForm.SERVICE,
    )
    request = PaymentRequest(
        payee=session.hospital,
        amount=fee * count,
        source=session,
        ref=session.number,
        remark=f"{count}人×{fee}元",
    )
    must(add_lines(batch, [request], by=by))
    change(session, by=SYSTEM, batch=batch)


def wrong_payments(lines: Sequence[Any], on: date) -> dict[int, tuple[str, str]]:
    """Payments that are not the bill of a settled session to its hospital, by position."""
    with acting(SYSTEM):
        sessions = ScreeningSession.objects.filter(state="settled", voided_at=None).in_bulk(
            [line.source_id for line in lines if line.source_model == REGISTER]
        )
    found: dict[int, tuple[str, str]] = {}
    for position, line in enumerate(lines):
        session = sessions.get(line.source_id) if line.source_model == REGISTER else None
        if session is None:
            found[position] = ("F03", "没有已结算的两癌筛查批次，不能支付筛查费。")
            continue
        due = session.fee * session.billed_count
        if (session.hospital_id, due) != (line.employer_id, line.amount):
            found[position] = ("F03", f"《{session}》应付{due:,.2f}元，付给承检医院。")
    return found


programmes.add_eligibility((PROGRAMME,), wrong_payments)


def follow_dropped(lines: list[Any], by: Actor) -> None:
    """A session whose payment left its roster is to be settled again."""
    own = ScreeningSession.objects.filter(
        pk__in=[line.source_id for line in lines if line.source_model == REGISTER],
        state="settled",
        voided_at=None,
    )
    for session in own.order_by("pk"):
        change(perform(session, "unsettle", by=SYSTEM), by=SYSTEM, batch=None)


def drop_waiting(sessions: list[Any], by: Actor) -> None:
    """Who was named and did not come gives her place and her cycle back."""
    waiting = ScreeningRecord.objects.filter(
        session__in=sessions, state="registered", voided_at=None
    )
    must(perform_many(list(waiting.order_by("pk")), "drop", by=SYSTEM))


def follow_session(rows: list[ScreeningSession], created: bool, by: Actor) -> None:
    """Moved days and a changed fee reach the names that wait."""
    if created:
        return
    waiting = ScreeningRecord.objects.filter(
        session__in=[row.pk for row in rows], state="registered", voided_at=None
    )
    must(change_many([(record, {}) for record in waiting.order_by("pk")], by=SYSTEM))


def _of(session: ScreeningSession, *states: str) -> Any:
    return ScreeningRecord.objects.filter(session=session.pk, state__in=states, voided_at=None)


# Names


def take_places(rows: dict[int, Any], by: Actor) -> dict[int, DomainError]:
    """New names need a place; the sessions are locked, so the last place goes to one."""
    sessions = {
        session.pk: session
        for session in ScreeningSession.objects.filter(
            pk__in={row.session_id for row in rows.values()}
        )
        .order_by("pk")
        .select_for_update()
    }
    taken = Counter(
        ScreeningRecord.objects.filter(
            session__in=sessions, state__in=TAKEN, voided_at=None
        ).values_list("session_id", flat=True)
    )
    errors: dict[int, DomainError] = {}
    for index, row in rows.items():
        session = sessions.get(row.session_id)
        if session is None:
            continue  # the missing field is told by validation
        if session.state not in _TAKES_NAMES:
            errors[index] = Conflict(f"“{session}”不在登记期，不能登记。", field="session")
        elif taken[session.pk] >= session.quota:
            errors[index] = Conflict(f"“{session}”名额{session.quota}已满。", field="session")
        else:
            taken[session.pk] += 1
    return errors


def derive_records(rows: list[ScreeningRecord]) -> None:
    """The session's fee and the days in which she cannot be screened again."""
    with acting(SYSTEM):
        sessions = ScreeningSession.objects.select_related("hospital", "org").in_bulk(
            {row.session_id for row in rows}
        )
    for row in rows:
        session = sessions.get(row.session_id)
        if session is None:
            continue
        row.session, row.fee = session, session.fee
        row.cycle_from = row.screened_on or session.date_from
        months = number_of("women.screen_cycle_months", on=session.date_from)
        row.cycle_to = add_months(row.cycle_from, months)


def wrong_records(rows: list[ScreeningRecord]) -> dict[int, DomainError]:
    """Men, women screened within the cycle, files that are not hers, impossible days, by position."""
    with acting(SYSTEM):
        people = Person.objects.in_bulk({row.person_id for row in rows})
        others = _others(rows)
        homes = _homes(rows)
        named_by = Org.objects.filter(pk__in={row.org_id for row in rows})
        paths = dict(named_by.values_list("pk", "path"))
    errors: dict[int, DomainError] = {}
    for position, row in enumerate(rows):
        found = (
            _not_a_woman(people[row.person_id])
            or _too_soon(row, people[row.person_id], others[row.person_id])
            or _not_of_the_session(row, paths[row.org_id])
            or _not_her_file(row, homes)
            or _wrong_day(row)
            or _wrong_words(row)
        )
        if found is not None:
            errors[position] = found
    return errors


def _not_a_woman(person: Person) -> DomainError | None:
    if person.sex == Sex.FEMALE:
        return None
    text = f"{person}不是女性，不能登记两癌筛查。" if person.sex else f"请先补登{person}的性别。"
    return DomainError(text, field="person", code="not_a_woman")


def _others(rows: list[ScreeningRecord]) -> dict[int, list[ScreeningRecord]]:
    found: dict[int, list[ScreeningRecord]] = defaultdict(list)
    taken = ScreeningRecord.objects.filter(
        person_id__in={row.person_id for row in rows}, state__in=TAKEN, voided_at=None
    )
    for other in taken.select_related("session__hospital").order_by("-cycle_from"):
        found[other.person_id].append(other)
    return found


def _too_soon(
    row: ScreeningRecord, person: Person, others: list[ScreeningRecord]
) -> DomainError | None:
    if row.state not in TAKEN:
        return None
    for other in others:
        apart = row.cycle_to <= other.cycle_from or other.cycle_to <= row.cycle_from
        if other.pk == row.pk or other.session_id == row.session_id or apart:
            continue
        if other.screened_on is None:
            return Conflict(f"{person}已在“{other.session}”登记。", field="person", code="twice")
        months = number_of("women.screen_cycle_months", on=row.session.date_from)
        return Conflict(
            f"{person}于{other.screened_on}已在{other.session.hospital}检查，未满{months}个月。",
            field="person",
            code="cycle",
        )
    return None


def _not_of_the_session(row: ScreeningRecord, path: str) -> DomainError | None:
    """A county's session is for its own unions; an industry's women work in all counties."""
    host = row.session.org
    if host.level in (OrgLevel.CITY, OrgLevel.INDUSTRY) or path.startswith(host.path):
        return None
    return DomainError(f"“{row.session}”由{host}举办，不能登记其他工会的女职工。", field="session")


def _homes(rows: list[ScreeningRecord]) -> set[tuple[int, int]]:
    """(household, person) of those who live in a household today."""
    members = HouseholdMember.objects.filter(
        person_id__in={row.person_id for row in rows if row.file_id}, valid_to=None, voided_at=None
    )
    return set(members.values_list("household_id", "person_id"))


def _not_her_file(row: ScreeningRecord, homes: set[tuple[int, int]]) -> DomainError | None:
    if row.basis != Basis.FILE:
        return None
    if row.file is None:
        return DomainError("依据困难档案的，请选择困难职工档案。", field="file")
    file = row.file
    if not row.pk and file.state not in _IN_FORCE:
        return Conflict(f"困难职工档案{file.number}不在档，不能作为依据。", field="file")
    if file.head_id != row.person_id and (file.household_id, row.person_id) not in homes:
        return DomainError(f"困难职工档案{file.number}不是该女职工家庭的。", field="file")
    return None


def _wrong_day(row: ScreeningRecord) -> DomainError | None:
    day: date | None = row.screened_on
    if day is None:
        return None
    if day > clock.today():
        return DomainError("检查日期不能晚于今天。", field="screened_on")
    if not row.session.date_from <= day <= row.session.date_to:
        return DomainError(
            f"检查日期须在{row.session.date_from}至{row.session.date_to}之间。", field="screened_on"
        )
    return None


def _wrong_words(row: ScreeningRecord) -> DomainError | None:
    """Results are noted in the words of the list alone; what is sealed already was."""
    for name, words in (("result", RESULTS), ("followed", FOLLOWED)):
        value = getattr(row, name)
        if isinstance(value, str) and value and value not in words:
            return DomainError(f"请从“{'、'.join(words)}”中选择。", field=name)
    return None


def check_is_in_progress(record: ScreeningRecord) -> None:
    """Women are screened, and days corrected, while the session runs."""
    if record.session.state != "screening":
        raise Conflict(f"“{record.session}”不在检查期，不能办理。")


def check_was_screened(record: ScreeningRecord) -> None:
    """The hospital's day is there, and the session runs."""
    check_is_in_progress(record)
    if record.screened_on is None:
        raise DomainError("请填写检查日期。", field="screened_on")


def check_has_result(record: ScreeningRecord) -> None:
    """Result and follow-up are noted together."""
    for name, label in (("result", "检查结果"), ("followed", "随访情况")):
        if not getattr(record, name):
            raise DomainError(f"请选择{label}。", field=name)


# Who may know


def derive_handler(handler: ScreeningHandler) -> None:
    """The account that is named."""
    found = User.objects.filter(username=handler.username).values_list("pk", flat=True).first()
    if found is None:
        raise DomainError(f"没有用户“{handler.username}”。", field="username")
    handler.user_id = found


def is_handled_by(record: ScreeningRecord, actor: Actor) -> bool:
    """Whether the actor is authorised today to know the result of a record."""
    if actor.user_id is None:
        return False
    today = clock.today()
    with acting(SYSTEM):
        named = ScreeningHandler.objects.filter(
            user_id=actor.user_id, valid_from__lte=today, voided_at=None
        ).exclude(valid_to__lte=today)
        return any(
            record.org.path.startswith(handler.org.path) for handler in named.select_related("org")
        )


def only_handlers(record: ScreeningRecord, actor: Actor) -> None:
    """Results are noted by whom the leader authorised."""
    if not is_handled_by(record, actor):
        raise NotAllowed("检查结果只能由市总领导授权的经办人登记。")
