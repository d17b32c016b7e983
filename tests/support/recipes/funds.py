"""Recipes of the blocks funds and campaigns."""

from __future__ import annotations

import itertools
from datetime import date
from decimal import Decimal

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.registers.write import create
from gonghui.shared.funds.models import Fund, FundPurpose
from tests.support.making import DAY, linked, recipe
from tests.support.orgs import user_with

_count = itertools.count(1)


@recipe("campaigns.campaign")
def campaign(org):
    return {"code": f"2012T{next(_count)}", "window_from": DAY, "window_to": date(2012, 4, 1)}


@recipe("funds.fund")
def fund(org):
    return {"code": f"2012-SHJZ-{next(_count)}", "fund_year": 2012, "kind": "grant"}


def fund_of(org, programme: str = "ZFWW") -> Fund:
    """A fund that may pay for a programme."""
    with acting(SYSTEM):
        made = create(
            Fund, by=SYSTEM, org=org, name="示例资金", primary_source="own_union", **fund(org)
        )
        create(FundPurpose, by=SYSTEM, fund=made, programme_code=programme)
    return made


@recipe("funds.fund_purpose")
def purpose(org):
    return {"fund": linked("funds.fund", org), "programme_code": "ZFWW"}


@recipe("funds.budget_line")
def budget_line(org):
    return {"fund": fund_of(org), "programme_code": "ZFWW", "amount": Decimal(1000)}


@recipe("funds.fund_receipt")
def receipt(org):
    return {
        "fund": fund_of(org),
        "kind": "external",
        "amount": Decimal(1000),
        "received_on": DAY,
        "evidence_no": f"凭证{next(_count)}",
    }


@recipe("funds.allotment")
def allotment(org):
    giver = Org._unscoped.exclude(pk=org.pk).filter(level=OrgLevel.CITY).first()
    giver = giver or Org._unscoped.exclude(pk=org.pk).first()
    return {"from_fund": fund_of(giver), "to_fund": fund_of(org), "amount": Decimal(100)}


@recipe("funds.bank_template")
def bank_template(org):
    return {
        "bank": f"示例银行{next(_count)}",
        "direction": "out",
        "columns": "序号=序号\n户名=户名\n账号=账号\n金额=金额",
    }


@recipe("funds.pay_batch")
def batch(org):
    return {"fund": fund_of(org), "programme_code": "ZFWW", "opened_on": DAY}


@recipe("funds.pay_line")
def line(org):
    return {
        "batch": linked("funds.pay_batch", org),
        "person": linked("members.person", org),
        "amount": Decimal(500),
        "ref": f"走访{next(_count)}",
    }


@recipe("funds.payee_account")
def account(org):
    return {
        "person": linked("members.person", org),
        "account_no": f"62220000{next(_count):08d}",
        "valid_from": DAY,
    }


@recipe("funds.kin_declaration")
def kin(org):
    return {"username": user_with("county", org=org).username}


@recipe("funds.month_close")
def month(org):
    number = next(_count)
    return {"month": date(2000 + number % 12, number // 12 % 12 + 1, 1)}
