"""One yuan, one chain: from the donor to the payees and back; and everything that a household got."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.write import change, create, perform
from gonghui.shared.funds.models import Allotment, FundReceipt
from gonghui.shared.funds.services import given, tracing
from tests.shared.funds.conftest import office, receive
from tests.shared.funds.test_money import lines_of, pay_all
from tests.support.orgs import user_with
from tests.support.people import client_for

DAY = date(2012, 3, 15)


@pytest.fixture
def chain(tree, county, people):
    """A donation to the city, sent down to the county, paid to two workers; the donation and a payment."""
    city = office(tree.city)
    upper, lower = city.fund(0), county.fund(0)
    donation = receive(upper, 10_000)
    change_payer(donation, "慷慨公司")
    receive(lower, 500)
    allotment = create(
        Allotment,
        by=SYSTEM,
        org=tree.county,
        from_fund=upper,
        to_fund=lower,
        amount=Decimal(4000),
        doc_no="示例〔2012〕8号",
        purpose="送温暖",
    )
    allotment = perform(perform(allotment, "approve", by=SYSTEM), "send", by=SYSTEM)
    perform(allotment, "accept", by=county.finance)
    lower.refresh_from_db()
    batch = county.sent(county.batch(lower, people(2), 700))
    pay_all(county, batch)
    return donation, lines_of(batch)[0]


def change_payer(receipt, name):
    type(receipt)._unscoped.filter(pk=receipt.pk).update(payer_name=name)


def test_a_donation_leads_down_to_the_batches_that_it_paid(chain):
    donation, line = chain
    found = tracing.below(donation.fund)
    assert [(each.depth, each.fund.org, each.allotted) for each in found] == [
        (0, donation.org, 0),
        (1, line.org, 4000),
    ]
    (batch,) = found[1].batches
    assert (batch, batch.paid_count, batch.paid_sum) == (line.batch, 2, 1400)
    assert found[0].batches == []


def test_a_payment_leads_back_to_whoever_gave(chain, county):
    _, line = chain
    found = tracing.above(line.batch.fund)
    assert [[receipt.amount for receipt in each.receipts] for each in found] == [[500], [10_000]]
    steps = tracing.steps_of(line.batch)
    assert [step.label for step in steps if step.actor_id is not None] == [
        "编制",
        "校验",
        "提交",
        "部门审核通过",
        "财务批准",
        "生成银行文件（领款）",
    ]
    assert steps[0].actor_id == county.maker.user_id


def test_the_pages_tell_the_chain_and_donors_only_to_those_who_may_know(tree, chain, county):
    donation, line = chain
    auditor = client_for(user_with(Role.AUDIT, org=tree.city))
    down = auditor.get(f"/funds/receipts/{donation.pk}/trace/").content.decode()
    assert "占该账到账的100.0%" in down
    assert "示例〔2012〕8号" in down
    assert f"/r/funds.pay_batch/{line.batch_id}/" in down
    back = f"/funds/lines/{line.pk}/trace/"
    assert "慷慨公司" in auditor.get(back).content.decode()
    clerk = client_for(User.objects.get(pk=county.maker.user_id))
    text = clerk.get(back).content.decode()
    assert "慷慨公司" not in text
    assert "10,000.00" in text
    assert "部门审核通过" in text
    assert f'href="{back}"' in clerk.get(f"/r/funds.pay_line/{line.pk}/").content.decode()
    assert clerk.get(f"/funds/receipts/{donation.pk}/trace/").status_code == 404
    stranger = client_for(user_with(Role.COUNTY, org=tree.neighbour))
    assert stranger.get(back).status_code == 404


def test_a_way_round_ends(tree, chain, county):
    """Money sent down in two ways reaches the lower fund once, with both allotments."""
    donation, line = chain
    again = create(
        Allotment,
        by=SYSTEM,
        org=tree.county,
        from_fund=donation.fund,
        to_fund=line.batch.fund,
        amount=Decimal(100),
        doc_no="示例〔2012〕9号",
        purpose="补拨",
    )
    again = perform(perform(again, "approve", by=SYSTEM), "send", by=SYSTEM)
    assert tracing.below(donation.fund)[1].allotted == 4000
    perform(again, "accept", by=county.finance)
    assert [each.allotted for each in tracing.below(donation.fund)] == [0, 4100]


def test_a_household_page_shows_what_every_office_gave(tree, county, neighbour, people):
    head, other = people(2)
    now = clock.now()
    home = Household(org=tree.county, head=head, created_at=now, changed_at=now)
    home.save()
    assert given.payments_to(head.pk, None) == []
    mine = county.batch(county.fund(10_000), [head], 700)
    change(lines_of(mine)[0], by=county.maker, household=home)
    mine.refresh_from_db()
    mine = county.sent(mine)
    pay_all(county, mine)
    theirs = neighbour.batch(neighbour.fund(10_000), [head, other], 300, ref="邻县")
    neighbour.submitted(theirs)
    found = given.payments_to(None, home.pk)
    assert [(line.org, line.amount) for line in found] == [(neighbour.org, 300), (county.org, 700)]
    assert given.payments_to(head.pk, None) == found
    assert (given.sum_of_year(found, 2012), given.sum_of_year(found, 2011)) == (700, 0)
    clerk = client_for(User.objects.get(pk=county.maker.user_id))
    text = clerk.get(f"/r/members.person/{head.pk}/").content.decode()
    assert "已享受的帮扶慰问" in text
    assert str(neighbour.org) in text
    paid, waiting = lines_of(mine)[0], lines_of(theirs)[0]
    assert f'href="/r/funds.pay_line/{paid.pk}/"' in text
    assert f"/r/funds.pay_line/{waiting.pk}/" not in text
    assert "已享受" not in clerk.get(f"/r/funds.pay_batch/{mine.pk}/").content.decode()


def test_an_unconfirmed_receipt_has_gone_nowhere(county):
    fund = county.fund(0)
    draft = create(
        FundReceipt,
        by=county.finance,
        org=county.org,
        fund=fund,
        kind="external",
        source="own_union",
        payer_name="示例单位",
        amount=Decimal(10),
        received_on=DAY,
        evidence_no="未1",
    )
    clerk = client_for(User.objects.get(pk=county.cashier.user_id))
    page = f"/r/funds.fund_receipt/{draft.pk}/"
    assert "资金去向" not in clerk.get(page).content.decode()
    perform(draft, "confirm", by=county.cashier)
    assert "资金去向" in clerk.get(page).content.decode()
