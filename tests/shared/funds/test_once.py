"""Every command that moves money has its effect once: broken off anywhere, given four times at once, given again."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import connection

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.imports import services as imports
from gonghui.kernel.registers.registry import all_registers, register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.shared.campaigns.models import Campaign
from gonghui.shared.funds.models import (
    Allotment,
    BudgetAdjustment,
    BudgetLine,
    FundEntry,
    FundReceipt,
    MonthClose,
    PayBatch,
    PayLine,
)
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.requests import open_batch
from tests.shared.funds.conftest import Office, office, receive
from tests.shared.funds.planting import Payee, homes_at, sheet_of
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_concurrent import refund_of
from tests.shared.funds.test_money import lines_of, pay_all
from tests.support import money
from tests.support.rivals import at_once

pytestmark = pytest.mark.django_db(transaction=True)

DAY = date(2012, 3, 15)
WRITES = ("INSERT", "UPDATE", "DELETE")

# Actions of the money registers that move nothing, and why giving them again does no harm.
HARMLESS = {
    ("funds.pay_batch", "reopen"): "a checked batch is a draft again; nothing was claimed",
    ("funds.pay_batch", "settle"): "follows from the last payment; nobody gives it",
    ("funds.pay_line", "reserve"): "follows from submitting the batch; nobody gives it",
    ("funds.pay_line", "release"): "follows from returning the batch; nobody gives it",
    ("funds.pay_line", "withdraw"): "follows from cancelling the batch; nobody gives it",
    ("funds.pay_line", "sign"): "says again what proves the payment; the payment stays",
    ("funds.payee_account", "verify"): "no money; the state allows it once",
    ("funds.payee_account", "close"): "no money; the state allows it once",
    ("funds.audit_sample", "draw"): "reads payments only",
    ("funds.audit_sample", "finish"): "reads payments only",
}


@dataclass
class World:
    """A county's office, the city's above it, and people to pay."""

    county: Office
    city: Office
    people: Callable[[int], list[Any]]
    festivals: Campaign


@dataclass
class Command:
    """Something a person asks for, and the entries of the funds that it makes."""

    give: Callable[[], Any]
    entries: dict[str, int] = field(default_factory=dict)


Case = Callable[[World], Command]
CASES: dict[tuple[str, str], Case] = {}


def case(register: str, action: str) -> Callable[[Case], Case]:
    """How a command is brought about, afresh for each test."""

    def add(function: Case) -> Case:
        CASES[register, action] = function
        return function

    return add


def acting_on(record: Any, action: str, by: Any, **values: Any) -> Callable[[], Any]:
    return lambda: perform(record, action, by=by, **values)


# Receipts and allotments.


def fresh_receipt(world: World, fund: Any) -> FundReceipt:
    return create(
        FundReceipt,
        by=world.county.maker,
        org=world.county.org,
        fund=fund,
        kind="external",
        source="own_union",
        payer_name="示例单位",
        amount=Decimal(1000),
        received_on=DAY,
        evidence_no="凭证",
    )


@case("funds.fund_receipt", "confirm")
def _(world: World) -> Command:
    receipt = fresh_receipt(world, world.county.fund(0))
    return Command(acting_on(receipt, "confirm", world.county.finance), {"receive": 1})


@case("funds.fund_receipt", "reverse")
def _(world: World) -> Command:
    receipt = receive(world.county.fund(5000), 1000)
    by = world.county.leader
    return Command(acting_on(receipt, "reverse", by, reason="重复"), {"reverse_receipt": 1})


def allotment(world: World, *steps: str) -> Allotment:
    made = create(
        Allotment,
        by=SYSTEM,
        org=world.county.org,
        from_fund=world.city.fund(10_000),
        to_fund=world.county.fund(0),
        amount=Decimal(1000),
        doc_no="示例〔2012〕1号",
        purpose="送温暖",
    )
    for step in steps:
        made = perform(made, step, by=SYSTEM)
    return made


@case("funds.allotment", "approve")
def _(world: World) -> Command:
    return Command(acting_on(allotment(world), "approve", world.city.leader))


@case("funds.allotment", "send")
def _(world: World) -> Command:
    made = allotment(world, "approve")
    return Command(acting_on(made, "send", world.city.finance), {"allot": 1})


@case("funds.allotment", "accept")
def _(world: World) -> Command:
    made = allotment(world, "approve", "send")
    return Command(acting_on(made, "accept", world.county.finance), {"receive": 1})


@case("funds.allotment", "return")
def _(world: World) -> Command:
    made = allotment(world, "approve", "send")
    give = acting_on(made, "return", world.county.finance, reason="重复")
    return Command(give, {"allot_back": 1})


# Funds and budgets.


@case("funds.fund", "freeze")
def _(world: World) -> Command:
    fund = world.county.fund(1000)
    return Command(acting_on(fund, "freeze", world.county.finance, reason="检查"))


@case("funds.fund", "unfreeze")
def _(world: World) -> Command:
    fund = perform(world.county.fund(1000), "freeze", by=world.county.finance, reason="检查")
    return Command(acting_on(fund, "unfreeze", world.county.leader))


@case("funds.fund", "close")
def _(world: World) -> Command:
    return Command(acting_on(world.county.fund(1000), "close", world.county.finance))


def adjustment(world: World) -> BudgetAdjustment:
    line = create(
        BudgetLine,
        by=SYSTEM,
        org=world.county.org,
        fund=world.county.fund(1000),
        programme_code="ZFWW",
        amount=Decimal(1000),
    )
    return create(
        BudgetAdjustment,
        by=world.county.maker,
        org=world.county.org,
        budget_line=line,
        change=Decimal(500),
        reason="追加",
    )


@case("funds.budget_adjustment", "approve")
def _(world: World) -> Command:
    return Command(acting_on(adjustment(world), "approve", world.county.leader))


@case("funds.budget_adjustment", "refuse")
def _(world: World) -> Command:
    return Command(acting_on(adjustment(world), "refuse", world.county.leader, reason="不需要"))


# Batches: every step from every office.


def batch_at(world: World, step: str, *, amount: int = 700, form: str = "bank") -> PayBatch:
    """A batch of two payments that has come so far."""
    county = world.county
    batch = county.batch(county.fund(200_000), world.people(2), amount, form=form)
    small = amount * 2 <= 50_000
    way: list[tuple[str, Any, dict[str, Any]]] = [
        ("check", county.maker, {}),
        ("submit", county.maker, {}),
        ("dept_review", county.reviewer, {}),
        ("finance_approve" if small else "finance_review", county.finance, {}),
        *([] if small else [("approve", county.leader, {})]),
        ("send", county.cashier, {}),
    ]
    for action, by, values in way:
        if action == step:
            return batch
        batch = perform(batch, action, by=by, **values)
    return batch


@case("funds.pay_batch", "check")
def _(world: World) -> Command:
    return Command(acting_on(batch_at(world, "check"), "check", world.county.maker))


@case("funds.pay_batch", "submit")
def _(world: World) -> Command:
    batch = batch_at(world, "submit")
    return Command(acting_on(batch, "submit", world.county.maker), {"reserve": 1})


@case("funds.pay_batch", "dept_review")
def _(world: World) -> Command:
    batch = batch_at(world, "dept_review")
    return Command(acting_on(batch, "dept_review", world.county.reviewer))


@case("funds.pay_batch", "finance_approve")
def _(world: World) -> Command:
    batch = batch_at(world, "finance_approve")
    return Command(acting_on(batch, "finance_approve", world.county.finance))


@case("funds.pay_batch", "finance_review")
def _(world: World) -> Command:
    batch = batch_at(world, "finance_review", amount=40_000)
    return Command(acting_on(batch, "finance_review", world.county.finance))


@case("funds.pay_batch", "approve")
def _(world: World) -> Command:
    batch = batch_at(world, "approve", amount=40_000)
    return Command(acting_on(batch, "approve", world.county.leader))


@case("funds.pay_batch", "send")
def _(world: World) -> Command:
    return Command(acting_on(batch_at(world, "send"), "send", world.county.cashier), {"send": 1})


@case("funds.pay_batch", "return")
def _(world: World) -> Command:
    batch = batch_at(world, "dept_review")
    give = acting_on(batch, "return", world.county.reviewer, reason="金额有误")
    return Command(give, {"release": 1})


@case("funds.pay_batch", "cancel")
def _(world: World) -> Command:
    batch = batch_at(world, "check")
    return Command(acting_on(batch, "cancel", world.county.maker, reason="不发了"))


@case("funds.pay_batch", "archive")
def _(world: World) -> Command:
    batch = batch_at(world, "", form="cash")
    pay_all(world.county, batch)
    return Command(acting_on(batch, "archive", world.county.maker))


# Payments one by one.


@case("funds.pay_line", "pay")
def _(world: World) -> Command:
    line = lines_of(batch_at(world, "", form="cash"))[0]
    signed = {"paid_on": DAY, "receipt_kind": "sign", "receipt_on": DAY}
    return Command(acting_on(line, "pay", world.county.cashier, **signed), {"pay": 1})


@case("funds.pay_line", "fail")
def _(world: World) -> Command:
    line = lines_of(batch_at(world, "", form="cash"))[0]
    give = acting_on(line, "fail", world.county.cashier, failed_on=DAY, fail_text="未来领取")
    return Command(give, {"fail": 1})


@case("funds.pay_line", "reverse")
def _(world: World) -> Command:
    batch = batch_at(world, "", form="cash")
    pay_all(world.county, batch)
    line = lines_of(batch)[0]
    perform(refund_of(world.county, line), "confirm", by=world.county.cashier)
    why = {"reversed_on": DAY, "reverse_reason": "不符合条件"}
    return Command(acting_on(line, "reverse", world.county.leader, **why), {"reverse": 1})


@case("funds.pay_line", "allow_repeat")
def _(world: World) -> Command:
    county = world.county
    workers, fund = world.people(1), county.fund(10_000)
    county.submitted(county.batch(fund, workers, 700))
    line = lines_of(county.batch(fund, workers, 700))[0]
    return Command(acting_on(line, "allow_repeat", county.leader, repeat_reason="再次受灾"))


# What is no action of a record.


@case("services", "the bank's answer")
def _(world: World) -> Command:
    batch = batch_at(world, "")
    data = answer(batch, "成功", "失败")
    by = world.county.cashier
    return Command(
        lambda: bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=by),
        {"pay": 1, "fail": 1},
    )


@case("services", "paying again what failed")
def _(world: World) -> Command:
    batch = batch_at(world, "")
    data = answer(batch, "成功", "失败")
    bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=world.county.cashier)
    return Command(lambda: paying.reissue(batch, by=world.county.maker))


@case("services", "closing a month")
def _(world: World) -> Command:
    month = date(2012, 2, 1)
    return Command(
        lambda: create(MonthClose, by=world.county.finance, org=world.county.org, month=month)
    )


@case("services", "writing a roster")
def _(world: World) -> Command:
    county = world.county
    homes_at(county.org, range(1, 4))
    batch = open_batch(
        org=county.org,
        fund=county.fund(10_000, "SWN-H"),
        programme="SWN-H",
        campaign=world.festivals.code,
        title="双节送温暖花名册",
        by=county.maker,
    )
    data = sheet_of([Payee(place) for place in range(1, 4)])
    run = imports.upload(
        register_of(PayLine), "花名册.xlsx", data, by=county.maker, org=batch.org, parent=batch
    )
    run = imports.check(run, by=county.maker, in_background=False)
    assert run.new_count == 3

    def write() -> Any:
        done = imports.write_run(run, by=county.maker, in_background=False)
        if done.state != "done":
            raise DomainError(done.failure or done.state)
        return done

    return Command(write)


def test_every_command_of_the_money_registers_is_in_one_of_the_lists():
    commands = {
        (register.key, transition.name)
        for register in all_registers()
        if register.line == "funds" and register.workflow is not None
        for transition in register.workflow.transitions
    }
    proved = {key for key in CASES if key[0] != "services"}
    assert proved | set(HARMLESS) == commands
    assert not proved & set(HARMLESS)


@pytest.fixture
def world(tree, county, people, festivals) -> World:
    return World(county=county, city=office(tree.city), people=people, festivals=festivals)


def stored() -> dict[str, list[Any]]:
    """Every row of the money, as it stands."""
    return {
        model._meta.label: sorted(unscoped(model).values_list(), key=str)
        for model in apps.get_app_config("funds").get_models()
    }


def events() -> Counter[str]:
    return Counter(unscoped(FundEntry).values_list("event", flat=True))


class PowerWentError(Exception):
    """In the middle of it."""


def broken_off(give: Callable[[], Any], at: int) -> bool:
    """Whether the command came to a write numbered so; it ends there as if the power went."""
    left = at

    def write(execute: Any, sql: str, params: Any, many: Any, context: Any) -> Any:
        nonlocal left
        if sql.startswith(WRITES):
            if left == 0:
                raise PowerWentError
            left -= 1
        return execute(sql, params, many, context)

    try:
        with connection.execute_wrapper(write):
            give()
    except PowerWentError:
        return True
    return False


def refusals(results: list[Any]) -> list[DomainError]:
    errors = [each for each in results if isinstance(each, Exception)]
    assert [each for each in errors if not isinstance(each, DomainError)] == []
    return errors


every_command = pytest.mark.parametrize("command", CASES, ids=lambda key: f"{key[0]}: {key[1]}")


@every_command
def test_a_command_given_four_times_at_once_and_again_has_effect_once(world, command):
    made = CASES[command](world)
    before = events()
    results = at_once([made.give] * 4)
    assert len(refusals(results)) == 3
    assert events() - before == Counter(made.entries)
    done = stored()
    with pytest.raises(DomainError):
        made.give()
    assert stored() == done
    assert money.troubles() == []


@pytest.mark.parametrize(
    # A roster's writer that was killed is taken up by the import's own steps: tests/fault.
    "command",
    [key for key in CASES if key != ("services", "writing a roster")],
    ids=lambda key: f"{key[0]}: {key[1]}",
)
def test_a_command_broken_off_at_any_write_has_not_happened_and_can_be_given_again(world, command):
    made = CASES[command](world)
    before, rows = events(), stored()
    for place in itertools.count():
        if not broken_off(made.give, place):
            break
        assert stored() == rows, place
        assert events() == before, place
        assert money.troubles() == [], place
    assert place
    assert events() - before == Counter(made.entries)
    assert stored() != rows
    assert money.troubles() == []
