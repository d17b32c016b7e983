"""Claims for tests: versions with clauses, a cover of some day, papers, and the people who decide."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.files.services import attach
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.lines.mutual.models import (
    BenefitRule,
    ClaimPaper,
    MutualClaim,
    ProductDisease,
    ProductVersion,
)
from gonghui.shared.funds.models import FundReceipt, PayeeAccount
from tests.lines.mutual.making import fresh, in_force, must_enrol, person, policy, product
from tests.support.orgs import actor_with

_count = itertools.count(1)
# The women's product as its public terms say.
WOMEN_CLAUSES = (
    {"clause": "第五条", "day_to": 30, "amount": 0},
    {"clause": "第六条", "day_from": 31, "day_to": 60, "amount": 500},
    {"clause": "第七条（一）", "day_from": 61, "in_situ": "yes", "amount": 2000},
    {"clause": "第七条（二）", "day_from": 61, "in_situ": "no", "amount": 15000},
)


@dataclass
class Office:
    """Who handles claims; everybody is another person."""

    maker: Actor
    reviewer: Actor
    assessor: Actor
    second: Actor
    finance: Actor
    cashier: Actor
    leader: Actor


def office(tree) -> Office:
    """The people of the first county and the city."""
    return Office(
        maker=actor_with(Role.BASIC, org=tree.union),
        reviewer=actor_with(Role.COUNTY, org=tree.county),
        assessor=actor_with(Role.DEPT, org=tree.city),
        second=actor_with(Role.DEPT, org=tree.city),
        finance=actor_with(Role.FINANCE, org=tree.city),
        cashier=actor_with(Role.FINANCE, org=tree.city),
        leader=actor_with(Role.LEADER, org=tree.city),
    )


def with_clauses(version: ProductVersion, *clauses, **common) -> ProductVersion:
    """The version with clauses, published again."""
    draft = perform(version, "revise", by=SYSTEM, reason="补充细则")
    for clause in clauses:
        create(BenefitRule, by=SYSTEM, product_version=draft, **(common | clause))
    return perform(draft, "publish", by=SYSTEM)


def women_version(tree, **over) -> ProductVersion:
    """The women's product with its four clauses and one illness."""
    version = product(
        tree.city, "women_illness", sex="female", fee_per_share=36, term_months=24, **over
    )
    draft = perform(version, "revise", by=SYSTEM, reason="登记病种")
    create(ProductDisease, by=SYSTEM, product_version=draft, code="C50", name="乳腺癌", group="癌")
    version = perform(draft, "publish", by=SYSTEM)
    return with_clauses(
        version,
        *WOMEN_CLAUSES,
        kind="lump",
        event_kind="diagnosis",
        disease_group="癌",
        ends_cover=True,
    )


def covered(version, at, *, woman=True, **values):
    """A worker whose cover began on 6 March 2012."""
    worker = person(at.org, woman=woman, **values)
    one = policy(version, at, women_total=100)
    (row,) = must_enrol(one, worker)
    in_force(one)
    return fresh(row)


def claim(cover, day, *, by=SYSTEM, **values) -> MutualClaim:
    """A claim for the event on a day of cover, filed three days later (or today)."""
    event_on = cover.starts_on + timedelta(days=day - 1)
    return create(
        MutualClaim,
        by=by,
        **{
            "org": cover.org,
            "person": cover.person,
            "product": cover.product,
            "event_kind": "diagnosis",
            "event_on": event_on,
            "disease": ProductDisease.objects.filter(
                product_version=cover.policy.product_version
            ).first(),
            "applied_on": clock.today(),
            **values,
        },
    )


def hand_in(one: MutualClaim, *kinds: str, by=SYSTEM) -> None:
    """Papers of some kinds and a scan of its own."""
    number = next(_count)
    rows = [{"claim": one, "kind": kind, "paper_no": f"{kind}{number}"} for kind in kinds]
    for outcome in create_many(ClaimPaper, rows, by=by):
        assert outcome.error is None, outcome.error
    attach(one, "材料.pdf", b"%PDF-1.4\n" + str(number).encode(), by=SYSTEM)


def assessing(one: MutualClaim, who: Office, *papers: str) -> MutualClaim:
    """The claim submitted with its papers and reviewed."""
    hand_in(one, "form", *papers, by=who.maker)
    one = perform(fresh(one), "submit", by=who.maker)
    return perform(one, "review", by=who.reviewer)


def approved(one: MutualClaim, who: Office, *papers: str) -> MutualClaim:
    """The claim approved as reckoned, by two where it takes two."""
    one = assessing(one, who, *papers)
    assessed = one.computed
    if assessed < 10_000:
        return perform(one, "assess", by=who.assessor, assessed=assessed)
    one = perform(one, "assess_large", by=who.assessor, assessed=assessed)
    return perform(one, "confirm", by=who.second)


def account_of(someone) -> PayeeAccount:
    """An account of the payee's own."""
    return create(
        PayeeAccount,
        by=SYSTEM,
        org=someone.org,
        person=someone,
        account_no=f"622200009999{next(_count):06d}",
        holder_name=someone.name,
        bank_name="示例银行",
        valid_from=date(2010, 1, 1),
    )


def pour(fund, amount) -> None:
    """So much more money in a fund."""
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=fund.org,
        fund=fund,
        kind="interest",
        source="interest",
        payer_name="示例银行",
        amount=Decimal(amount),
        received_on=clock.today(),
        evidence_no=f"息{next(_count)}",
    )
    perform(receipt, "confirm", by=SYSTEM)


def sent(batch, who: Office):
    """The batch of payments checked, approved by everyone and sent to the bank."""
    batch = perform(perform(fresh(batch), "check", by=who.assessor), "submit", by=who.assessor)
    batch = perform(batch, "dept_review", by=who.second)
    if batch.tier == 1:
        batch = perform(batch, "finance_approve", by=who.finance)
    else:
        batch = perform(batch, "finance_review", by=who.finance)
        batch = perform(batch, "approve", by=who.leader, minutes="会议纪要1号")
    return perform(batch, "send", by=who.cashier)


def everything_of(model, **where):
    """The rows, in order."""
    with acting(SYSTEM):
        return list(model.objects.filter(voided_at=None, **where).order_by("pk"))
