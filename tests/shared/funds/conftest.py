"""A county with money, its offices, and workers to pay."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.identity import make_id_number
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create, perform
from gonghui.shared.campaigns.models import Campaign
from gonghui.shared.funds.models import Fund, FundPurpose, FundReceipt, PayeeAccount
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.support.orgs import actor_with

_count = itertools.count(1)


@dataclass
class Office:
    """Who handles money at a union; four different people."""

    org: Org
    maker: Actor
    reviewer: Actor
    finance: Actor
    cashier: Actor
    leader: Actor

    def fund(self, amount: int, *programmes: str) -> Fund:
        """A fund with so much money, for some programmes."""
        fund = create(
            Fund,
            by=SYSTEM,
            org=self.org,
            code=f"资金{next(_count)}",
            name="送温暖资金",
            fund_year=2012,
            kind="grant",
            primary_source="own_union",
        )
        for programme in programmes or ("ZFWW",):
            create(FundPurpose, by=SYSTEM, fund=fund, programme_code=programme)
        if amount:
            receive(fund, amount)
        fund.refresh_from_db()
        return fund

    def batch(
        self, fund, people, amount=700, *, programme="ZFWW", campaign="", form="cash", ref="慰问1"
    ):
        """A draft batch that gives every person so much."""
        batch = open_batch(
            org=self.org,
            fund=fund,
            programme=programme,
            campaign=campaign,
            title=f"批次{next(_count)}",
            by=self.maker,
            form=form,
        )
        requests = [
            PaymentRequest(payee=each, amount=Decimal(amount), ref=ref, account=account_of(each))
            for each in people
        ]
        for outcome in add_lines(batch, requests, by=self.maker):
            if outcome.error is not None:
                raise outcome.error
        batch.refresh_from_db()
        return batch

    def submitted(self, batch):
        """The batch checked and submitted."""
        return perform(perform(batch, "check", by=self.maker), "submit", by=self.maker)

    def sent(self, batch):
        """The batch approved by everyone it needs and sent."""
        batch = perform(self.submitted(batch), "dept_review", by=self.reviewer)
        if batch.tier == 1:
            batch = perform(batch, "finance_approve", by=self.finance)
        else:
            batch = perform(batch, "finance_review", by=self.finance)
            batch = perform(batch, "approve", by=self.leader, minutes="会议纪要1号")
        return perform(batch, "send", by=self.cashier)


def receive(fund, amount, *, kind="external", on=date(2012, 3, 1), campaign="") -> FundReceipt:
    """A confirmed receipt."""
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=fund.org,
        fund=fund,
        kind=kind,
        source="own_union",
        payer_name="示例单位",
        amount=Decimal(amount),
        received_on=on,
        campaign_code=campaign,
        evidence_no=f"凭证{next(_count)}",
    )
    return perform(receipt, "confirm", by=SYSTEM)


def account_of(person: Person) -> PayeeAccount:
    """The person's account, opened if there is none."""
    found = PayeeAccount.objects.filter(person=person, valid_to=None).first()
    return found or create(
        PayeeAccount,
        by=SYSTEM,
        org=person.org,
        person=person,
        account_no=f"622200001234{next(_count):06d}",
        holder_name=person.name,
        bank_name="示例银行",
        valid_from=date(2010, 1, 1),
    )


@pytest.fixture(autouse=True)
def in_march():
    """Everything happens on 15 March 2012, seen by the system."""
    with clock.at(clock.start_of(date(2012, 3, 15)) + timedelta(hours=10)), acting(SYSTEM):
        yield


def office(org: Org) -> Office:
    """The people of a union's office."""
    return Office(
        org=org,
        maker=actor_with(Role.COUNTY, org=org),
        reviewer=actor_with(Role.COUNTY, org=org),
        finance=actor_with(Role.FINANCE, org=org),
        cashier=actor_with(Role.FINANCE, org=org),
        leader=actor_with(Role.LEADER, org=org),
    )


@pytest.fixture
def county(tree) -> Office:
    """The first county's office."""
    return office(tree.county)


@pytest.fixture
def neighbour(tree) -> Office:
    """The second county's office."""
    return office(tree.neighbour)


@pytest.fixture
def people(tree):
    """Makes workers of the first county's union."""

    def make(count: int) -> list[Person]:
        return [
            create(
                Person,
                by=SYSTEM,
                org=tree.union,
                name=f"职工{chr(0x4E00 + number % 2000)}",
                id_no=make_id_number("410402", date(1970, 1, 1), number % 1000),
            )
            for number in itertools.islice(_count, count)
        ]

    return make


@pytest.fixture
def festivals(tree) -> Campaign:
    """The campaign around New Year and Spring Festival."""
    return create(
        Campaign,
        by=SYSTEM,
        org=tree.city,
        code="2012SJ",
        name="2012年双节送温暖",
        kind="festivals",
        window_from=date(2011, 12, 20),
        window_to=date(2012, 2, 6),
        counts_in_service=True,
    )
