"""Payments that are in order one by one and odd together; each kind is found once, and nothing else is."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.people.models import Household
from gonghui.kernel.registers.write import change, create, perform
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import KinDeclaration, PayBatch
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import bank, paying, red_flags
from tests.shared.funds.conftest import account_of
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_money import lines_of, pay_all
from tests.support.orgs import actor_with, user_with
from tests.support.people import client_for

DAY = date(2012, 3, 15)


def flags(*codes, year=2012):
    """The words of the flags by kind."""
    return {
        each.rule.code: [flag.text for flag in each.flags]
        for each in red_flags.found_in(year, codes)
        if each.flags
    }


def paid(county, people, **more):
    """A settled cash batch for some people."""
    batch = county.sent(county.batch(county.fund(100_000), people, **more))
    pay_all(county, batch)
    batch.refresh_from_db()
    return batch


def test_ordinary_payments_raise_no_flag(county, people):
    batch = county.sent(county.batch(county.fund(100_000), people(3), form="bank"))
    data = answer(batch, "成功", "成功", "成功")
    bank.take_answer(batch, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    assert flags() == {}


def test_an_account_a_phone_and_the_dead_are_found(county, people):
    workers = people(4)
    batch = paid(county, workers)
    first = account_of(workers[0])
    for line in lines_of(batch)[:2]:
        type(line)._unscoped.filter(pk=line.pk).update(account=first)
    for worker in workers[:3]:
        change(worker, by=SYSTEM, phone="13800000000")
    change(workers[3], by=SYSTEM, deceased_on=date(2012, 3, 1))
    name = f"{workers[0].name[0]}**"
    assert flags() == {
        "account": [f"账号尾号{first.last4}收取了2名收款人的钱，首笔收款人{name}。"],
        "contact": [f"3名收款人登记了同一个电话，首笔收款人{name}。"],
        "deceased": [f"{workers[3].name[0]}**已于2012-03-01去世，本笔2012-03-15发放。"],
    }


@pytest.mark.parametrize("who", ["maker", "reviewer", "finance"])
def test_a_relative_declared_after_the_approval_is_found(county, people, who):
    (worker,) = people(1)
    batch = paid(county, [worker])
    assert flags("kin") == {}
    username = User.objects.get(pk=getattr(county, who).user_id).username
    create(
        KinDeclaration,
        by=SYSTEM,
        org=county.org,
        username=username,
        person=worker,
        relation="sibling",
    )
    text = f"{worker.name[0]}**是经办或审批人备案的亲属（含同户），批次《{batch}》。"
    assert flags("kin") == {"kin": [text]}


def test_a_household_with_four_programmes_is_found(county, people):
    (worker,) = people(1)
    now = clock.now()
    home = Household(org=county.org, head=worker, created_at=now, changed_at=now)
    home.save()
    codes = ("ZFWW", "LMWW", "LMSH", "LMTS")
    for code in codes:
        assert flags("programmes") == {}
        fund = county.fund(1000, code)
        batch = county.batch(fund, [worker], programme=code)
        change(lines_of(batch)[0], by=county.maker, household=home)
        batch.refresh_from_db()
        county.submitted(batch)
    assert flags("programmes") == {"programmes": [f"{worker.name[0]}**一家当年享受4个项目。"]}


def test_a_batch_all_at_the_cap_is_found(county, people, monkeypatch):
    def cap(line, day):
        return Cap(
            subject_key=f"P{line.person_id}", group="v", period=str(day.year), amount=Decimal(1000)
        )

    monkeypatch.setitem(programmes._caps, "ZFWW", cap)
    full = paid(county, people(2), amount=1000)
    mixed = county.batch(county.fund(10_000), people(2), 1000, ref="二")
    change(lines_of(mixed)[0], by=county.maker, amount=Decimal(999))
    mixed.refresh_from_db()
    county.submitted(mixed)
    assert flags("cap") == {"cap": [f"《{full}》2笔全部恰好等于限额。"]}


def test_a_batch_of_one_december_day_is_found(county, people):
    with clock.at(clock.start_of(date(2012, 12, 28)) + timedelta(hours=9)):
        batch = county.sent(county.batch(county.fund(1000), people(1)))
        pay_all(county, batch, on=date(2012, 12, 28))
    paid(county, people(1), ref="三月")
    text = f"《{batch}》于2012-12-28当天编制、审批、发放完毕（年底）。"
    assert flags("same_day") == {"same_day": [text]}
    assert flags("same_day", year=2011) == {}


def test_help_given_again_is_found(county, people, festivals):
    (worker,) = people(1)
    fund = county.fund(10_000, "SWN-M")
    more = {"programme": "SWN-M", "campaign": festivals.code}
    county.submitted(county.batch(fund, [worker], **more))
    again = county.batch(fund, [worker], **more)
    perform(lines_of(again)[0], "allow_repeat", by=county.leader, repeat_reason="火灾")
    assert flags("repeat") == {}
    again.refresh_from_db()
    county.submitted(again)
    assert flags("repeat") == {"repeat": [f"{worker.name[0]}**叠加发放第2次，原因：火灾。"]}


def test_a_payment_that_went_to_another_holder_is_found(county, people):
    (worker,) = people(1)
    batch = county.sent(county.batch(county.fund(1000), [worker], form="bank"))
    bank.take_answer(
        batch, answer(batch, "失败"), file_name="回盘.csv", value_on=DAY, by=county.cashier
    )
    account = account_of(worker)
    type(account)._unscoped.filter(pk=account.pk).update(valid_to=DAY)
    other = account_of(worker)
    type(other)._unscoped.filter(pk=other.pk).update(
        holder_name="王某", relation="spouse", verified_on=DAY
    )
    again = paying.reissue(batch, by=county.maker)
    assert flags("holder") == {}
    county.submitted(again)
    text = f"{worker.name[0]}**重发时换了户名，批次《{again}》。"
    assert flags("holder") == {"holder": [text]}


def test_one_who_took_four_payments_for_others_is_found(county, people):
    batch = county.sent(county.batch(county.fund(100_000), people(4)))
    for number, line in enumerate(lines_of(batch)):
        assert flags("proxy") == {}
        perform(
            line,
            "pay",
            by=county.cashier,
            paid_on=DAY,
            receipt_kind="proxy",
            receipt_on=DAY,
            proxy_name="张三" if number < 4 else "李四",
        )
    assert flags("proxy") == {"proxy": ["“张*”一人代领4笔。"]}


def test_what_nobody_signed_for_in_thirty_days_is_found(county, people):
    batch = county.sent(county.batch(county.fund(100_000), people(2)))
    for line in lines_of(batch):
        perform(line, "pay", by=county.cashier, paid_on=DAY)
    with clock.at(DAY + timedelta(days=30)):
        assert flags("unsigned") == {}
    with clock.at(DAY + timedelta(days=31)):
        text = f"《{batch}》发放后超过30天仍有2笔没有签收。"
        assert flags("unsigned") == {"unsigned": [text]}


def test_flags_are_those_of_ones_own_area_and_for_overseers(tree, county, neighbour, people):
    worker = people(1)[0]
    paid(county, [worker])
    change(worker, by=SYSTEM, deceased_on=date(2012, 3, 1))
    with acting(actor_with(Role.AUDIT, org=neighbour.org)):
        assert flags() == {}
    with acting(actor_with(Role.AUDIT, org=tree.city)):
        assert list(flags()) == ["deceased"]
    page = client_for(user_with(Role.AUDIT, org=tree.city)).get("/funds/red-flags/?year=2012")
    text = page.content.decode()
    assert f"{worker.name[0]}**已于2012-03-01去世" in text
    assert worker.name not in text
    assert f"/r/funds.pay_line/{PayBatch.objects.get().lines.get().pk}/" in text
    assert (
        client_for(user_with(Role.STATION, org=tree.county)).get("/funds/red-flags/").status_code
        == 404
    )


def test_flags_cost_no_more_for_more_payments(county, people):
    asked = []
    for count in (3, 12):
        paid(county, people(count), ref=f"第{count}")
        with CaptureQueriesContext(connection) as queries:
            flags()
        asked.append(len(queries))
    assert asked[0] >= asked[1]
