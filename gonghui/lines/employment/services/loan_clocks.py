"""The days that run out on a loan, shown on its page and told to whoever lent, so that nobody need remember them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.parameters.values import number_of, remembered
from gonghui.kernel.workflow.services import remind
from gonghui.lines.employment.models import MicroLoan
from gonghui.lines.employment.models.loan import OWED

KEY = "employment.micro_loan"
_TOLD = [Role.STATION, Role.COUNTY, Role.INDUSTRY]
_SHORTLY = (0, 7)


@dataclass(frozen=True, slots=True)
class Clock:
    """A day that runs out on a loan; its colour says how near it is."""

    mark: str
    label: str
    day: date
    colour: str
    hint: str = ""

    @property
    def left(self) -> int:
        """Days from today; below zero once it is over."""
        return (self.day - clock.today()).days


def clocks_of(loan: MicroLoan) -> list[Clock]:
    """The days that nobody need remember: due, guarantee and limitation."""
    if loan.state not in OWED:
        return []
    days = (
        ("due", "到期日", loan.due_on, ""),
        ("guarantee", "保证期间至", loan.guarantee_to, "请在届满前书面要求保证人承担责任，或起诉"),
        ("limitation", "诉讼时效至", loan.limitation_to, "请书面催收并登记，或起诉"),
    )
    return [
        Clock(mark, label, day, _colour(mark, day), hint)
        for mark, label, day, hint in days
        if day is not None
    ]


def _colour(mark: str, day: date) -> str:
    warned = timedelta(number_of(f"employment.loan_{mark}_warn_days"))
    return "red" if clock.today() >= day - warned else "green"


def remind_of_days() -> int:
    """Tell of loans that are soon due or are late, and of guarantees and limitations that run out."""
    with acting(SYSTEM), remembered():
        loans = MicroLoan.objects.filter(state__in=OWED, voided_at=None).select_related("borrower")
        return sum(_tell(loan) for loan in loans.order_by("pk"))


def _tell(loan: MicroLoan) -> int:
    """Each day is told once; one that was moved is told again."""
    told = [
        (
            f"{each.mark}-{each.day}",
            f"{each.label}{each.day:%Y-%m-%d}（{_left(each)}），{each.hint}",
        )
        for each in clocks_of(loan)
        if each.colour == "red" and each.mark != "due"
    ]
    told += _due(loan)
    if loan.overdue_since is not None:
        told.append(
            (f"overdue-{loan.overdue_since}", f"自{loan.overdue_since:%Y-%m-%d}起逾期，请催收")
        )
    return sum(
        remind(
            KEY,
            loan.pk,
            mark,
            loan.org_id,
            _TOLD,
            f"{loan.borrower.name}的借款{loan.number}{text}。",
        )
        for mark, text in told
    )


def _due(loan: MicroLoan) -> list[tuple[str, str]]:
    """What is said some weeks, a week and no day before the last of it is due."""
    steps = (*_SHORTLY, number_of("employment.loan_due_warn_days"))
    left = (loan.due_on - clock.today()).days if loan.due_on is not None else -1
    step = next((days for days in steps if left <= days), None)
    if left < 0 or step is None:
        return []
    text = f"{loan.due_on:%Y-%m-%d}到期（{'今天' if left == 0 else f'还有{left}天'}），请提醒还款"
    return [(f"due-{loan.due_on}-{step}", text)]


def _left(running: Clock) -> str:
    return f"还有{running.left}天" if running.left >= 0 else f"已过{-running.left}天"
