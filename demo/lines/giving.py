"""What was given on the two festivals, on the eighth of March and on the first of June.

Every amount is that of the report, to the cent. Decoys: a roster of the festivals that was sent
back, and one of June that still waits.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from demo import accounts, money
from demo.acting import Timeline, moment
from demo.lines import funds
from demo.lines.filing import CHILDREN, filed_in
from demo.lines.funds import CARE, FESTIVALS, HEARTS
from demo.money import PaymentRequest
from demo.places import COUNTIES
from demo.world import World
from gonghui.base.money import cents, split, yuan
from gonghui.kernel.people.models import Employer, HouseholdMember
from gonghui.kernel.registers.write import perform
from gonghui.lines.aid.models import HardshipFile

EMPLOYERS = 261
MODEL_GIFT = Decimal(1000)
WOMEN, WOMEN_GIFT, WOMEN_LAST = 606, Decimal(800), Decimal(1000)
CHILD_GIFT = Decimal(320)


def _to_households(
    files: Iterable[HardshipFile], amounts: Sequence[Decimal]
) -> list[PaymentRequest]:
    return [
        PaymentRequest(
            payee=file.head,
            household=file.household,
            amount=amount,
            identity_class=file.identity_class,
        )
        for file, amount in zip(files, amounts, strict=True)
    ]


def _pay(
    world: World,
    unit: str,
    fund_code: str,
    programme: str,
    title: str,
    requests: list[PaymentRequest],
    campaign: str,
) -> None:
    """A roster from its making to the signatures; of the city without `unit`."""
    org = world.orgs[unit or "city"]
    batch = money.roster(
        world,
        money.fund_of(org, fund_code),
        programme,
        title,
        requests,
        campaign=campaign,
        unit=unit,
    )
    money.pay(world, money.approve(world, batch, unit=unit), unit=unit)


def _households(world: World) -> None:
    for unit, count in zip(COUNTIES, funds.households_by_county(), strict=True):
        files = filed_in(world, unit.code)[:count]
        requests = _to_households(files, [funds.HOUSEHOLD_GIFT] * count)
        _pay(world, unit.code, HEARTS, "SWN-H", "双节走访慰问困难职工", requests, FESTIVALS)


def _employers_and_models(world: World) -> None:
    """The city itself visits the enterprises in difficulty and the model workers."""
    models = [
        PaymentRequest(payee=person, amount=MODEL_GIFT, is_model_worker=True)
        for person in world.model_workers
    ]
    _pay(world, "", HEARTS, "SWN-M", "双节走访慰问困难劳模", models, FESTIVALS)
    left = funds.FESTIVAL_MONEY - sum(funds.household_money()) - MODEL_GIFT * len(models)
    amounts = [yuan(part) for part in split(cents(left), [1] * EMPLOYERS)]
    employers = list(Employer.objects.filter(voided_at=None).order_by("pk")[:EMPLOYERS])
    requests = [
        PaymentRequest(payee=each, amount=amount)
        for each, amount in zip(employers, amounts, strict=True)
    ]
    _pay(world, "", HEARTS, "SWN-E", "双节走访慰问困难企业", requests, FESTIVALS)


def _sent_back(world: World) -> None:
    """A roster that was not decided upon together; its money is free again."""
    unit = COUNTIES[3].code
    files = filed_in(world, unit).reverse()[:5]
    org, by = world.orgs[unit], world.cast[accounts.approver(unit)]
    batch = money.roster(
        world,
        money.fund_of(org, HEARTS),
        "SWN-H",
        "双节慰问补充名单",
        _to_households(files, [Decimal(1)] * len(files)),
        campaign=FESTIVALS,
        unit=unit,
    )
    perform(batch, "return", by=by, reason="名单未经集体研究，退回。")


def _send_care_down(world: World) -> None:
    city = money.fund_of(world.orgs["city"], CARE)
    shares = zip(_women_money(), _children_money(), strict=True)
    takers = [
        (money.fund_of(world.orgs[unit.code], CARE), women + children)
        for unit, (women, children) in zip(COUNTIES, shares, strict=True)
    ]
    money.allot(world, city, takers, "平工发〔2012〕7号", "三八、六一慰问")


def _women_by_county() -> list[int]:
    return split(WOMEN, funds.households_by_county())


def _women_amounts() -> list[list[Decimal]]:
    """Eight hundred yuan each; the last household, where the need was greatest, got a thousand."""
    amounts = [[WOMEN_GIFT] * count for count in _women_by_county()]
    amounts[-1][-1] = WOMEN_LAST
    return amounts


def _women_money() -> list[Decimal]:
    return [sum(amounts, Decimal(0)) for amounts in _women_amounts()]


def _children_by_county() -> list[int]:
    return split(CHILDREN, funds.households_by_county())


def _children_money() -> list[Decimal]:
    return [CHILD_GIFT * count for count in _children_by_county()]


def _women(world: World) -> None:
    for unit, amounts in zip(COUNTIES, _women_amounts(), strict=True):
        women = filed_in(world, unit.code).filter(head__sex="female")
        requests = _to_households(women[: len(amounts)], amounts)
        _pay(world, unit.code, CARE, "NZG38", "三八节走访慰问困难女职工", requests, funds.WOMEN)


def _children(world: World) -> None:
    for unit, count in zip(COUNTIES, _children_by_county(), strict=True):
        org = world.orgs[unit.code]
        rows = HouseholdMember.objects.filter(
            org__path__startswith=org.path, kinship="child", voided_at=None
        )
        members = list(rows.select_related("person", "household__head").order_by("pk")[:count])
        requests = [
            PaymentRequest(
                payee=each.household.head,
                beneficiary=each.person,
                household=each.household,
                amount=CHILD_GIFT,
            )
            for each in members
        ]
        _pay(world, unit.code, CARE, "ET61", "六一慰问困难女职工子女", requests, funds.CHILDREN)


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""

    def add(when: date, step: Any, hour: int = 14) -> None:
        timeline.add(moment(when, hour), "慰问发放", lambda: step(world))

    add(date(2012, 1, 6), _sent_back)
    add(date(2012, 1, 9), _households)
    add(date(2012, 1, 11), _employers_and_models)
    add(date(2012, 2, 24), _send_care_down)
    add(date(2012, 3, 6), _women)
    add(date(2012, 5, 31), _children)
