"""Recipes of the line mutual."""

from __future__ import annotations

import itertools
from datetime import date, timedelta

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.shared.funds.models import Fund
from tests.lines.mutual import making
from tests.support.making import DAY, linked, make, recipe

_count = itertools.count(1)


def mutual_fund(org):
    """A fund with an account of its own."""
    number = next(_count)
    with acting(SYSTEM):
        return create(
            Fund,
            by=SYSTEM,
            org=org,
            code=f"2012-HZ-{number}",
            name=f"互助金专户{number}",
            fund_year=2012,
            kind="mutual",
            primary_source="mutual_fee",
            bank_account=f"62220001{number:08d}",
        )


@recipe("mutual.mutual_product")
def product(org):
    return {"fund": mutual_fund(org)}


@recipe("mutual.product_version")
def version(org):
    return {
        "fee_per_share": 40,
        "term_months": 12,
        "wait_days": 30,
        "min_persons": 1,
        "all_below": 0,
        "min_ratio": 0,
    }


def published(org, **over):
    """A version that takes enrolments."""
    with acting(SYSTEM):
        made = make(register_of("mutual.product_version"), org=org, **over)
        return perform(made, "publish", by=SYSTEM)


@recipe("mutual.group_policy")
def policy(org):
    return {
        "product_version": published(org),
        "staff_total": 100,
        "applied_on": min(DAY, clock.today()),
        "is_consented": True,
    }


@recipe("mutual.coverage")
def coverage(org):
    return {"person": linked("members.person", org)}


def draft_version(org):
    """A version whose clauses may be written."""
    return linked("mutual.product_version", org)


@recipe("mutual.product_disease")
def disease(org):
    return {"product_version": draft_version(org)}


@recipe("mutual.benefit_rule")
def rule(org):
    return {"product_version": draft_version(org), "amount": 500}


@recipe("mutual.reserve_snapshot")
def reserve(org):
    return {"as_of": date(2012, 1, 31)}


def covered(org):
    """A person of a union whose cover runs: its policy was paid ten days ago."""
    with acting(SYSTEM), clock.at(clock.now() - timedelta(days=10)):
        one = linked("mutual.group_policy", org)
        (row,) = making.must_enrol(one, linked("members.person", org))
        making.in_force(one)
        return making.fresh(row)


@recipe("mutual.policy_change")
def policy_change(org):
    return {"coverage": covered(org), "on": clock.today()}
