"""Recipes of the line employment."""

from __future__ import annotations

import itertools
from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import perform
from tests.lines.employment import lending
from tests.support.making import DAY, linked, recipe

_count = itertools.count(1)


@recipe("employment.training_session")
def session(org):
    return {"occupation": "电工", "level": "five", "plan_count": 60}


@recipe("employment.placement")
def placement(org):
    return {"source_kind": "self", "own_business": "早餐店"}


@recipe("employment.follow_up")
def follow_up(org):
    placed = linked("employment.placement", org)
    with acting(SYSTEM):
        placed = perform(
            placed,
            "verify",
            by=SYSTEM,
            evidence=["contract"],
            evidence_no="示例",
            late_reason="示例",
        )
    return {"placement": placed}


@recipe("employment.fair_intent")
def intent(org):
    booth = linked("employment.fair_booth", org)
    return {"fair": booth.fair, "booth": booth, "phone": f"199{next(_count):08d}"}


@recipe("employment.micro_loan")
def loan(org):
    return {"asked": 10_000, "term_months": 12}


@recipe("employment.loan_repayment")
def repayment(org):
    with acting(SYSTEM), clock.at(lending.ASKED_ON):
        return {
            "loan": lending.lent(org, lending.fund_of(org)),
            "amount": 100,
            "paid_on": date(2012, 4, 2),
        }


@recipe("employment.loan_visit")
def visit(org):
    with acting(SYSTEM), clock.at(lending.ASKED_ON):
        loan = lending.lent(org, lending.fund_of(org))
    return {"loan": loan, "visited_on": date(2012, 4, 2)}


@recipe("employment.interest_subsidy")
def subsidy(org):
    with acting(SYSTEM), clock.at(lending.ASKED_ON):
        made = lending.signed(org, None, mode="subsidy")
        with clock.at(DAY):
            made = perform(
                made,
                "bank_disburse",
                by=SYSTEM,
                disbursed_on=DAY,
                bank="示例银行",
                bank_loan_no="示例",
            )
    return {"loan": made, "period_from": DAY, "period_to": date(2012, 6, 1), "rate": 5}
