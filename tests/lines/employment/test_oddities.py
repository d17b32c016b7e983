"""What is in order record by record and odd together is pointed out, with the record to begin with."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.parameters.services import set_value
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.employment.models import FairBooth, FairIntent, JobFair
from gonghui.lines.employment.services import oddities
from tests.lines.employment.lending import ASKED_ON, fund_of, lent, repay
from tests.lines.employment.making import LATE, held, people_of
from tests.lines.employment.test_placement import placement
from tests.lines.members.making import employer
from tests.support.orgs import user_with

YEAR = Period.year(2012)


@pytest.fixture(autouse=True)
def then(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(LATE):
        yield


def found(by=SYSTEM, period=YEAR):
    """The texts of what is odd, by kind."""
    with acting(by):
        return {
            each.rule.code: [one.text for one in each.oddities]
            for each in oddities.found_in(period)
            if each.oddities
        }


def test_a_whole_class_at_one_employer_on_one_day(tree):
    rows = held(tree.county, people_of(tree.county, 6))
    small = employer(tree.county)
    for row in rows[:4]:
        placement(row, employer=small)
    assert found() == {}
    last = placement(rows[4], employer=small)
    other_day = placement(rows[5], date(2012, 3, 21), employer=small)
    assert found() == {"same_place": [f"《电工技能培训班》5名学员2012-03-20同日到{small}上岗。"]}
    assert found(period=Period.year(2011)) == {}
    perform(last, "refute", by=SYSTEM, reason="示例")
    change(other_day, by=SYSTEM, started_on=date(2012, 3, 20))
    assert len(found()["same_place"]) == 1
    neighbour = actor_of(user_with(Role.COUNTY, org=tree.neighbour))
    assert found(neighbour) == {}


def test_jobs_at_the_provider_of_the_course(tree):
    school = employer(tree.county)
    (row,) = held(
        tree.county,
        people_of(tree.county, 1),
        provider=school,
        licence_no="示例1号",
        licence_to=date(2013, 1, 1),
    )
    placement(row, employer=school)
    name = row.person.name
    (text,) = found()["at_the_provider"]
    assert text == f"{name[0]}{'*' * (len(name) - 1)}在《电工技能培训班》的承办机构{school}上岗。"


def test_one_telephone_with_two_names(tree):
    fair = create(
        JobFair,
        by=SYSTEM,
        org=tree.county,
        title="招聘会",
        series="spring",
        role="lead",
        start_on=date(2012, 5, 16),
        end_on=date(2012, 5, 17),
        venue="体育场",
        plan="示例",
    )
    for n, name in enumerate(("王示例", "李示例", "王示例")):
        booth = create(
            FairBooth, by=SYSTEM, fair=fair, employer=employer(tree.county), ownership="private"
        )
        phone = "19900000001" if n < 2 else "19900000002"
        create(
            FairIntent,
            by=SYSTEM,
            fair=fair,
            booth=booth,
            name=name,
            phone=phone,
            agreed_on=date(2012, 5, 16),
        )
    assert found() == {"one_phone": ["手机199****0001登记了2个姓名的意向。"]}


def test_who_learns_again_and_again(tree):
    someone = people_of(tree.county, 1)
    for month in (3, 4):
        held(tree.county, someone, start=date(2012, month, 12), end=date(2012, month, 16))
    assert found() == {}
    set_value("employment.often_trained_from", "2", by=SYSTEM, valid_from=LATE, source="示例")
    (text,) = found()["often_trained"]
    assert text.endswith("期内结业2期。")


@pytest.mark.parametrize(("day", "gap"), [(date(2012, 5, 31), 30), (date(2012, 6, 1), None)])
def test_a_loan_that_may_have_paid_the_one_before(tree, day, gap):
    with clock.at(ASKED_ON):
        fund = fund_of(tree.county)
        first = lent(tree.county, fund)
        repay(first, 10_000, date(2012, 5, 1), "还1")
    with clock.at(ASKED_ON):
        lent(tree.county, fund)
    assert found() == {}
    with clock.at(ASKED_ON):
        second = lent(tree.county, fund, on=day, borrower=first.borrower)
    told = found().get("lent_again", [])
    assert len(told) == (1 if gap else 0)
    for text in told:
        assert text.endswith(
            f"2012-05-01还清{first.number}，30天后又借{second.number}，请核对还款来源。"
        )


def test_the_page_begins_with_the_record(tree, client):
    rows = held(tree.county, people_of(tree.county, 5))
    small = employer(tree.county)
    made = [placement(row, employer=small) for row in rows]
    client.force_login(user_with(Role.AUDIT, org=tree.city))
    page = client.get("/employment/oddities/?during=year").content.decode()
    assert "同一期学员同日到同一单位（1）" in page
    assert f"/r/employment.placement/{made[0].pk}/" in page
    assert "没有发现：学员在承办机构上岗、" in page
    client.force_login(user_with(Role.BASIC, org=tree.union))
    assert client.get("/employment/oddities/").status_code == 404
