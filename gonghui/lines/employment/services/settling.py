"""What a provider is paid for a session: the heads that completed it, and no others."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import perform_many
from gonghui.lines.employment.models import Enrolment, TrainingSession
from gonghui.lines.employment.models.training import EnrolmentResult
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import PayLine
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch

REGISTER, PROGRAMME = "employment.training_session", "JYPX"
_CLAIMED = ("draft", "reserved", "paid")


def fee_of(session: TrainingSession) -> Decimal:
    """The fee of a head times the heads that completed the session."""
    heads = Enrolment.objects.filter(
        session=session.pk, result=EnrolmentResult.COMPLETED, voided_at=None
    ).count()
    return (session.fee_per_head or Decimal(0)) * heads


def check_is_not_claimed(session: TrainingSession) -> None:
    """What is being paid for stays as it is."""
    lines = PayLine.objects.filter(
        source_model=REGISTER, source_id=session.pk, state__in=_CLAIMED, voided_at=None
    )
    if lines.exists():
        raise Conflict("该期培训费已列入发放批次。")


def check_may_be_paid(session: TrainingSession) -> None:
    """There is a fee, a fund, and nobody was asked for it yet."""
    if not fee_of(session):
        raise DomainError("该期没有培训费，或没有结业学员。", field="fee_per_head")
    if session.fund_id is None:
        raise DomainError("请选择支付资金账。", field="fund")
    check_is_not_claimed(session)


def ask_for_money(sessions: list[TrainingSession], by: Actor) -> None:
    """One roster with one payment to the provider; from there it takes the way of all money."""
    for session in sessions:
        batch = open_batch(
            org=session.fund.org,
            fund=session.fund,
            programme=PROGRAMME,
            title=f"{session}培训费",
            by=by,
        )
        request = PaymentRequest(
            payee=session.provider, amount=fee_of(session), source=session, ref=session.number
        )
        must(add_lines(batch, [request], by=by))


def wrong_payments(lines: Sequence[Any], on: date) -> dict[int, tuple[str, str]]:
    """A provider gets the fee of the heads that completed, for a closed session of his."""
    with acting(SYSTEM):
        sessions = TrainingSession.objects.in_bulk(
            [line.source_id for line in lines if line.source_model == REGISTER]
        )
        fees = {pk: fee_of(session) for pk, session in sessions.items()}
    found: dict[int, tuple[str, str]] = {}
    for position, line in enumerate(lines):
        session = sessions.get(line.source_id) if line.source_model == REGISTER else None
        if session is None or session.state != "closed":
            found[position] = ("F03", "没有已结班的培训期次，不能支付培训费。")
        elif (session.provider_id, fees[session.pk]) != (line.employer_id, line.amount):
            found[position] = (
                "F03",
                f"《{session}》应付{fees[session.pk]:,.2f}元（结业人数乘以每人培训费），付给承办机构。",
            )
    return found


programmes.add_eligibility((PROGRAMME,), wrong_payments)


def _sessions_of(lines: list[PayLine], state: str) -> list[tuple[PayLine, TrainingSession]]:
    own = {line.source_id: line for line in lines if line.source_model == REGISTER}
    rows = TrainingSession.objects.filter(pk__in=own, state=state, voided_at=None)
    return [(own[row.pk], row) for row in rows.order_by("pk")]


def follow_paid(lines: list[PayLine], by: Actor) -> None:
    """A session is settled on the day its provider was paid."""
    pairs = _sessions_of(lines, "closed")
    paid = [{"settled_on": line.paid_on, "settled_amount": line.amount} for line, _ in pairs]
    must(perform_many([row for _, row in pairs], "settle", by=by, each=paid))


def follow_reversed(lines: list[PayLine], by: Actor) -> None:
    """A fee that came back was not paid: the session is closed as before, and may ask for it again."""
    sessions = [row for _, row in _sessions_of(lines, "settled")]
    must(perform_many(sessions, "take_back", by=by, settled_on=None, settled_amount=None))
