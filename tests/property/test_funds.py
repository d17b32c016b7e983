"""Money taken in, sent down, claimed, paid and given back in any order, and broken off anywhere."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import change, create, perform
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import (
    Allotment,
    BudgetAdjustment,
    BudgetLine,
    FundReceipt,
    MonthClose,
    PayBatch,
    PayLine,
)
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import paying
from tests.shared.funds.conftest import Office, office, receive
from tests.support import money
from tests.support.money_model import FRESH, Books, Payment, Pot, Roster
from tests.support.orgs import City

CAP, BUDGET = 2_500, 8_000
BEGUN = datetime(2012, 3, 15, 10, tzinfo=clock.ZONE)
YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))
WRITES = ("INSERT", "UPDATE")

picks = st.integers(0, 99)
amounts = st.sampled_from([300, 700, 1000])
sums = st.sampled_from([2000, 5000, 1000, 500])
# At which statement that writes a step breaks off; most steps come to their end.
faults = st.none() | st.none() | st.integers(0, 9)
rosters = st.lists(
    st.tuples(st.integers(0, 3), amounts, st.sampled_from("甲乙丙丁戊")), min_size=1, max_size=3
)


class Step(NamedTuple):
    """A step of a batch: who takes it, from where, and where its payments are afterwards."""

    who: str
    sources: tuple[str, ...]
    target: str
    lines: str = ""


STEPS = {
    "check": Step("maker", ("draft", "returned"), "checked"),
    "submit": Step("maker", ("checked",), "submitted", "reserved"),
    "dept_review": Step("reviewer", ("submitted",), "dept_ok"),
    "finance_approve": Step("finance", ("dept_ok",), "approved"),
    "send": Step("cashier", ("approved",), "sent"),
    "return": Step("reviewer", ("submitted", "dept_ok"), "returned", "draft"),
    "cancel": Step("maker", ("draft", "checked", "returned"), "cancelled", "withdrawn"),
}
FORWARD = {
    "draft": "check",
    "returned": "check",
    "checked": "submit",
    "submitted": "dept_review",
    "dept_ok": "finance_approve",
    "approved": "send",
    "sent": "result",
}


class BreakdownError(Exception):
    """The power went."""


class MoneyMachine(RuleBasedStateMachine):
    """Random work on a county's money, beside the plain books."""

    tree: City
    county: Office
    city: Office
    workers: list[Person]

    def __init__(self) -> None:
        super().__init__()
        self.undo = transaction.atomic()
        self.undo.__enter__()
        self.moment = BEGUN
        self.books = Books(cap=CAP, budget=BUDGET)
        self.batches: list[PayBatch] = []
        self.lines: dict[int, PayLine] = {}
        self.receipts: list[list[Any]] = []
        self.allotments: list[list[Any]] = []
        self.number = 0
        with clock.at(self.moment), acting(SYSTEM):
            self.above = self.city.fund(0)
            self.fund = self.county.fund(0)
            self.budget = create(
                BudgetLine,
                by=SYSTEM,
                org=self.tree.county,
                fund=self.fund,
                programme_code="ZFWW",
                amount=Decimal(BUDGET),
            )

    def teardown(self) -> None:
        with clock.at(self.moment), acting(SYSTEM):
            paid = figure("funds.paid", self.tree.county, YEAR).value
            raised = figure("funds.raised", self.tree.city, YEAR).value
        assert paid == self.books.sums()["paid"]
        assert raised == sum(amount for _, _, amount, state in self.receipts if state == "in")
        transaction.set_rollback(True)
        self.undo.__exit__(None, None, None)

    def do(self, job: Callable[[], Any], may: bool, fault: int | None, *, verbs: int = 1) -> Any:
        """The result, or None where the step is refused, as it must be, or breaks off half-way.

        One verb must undo itself; only a step of several gets a transaction around it.
        """
        left = fault

        def write(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
            nonlocal left
            if left is not None and sql.startswith(WRITES):
                if left == 0:
                    raise BreakdownError
                left -= 1
            return execute(sql, params, many, context)

        with clock.at(self.moment), acting(SYSTEM):
            try:
                with (
                    transaction.atomic() if verbs > 1 else nullcontext(),
                    connection.execute_wrapper(write),
                ):
                    done = job()
            except BreakdownError:
                return None
            except DomainError:
                if may:
                    raise
                return None
        assert may, "must be refused"
        return done

    def serial(self) -> str:
        self.number += 1
        return f"凭证甲{self.number}"

    @property
    def today(self) -> date:
        return self.moment.date()

    @initialize(first=sums, second=sums, some=st.lists(rosters, min_size=2, max_size=3))
    def work_has_begun(self, first, second, some) -> None:
        self.money_comes_in(False, first, 0, None)
        self.money_comes_in(True, second, 0, None)
        self.money_comes_in(False, 2000, 0, None)
        for rows in some:
            self.a_roster_is_made(rows, None)

    @rule(
        what=st.sampled_from(["in", "down", "arrival", "out"]),
        pick=picks,
        amount=sums,
        back=st.sampled_from([0, 20, 45]),
        fault=faults,
    )
    def money_moves(self, what, pick, amount, back, fault) -> None:
        """Between the city, the county and the world."""
        if what == "in":
            self.money_comes_in(pick % 2 == 1, amount, back, fault)
        elif what == "down":
            self.money_is_sent_down(amount, fault)
        elif what == "arrival" and self.allotments:
            self.an_allotment_arrives_or_goes_back(pick, pick % 3 != 2, fault)
        elif what == "out":
            self.a_receipt_is_reversed(pick, fault)

    def money_comes_in(self, to_city: bool, amount: int, back: int, fault: int | None) -> None:
        pot, fund = (self.books.city, self.above) if to_city else (self.books.county, self.fund)
        on = self.today - timedelta(days=back)
        may = to_city or not self.books.is_closed(on)
        receipt = self.do(lambda: receive(fund, amount, on=on), may, fault, verbs=2)
        if receipt is not None:
            pot.received += amount
            self.receipts.append([receipt, pot, amount, "in"])

    def available(self, pot: Pot) -> int:
        if pot is self.books.city:
            return pot.received - pot.allotted
        return self.books.sums()["available"]

    def a_receipt_is_reversed(self, pick: int, fault: int | None) -> None:
        row = self.receipts[pick % len(self.receipts)]
        receipt, pot, amount, state = row
        may = state == "in" and self.available(pot) >= amount
        if self.do(lambda: perform(receipt, "reverse", by=SYSTEM, reason="重复"), may, fault):
            pot.received -= amount
            row[3] = "reversed"

    def money_is_sent_down(self, amount: int, fault: int | None) -> None:
        def send() -> Any:
            allotment = create(
                Allotment,
                by=SYSTEM,
                org=self.tree.county,
                from_fund=self.above,
                to_fund=self.fund,
                amount=Decimal(amount),
                doc_no=self.serial(),
                purpose="送温暖",
            )
            return perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM)

        made = self.do(send, self.available(self.books.city) >= amount, fault, verbs=3)
        if made is not None:
            self.books.city.allotted += amount
            self.allotments.append([made, amount, "sent"])

    def an_allotment_arrives_or_goes_back(
        self, pick: int, is_taken: bool, fault: int | None
    ) -> None:
        row = self.allotments[pick % len(self.allotments)]
        allotment, amount, state = row
        action, reason = ("accept", "") if is_taken else ("return", "重复")
        if self.do(
            lambda: perform(allotment, action, by=self.county.finance, reason=reason),
            state == "sent",
            fault,
        ):
            row[2] = action
            if is_taken:
                self.books.county.received += amount
            else:
                self.books.city.allotted -= amount

    @rule(
        what=st.sampled_from(["payment", "days", "month", "budget", "freeze", "payment"]),
        pick=picks,
        fault=faults,
    )
    def something_else_happens(self, what, pick, fault) -> None:
        """Kept together: each alone would be drawn as often as a payment."""
        if what == "payment" and self.batches:
            self.a_payment_is_changed(pick, (700, 300, 1000)[pick % 3], fault)
        elif what == "days":
            self.moment += timedelta(days=(1, 1, 2, 25)[pick % 4])
        elif what == "month":
            self.last_month_is_closed(fault)
        elif what == "budget":
            self.the_budget_is_adjusted((-5000, -2000, 1000, 3000)[pick % 4], fault)
        elif what == "freeze" and (self.books.county.is_frozen or pick % 3 == 0):
            self.the_fund_is_frozen_or_not(fault)

    def the_budget_is_adjusted(self, change_by: int, fault: int | None) -> None:
        def adjust() -> Any:
            adjustment = create(
                BudgetAdjustment,
                by=SYSTEM,
                org=self.tree.county,
                budget_line=self.budget,
                change=Decimal(change_by),
                reason="调整",
            )
            return perform(adjustment, "approve", by=SYSTEM)

        amount = self.books.budget + change_by
        if self.do(adjust, amount >= sum(self.books.used()), fault, verbs=2):
            self.books.budget = amount

    def the_fund_is_frozen_or_not(self, fault: int | None) -> None:
        pot = self.books.county
        action = "unfreeze" if pot.is_frozen else "freeze"
        by = self.county.leader if pot.is_frozen else self.county.finance
        if self.do(lambda: perform(self.fund, action, by=by, reason="检查"), True, fault):
            pot.is_frozen = not pot.is_frozen

    def last_month_is_closed(self, fault: int | None) -> None:
        month = (self.today.replace(day=1) - timedelta(days=1)).replace(day=1)
        made = self.do(
            lambda: create(MonthClose, by=self.county.finance, org=self.tree.county, month=month),
            month not in self.books.closed,
            fault,
        )
        if made is not None:
            self.books.closed.add(month)

    @precondition(lambda self: len(self.batches) < 7)
    @rule(rows=rosters, fault=faults)
    def a_roster_is_made(self, rows, fault) -> None:
        def make() -> PayBatch:
            batch = self.county.batch(
                self.fund, [self.workers[rows[0][0]]], rows[0][1], ref=rows[0][2]
            )
            for worker, amount, ref in rows[1:]:
                create(
                    PayLine,
                    by=self.county.maker,
                    batch=batch,
                    person=self.workers[worker],
                    amount=Decimal(amount),
                    ref=ref,
                )
            return batch

        batch = self.do(make, True, fault, verbs=2)
        if batch is not None:
            self.keep(batch, Roster([Payment(*row) for row in rows]))

    def keep(self, batch: PayBatch, roster: Roster) -> None:
        self.books.rosters.append(roster)
        self.batches.append(batch)
        made = PayLine._unscoped.filter(batch=batch).order_by("seq")
        for payment, line in zip(roster.payments, made, strict=True):
            self.lines[id(payment)] = line

    def has_any(self, state: str) -> bool:
        """Whether a payment is in a state."""
        payments = [each for roster in self.books.rosters for each in roster.payments]
        return any(each.state == state for each in payments)

    def chosen(self, pick: int, *states: str) -> tuple[Roster, PayBatch]:
        """A batch, rather one in these states, so that work comes forward."""
        ready = [i for i, each in enumerate(self.books.rosters) if each.state in states]
        places = ready if ready and pick % 4 != 3 else range(len(self.books.rosters))
        place = places[pick % len(places)]
        return self.books.rosters[place], self.batches[place]

    def a_payment_is_changed(self, pick: int, amount: int, fault: int | None) -> None:
        roster, _ = self.chosen(pick, "draft", "checked", "returned")
        payment = roster.payments[pick % len(roster.payments)]
        line = self.lines[id(payment)]
        if self.do(
            lambda: change(line, by=self.county.maker, amount=Decimal(amount)),
            payment.state == "draft",
            fault,
        ):
            if payment.amount != amount and roster.state == "checked":
                roster.state = "draft"
            payment.amount = amount

    @precondition(lambda self: self.batches)
    @rule(pick=picks, steps=st.sampled_from([9, 6, 4, 2, 1]), fails=picks, fault=faults)
    def a_roster_goes_forward(self, pick, steps, fails, fault) -> None:
        """As far as it gets; the last step may break off."""
        roster, batch = self.chosen(pick, "submitted", "dept_ok", "approved", "sent", "draft")
        for left in reversed(range(steps)):
            step = FORWARD.get(roster.state)
            if step is None:
                break
            before = (roster.state, len(roster.waiting()))
            if step == "result":
                self.result(roster, fails=(fails >> left) % 3 == 0, back=0, fault=fault)
            else:
                self.step(roster, batch, step, None if left else fault)
            if before == (roster.state, len(roster.waiting())):
                break

    @precondition(lambda self: self.batches)
    @rule(pick=picks, action=st.sampled_from(sorted(STEPS)), fault=faults)
    def any_step_is_tried(self, pick, action, fault) -> None:
        roster, batch = self.chosen(pick, *STEPS[action].sources)
        self.step(roster, batch, action, fault)

    @precondition(lambda self: any(each.sent_on for each in self.books.rosters))
    @rule(pick=picks, fails=st.booleans(), back=st.sampled_from([0, 0, 1, 20]), fault=faults)
    def a_result_is_registered(self, pick, fails, back, fault) -> None:
        roster, _ = self.chosen(pick, "sent")
        self.result(roster, fails=fails, back=back, fault=fault)

    def step(self, roster: Roster, batch: PayBatch, action: str, fault: int | None) -> None:
        """One step of the whole batch, and what it does to its payments."""
        step = STEPS[action]
        by = getattr(self.county, step.who)
        may = roster.state in step.sources
        if action in ("check", "submit"):
            may = may and self.books.may_be_claimed(roster)
        if action == "submit":
            is_fresh = may and self.moment - roster.checked_at <= FRESH
            may = is_fresh and not self.books.county.is_frozen
        if not self.do(lambda: perform(batch, action, by=by, reason="有误"), may, fault):
            return
        roster.state = step.target
        if action == "check":
            roster.checked_at = self.moment
        if action == "send":
            roster.sent_on = self.today
        for payment in roster.payments:
            payment.state = step.lines or payment.state

    def result(self, roster: Roster, *, fails: bool, back: int, fault: int | None) -> None:
        """The first payment that waits is paid or fails."""
        payment = (roster.waiting() or roster.payments)[0]
        line, on = self.lines[id(payment)], self.today - timedelta(days=back)
        may = (
            roster.state == "sent"
            and payment.state == "reserved"
            and not self.books.is_closed(on)
            and (fails or on >= roster.sent_on)
        )

        def register() -> Any:
            if fails:
                return perform(
                    line, "fail", by=self.county.cashier, failed_on=on, fail_text="账号不符"
                )
            return perform(line, "pay", by=self.county.cashier, paid_on=on)

        if self.do(register, may, fault):
            payment.state, payment.paid_on = ("failed", None) if fails else ("paid", on)
            self.books.settle(roster)

    @precondition(lambda self: self.has_any("failed"))
    @rule(pick=picks, fault=faults)
    def what_failed_is_paid_again(self, pick, fault) -> None:
        roster, batch = self.chosen(pick, "sent", "settled")
        failed = self.books.to_reissue(roster)
        fresh = self.do(lambda: paying.reissue(batch, by=self.county.maker), bool(failed), fault)
        if fresh is not None:
            copies = [Payment(each.worker, each.amount, each.ref, again=each) for each in failed]
            self.keep(fresh, Roster(copies))

    @precondition(lambda self: self.has_any("paid"))
    @rule(pick=picks, fault=faults)
    def a_payment_comes_back(self, pick, fault) -> None:
        roster, _ = self.chosen(pick, "settled", "sent")
        paid = [each for each in roster.payments if each.state == "paid"]
        payment = (paid or roster.payments)[0]
        line = self.lines[id(payment)]

        def give_back() -> Any:
            refund = create(
                FundReceipt,
                by=self.county.finance,
                org=self.tree.county,
                fund=self.fund,
                kind="payee_refund",
                source="own_union",
                payer_name="职工",
                amount=Decimal(payment.amount),
                received_on=self.today,
                evidence_no=self.serial(),
                pay_line=line,
            )
            perform(refund, "confirm", by=self.county.cashier)
            return perform(
                line,
                "reverse",
                by=self.county.leader,
                reversed_on=self.today,
                reverse_reason="不符合条件",
            )

        if self.do(give_back, payment.state == "paid", fault, verbs=3):
            payment.state = "reversed"

    @invariant()
    def the_books_agree(self) -> None:
        with acting(SYSTEM):
            self.fund.refresh_from_db()
            self.above.refresh_from_db()
            self.budget.refresh_from_db()
            assert money.troubles() == []
            states = dict(PayLine.objects.values_list("pk", "state"))
            batches = dict(PayBatch.objects.values_list("pk", "state"))
        sums = self.books.as_decimals()
        assert {name: getattr(self.fund, name) for name in sums} == sums
        assert self.above.allotted_out == self.books.city.allotted
        assert self.above.available == self.available(self.books.city)
        assert (self.budget.reserved, self.budget.spent) == self.books.used()
        assert self.budget.amount == self.books.budget
        payments = [each for roster in self.books.rosters for each in roster.payments]
        assert states == {self.lines[id(each)].pk: each.state for each in payments}
        told = zip(self.batches, self.books.rosters, strict=True)
        assert batches == {batch.pk: roster.state for batch, roster in told}
        had = money.had()
        assert [had.get(f"P{worker.pk}", 0) for worker in self.workers] == [
            self.books.had(place) for place in range(len(self.workers))
        ]


def cap(line: Any, day: date) -> Cap:
    """Visits to one person are worth so much a year."""
    return Cap(
        subject_key=f"P{line.person_id}",
        group="visits",
        period=str(day.year),
        amount=Decimal(CAP),
    )


def test_the_books_agree_after_every_step_and_every_breakdown(tree, monkeypatch):
    monkeypatch.setitem(programmes._caps, "ZFWW", cap)
    with clock.at(BEGUN), acting(SYSTEM):
        MoneyMachine.tree = tree
        MoneyMachine.county, MoneyMachine.city = office(tree.county), office(tree.city)
        MoneyMachine.workers = [
            create(
                Person,
                by=SYSTEM,
                org=tree.union,
                name=f"职工{name}",
                id_no=make_id_number("410402", date(1970, 1, 1), 1 + place),
            )
            for place, name in enumerate("赵钱孙李")
        ]
    run_state_machine_as_test(
        MoneyMachine,
        settings=settings(
            max_examples=8,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            phases=[Phase.explicit, Phase.generate, Phase.shrink],
            database=None,
        ),
    )
