"""What happens by night: covers end, renewals are called for, each product's money is reckoned."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.write import create, perform
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.mutual.jobs import expire_policies, reckon_reserves, remind_renewals
from gonghui.lines.mutual.models import ReserveSnapshot
from gonghui.lines.mutual.services import reserves
from gonghui.shared.funds.models import PayLine
from tests.lines.mutual.claiming import (
    account_of,
    approved,
    claim,
    covered,
    everything_of,
    office,
    sent,
    with_clauses,
)
from tests.lines.mutual.making import (
    employer,
    fresh,
    in_force,
    must_enrol,
    person,
    policy,
    product,
)
from tests.support.people import client_for, user_with


def value_of(code, org, period):
    return figures([code], [org.pk], period)[code, org.pk].value


def test_a_policy_expires_the_day_after_its_last(tree, on):
    one = policy(product(tree.city), employer(tree.union))
    (row,) = must_enrol(one, person(tree.union))
    in_force(one)
    with on(2013, 3, 5):
        assert expire_policies() == 0
    with on(2013, 3, 6):
        assert expire_policies() == 1
        assert expire_policies() == 0
    assert (fresh(one).state, fresh(row).state) == ("expired", "ended")
    assert verify().is_clean


def test_a_union_is_told_before_its_cover_ends_and_in_the_gap(tree, on):
    one = policy(product(tree.city), employer(tree.union, "老厂"))
    must_enrol(one, person(tree.union))
    in_force(one)  # until 2013-03-05
    told = []
    for day in ((2013, 1, 3), (2013, 1, 4), (2013, 2, 10), (2013, 3, 1), (2013, 3, 20)):
        with on(*day):
            told.append(remind_renewals())
            assert remind_renewals() == 0
    assert told == [0, 1, 1, 1, 1]
    texts = [each.message for each in Reminder._unscoped.order_by("pk")]
    assert "还有60天到期；最迟2013-04-04确认到账才不断保" in texts[0]
    assert "已经到期；最迟2013-04-04确认到账才不断保" in texts[-1]
    with on(2013, 4, 5):
        assert remind_renewals() == 0


def test_who_renewed_is_not_called_and_counts_as_renewed(tree, on):
    version, at = product(tree.city), employer(tree.union)
    both = person(tree.union), person(tree.union)
    one = policy(version, at)
    rows = must_enrol(one, *both)
    in_force(one)
    with on(2013, 2, 1):
        again = policy(version, at)
        must_enrol(again, both[0])
        in_force(again)
        assert remind_renewals() == 0
    with on(2013, 3, 6):
        expire_policies()
    assert [fresh(row).is_renewed for row in rows] == [True, False]
    year = Period.year(2013)
    assert value_of("mutual.renew_rate", tree.county, year) == Decimal("0.5")
    assert verify().is_clean


def test_the_page_of_a_policy_tells_the_last_day_without_a_gap(tree, on):
    version, at = product(tree.city), employer(tree.union)
    one = policy(version, at)
    must_enrol(one, person(tree.union))
    in_force(one)
    browser = client_for(user_with(Role.BASIC, tree.union))
    page = browser.get(f"/r/mutual.group_policy/{one.pk}/").content.decode()
    assert "最迟2013-04-04确认到账，职工不断保" in page.replace(" ", "")
    with on(2013, 4, 20):
        late = policy(version, at)
        page = browser.get(f"/r/mutual.group_policy/{late.pk}/").content.decode()
    assert "会断保" in page
    assert "最迟2013-04-04确认到账才不断保" in page


def test_fees_are_earned_day_by_day_and_set_against_the_money(tree, on):
    version = product(tree.city, wait_days=0)
    version = with_clauses(
        version, {"clause": "第三条", "kind": "lump", "event_kind": "accident", "amount": 30}
    )
    cover = covered(version, employer(tree.union))  # 40 yuan, 2012-03-06 to 2013-03-05: 365 days
    who = office(tree)
    account_of(cover.person)
    with on(2012, 3, 20):
        one = approved(claim(cover, 2, by=who.maker, event_kind="accident"), who, "accident")
        perform(claim(cover, 5, by=who.maker, event_kind="accident"), "submit", by=who.maker)
    with on(2012, 4, 1):
        assert reckon_reserves() == 1
        assert reckon_reserves() == 0
        one = perform(fresh(one), "queue", by=who.assessor)
        (line,) = everything_of(PayLine, source_id=one.pk)
        sent(line.batch, who)
        perform(fresh(line), "pay", by=who.finance, paid_on=date(2012, 4, 1))
    march = everything_of(ReserveSnapshot)[0]
    # 26 of 365 days were earned: 40 × 339 / 365 = 37.15 are not.
    assert (march.as_of, march.balance) == (date(2012, 3, 31), Decimal(40))
    assert (march.unearned_fee, march.earned_fee) == (Decimal("37.15"), Decimal("2.85"))
    assert (march.approved_unpaid, march.reported_estimate) == (Decimal(30), Decimal(30))
    assert (march.owed, march.ratio) == (Decimal("97.15"), Decimal("0.4117"))
    told = Reminder._unscoped.get(register="mutual.reserve_snapshot")
    assert told.message.startswith("红灯：")
    with on(2012, 5, 1):
        reckon_reserves()
    april = everything_of(ReserveSnapshot)[1]
    assert (april.balance, april.approved_unpaid) == (Decimal(10), Decimal(0))
    assert april.earned_fee == Decimal("3.29")
    with on(2013, 1, 4):
        reckon_reserves()
        year = everything_of(ReserveSnapshot)[2]
        assert [reserves.is_of_a_year(each) for each in (april, year)] == [False, True]
        assert reserves.what_came(year) == "2012年，1家单位1人次参加，互助费收入40.00元。"
        assert reserves.what_went(year) == "给付互助金1人次、30.00元；不予给付0人次。"
    half = Period(date(2012, 1, 1), date(2012, 5, 15))
    assert value_of("mutual.solvency", tree.city, half) == april.balance / april.owed
    assert value_of("mutual.payout_rate", tree.city, half) == Decimal(30) / Decimal("6.14")
    assert verify().is_clean


def test_a_month_is_reckoned_once_on_its_last_day(tree, on):
    version = product(tree.city)
    values = {"org": tree.city, "product": version.product}
    with on(2012, 4, 2):
        create(ReserveSnapshot, by=SYSTEM, as_of=date(2012, 3, 31), **values)
        with pytest.raises(DomainError, match="这个月已测算"):
            create(ReserveSnapshot, by=SYSTEM, as_of=date(2012, 3, 31), **values)
        with pytest.raises(DomainError, match="须是月末"):
            create(ReserveSnapshot, by=SYSTEM, as_of=date(2012, 3, 30), **values)
        with pytest.raises(DomainError, match="不能晚于今天"):
            create(ReserveSnapshot, by=SYSTEM, as_of=date(2012, 4, 30), **values)
