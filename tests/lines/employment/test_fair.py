"""Job fairs: who came to hire, whom they agreed with, and posts that may be shown."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.files.services import attach
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import change, create, create_many, perform, void
from gonghui.lines.employment.models import FairBooth, FairIntent, JobFair, JobPost, Placement
from gonghui.lines.employment.services import fairs
from gonghui.lines.employment.services.sheets import write_intents
from tests.lines.employment.making import LATE
from tests.lines.members.making import employer, person
from tests.support.orgs import actor_with

DAY = date(2012, 5, 16)
YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))
CODES = ["employment.fair_employers", "employment.fair_intents", "employment.fair_hired"]


@pytest.fixture(autouse=True)
def then():
    with clock.at(LATE):
        yield


def fair(org, **values):
    """A fair of the week."""
    return create(
        JobFair,
        by=SYSTEM,
        **{
            "org": org,
            "title": "民营企业招聘周专场",
            "series": "private_week",
            "start_on": DAY,
            "end_on": DAY,
            "venue": "人民广场",
            "plan": "按方案组织",
            **values,
        },
    )


def booth(held, whose, **values):
    """An employer at a fair who came."""
    return create(
        FairBooth,
        by=SYSTEM,
        **{
            "fair": held,
            "employer": whose,
            "ownership": "private",
            "checked_by": "示例",
            "is_attended": True,
            **values,
        },
    )


def intent(at, phone="19900000001", **values):
    """Somebody agreed with an employer."""
    return create(
        FairIntent,
        by=SYSTEM,
        **{
            "fair": at.fair,
            "booth": at,
            "name": "示例",
            "phone": phone,
            "agreed_on": DAY,
            **values,
        },
    )


def numbers(org):
    """Employers, intents, hired."""
    return [figure(code, org, YEAR).value for code in CODES]


def test_an_employer_at_two_venues_and_a_phone_at_two_booths_count_once(tree):
    here, there = fair(tree.county), fair(tree.neighbour)
    one, other = employer(tree.county), employer(tree.county)
    first, second = booth(here, one), booth(here, other)
    elsewhere = booth(there, one)
    booth(there, employer(tree.county), is_attended=False)
    booth(there, employer(tree.county), ownership="state")
    intent(first)
    intent(second, "199-0000-0001")
    intent(elsewhere)
    intent(elsewhere, "19900000002")
    assert numbers(tree.city) == [2, 2, 0]
    assert numbers(tree.county) == [2, 1, 0]
    with pytest.raises(DomainError) as twice:
        intent(first)
    assert "该人员（手机）与该单位的意向已登记。" in twice.value.message
    autumn = booth(fair(tree.county, series="spring"), employer(tree.county))
    intent(autumn, "19900000003")
    assert numbers(tree.city) == [2, 2, 0]
    change(here, by=SYSTEM, series="other")
    assert numbers(tree.city) == [1, 2, 0]
    assert verify(CODES).differing == ()


def test_a_fair_opens_with_checked_employers_and_a_plan_for_safety(tree):
    held = fair(tree.county)
    with pytest.raises(DomainError) as empty:
        perform(held, "open", by=SYSTEM)
    assert empty.value.message == "还没有参会单位，不能开幕。"
    at = booth(held, employer(tree.county), checked_by="", is_attended=False)
    with pytest.raises(DomainError) as unchecked:
        perform(held, "open", by=SYSTEM)
    assert unchecked.value.message == "还有1家参会单位没有核查资质。"
    change(at, by=SYSTEM, checked_by="示例")
    with pytest.raises(DomainError) as unsafe:
        perform(held, "open", by=SYSTEM)
    assert unsafe.value.message == "请上传安全预案（文件名须含“安全”）。"
    attach(held, "安全预案.pdf", b"%PDF-1.4 example", by=SYSTEM)
    opened = perform(held, "open", by=SYSTEM)
    with pytest.raises(DomainError) as unmarked:
        perform(opened, "close", by=SYSTEM)
    assert unmarked.value.message == "请先登记参会单位的当天签到。"
    change(at, by=SYSTEM, is_attended=True)
    closed = perform(opened, "close", by=SYSTEM)
    rows = [intent(at, f"1990000{n:04d}") for n in range(10)]
    for row in rows[:8]:
        perform(row, "drop", by=SYSTEM, reason="未谈成")
    with pytest.raises(DomainError) as few:
        perform(closed, "follow", by=SYSTEM)
    assert few.value.message == "意向10个，有结果的8个，不足90%，请继续跟踪。"
    perform(rows[8], "offer", by=SYSTEM)
    assert perform(closed, "follow", by=SYSTEM).state == "followed"
    with pytest.raises(DomainError) as late:
        booth(held, employer(tree.county))
    assert late.value.message == "《民营企业招聘周专场》已结束或取消，参会单位和签到不能再改。"


def test_who_is_hired_is_reported_to_be_verified(tree):
    at = booth(fair(tree.county), employer(tree.county))
    met = intent(at)
    with pytest.raises(DomainError) as nameless:
        perform(met, "hire", by=SYSTEM, hired_on=date(2012, 6, 1))
    assert nameless.value.message == "登记上岗须选择实名人员。"
    someone = person(tree.county)
    station = actor_with(Role.STATION, org=tree.county)
    intent(booth(met.fair, employer(tree.county)))
    assert numbers(tree.city) == [2, 1, 0]
    perform(met, "hire", by=station, person=someone, hired_on=date(2012, 6, 1))
    refused = intent(at, "19900000009")
    perform(refused, "drop", by=station, reason="待遇不合")
    with acting(SYSTEM):
        assert fairs.who_came(met.fair) == ("登记参会单位2家，当天进场2家，提供岗位0个、需求0人。")
        # He was hired by one employer and spoke with another: he is one person.
        assert fairs.what_was_agreed(met.fair) == (
            "达成初步就业意向2人，已面试或录用待上岗0人，已上岗1人，占意向的50.0%；未达成1人。"
        )
    void(refused, by=SYSTEM, reason="示例")
    # Known by number now, he is still the one who also spoke with another employer.
    assert numbers(tree.city) == [2, 1, 1]
    (job,) = Placement._unscoped.all()
    assert (job.person, job.employer, job.state) == (someone, at.employer, "reported")
    assert figure("employment.placed", tree.city, YEAR).value == 0
    perform(job, "verify", by=SYSTEM, evidence=["contract"], evidence_no="合同", late_reason="晚签")
    assert figure("employment.placed", tree.city, YEAR).value == 1
    assert figure("employment.training_placed", tree.city, YEAR).value == 0
    assert figure("employment.fair_hired_rate", tree.city, YEAR).value == Decimal(1)
    with pytest.raises(DomainError) as invented:
        create(
            Placement,
            by=SYSTEM,
            org=tree.county,
            person=person(tree.county),
            kind="employed",
            source_kind="fair",
            intent=met,
            employer=at.employer,
            started_on=date(2012, 6, 1),
        )
    assert invented.value.message == "人员与来源记录不是同一人。"


def test_a_post_that_discriminates_or_underpays_is_not_shown(tree):
    made = create(
        JobPost,
        by=SYSTEM,
        org=tree.county,
        employer=employer(tree.county),
        title="文员",
        headcount=2,
        wage_from=1700,
        valid_to=date(2012, 9, 1),
        requirements="大专以上，未\u3000婚\n优先",
    )
    with pytest.raises(DomainError) as biased:
        perform(made, "publish", by=SYSTEM)
    assert biased.value.message == "岗位描述含性别或婚育限制“未婚”，请修改。"
    made = change(made, by=SYSTEM, requirements="大专以上")
    with pytest.raises(DomainError) as low:
        perform(made, "publish", by=SYSTEM)
    assert low.value.message == "月薪1700元低于当地最低工资1800元。"
    Parameter.objects.create(
        code="employment.min_wage",
        value=950,
        valid_from=date(2011, 10, 1),
        org=tree.county,
        set_at=clock.now(),
    )
    with pytest.raises(DomainError) as deposit:
        perform(made, "publish", by=SYSTEM)
    assert deposit.value.message == "用人单位须承诺不扣押证件、不收取押金。"
    made = change(made, by=SYSTEM, no_deposit=True)
    assert perform(made, "publish", by=SYSTEM).state == "published"


def test_the_list_of_intents_is_taken_in_once(tree):
    at = booth(fair(tree.county), employer(tree.county))
    rows = [
        {
            "fair": at.fair,
            "booth__employer": at.employer,
            "name": f"示例{n}",
            "phone": f"1990000{n:04d}",
            "agreed_on": DAY,
        }
        for n in range(3)
    ]
    foreign = {**rows[0], "booth__employer": employer(tree.county)}
    wrong = {**rows[0], "phone": "123"}
    outcomes = write_intents([*rows, foreign, wrong], SYSTEM, tree.county)
    assert [each.error and each.error.field for each in outcomes] == [
        None,
        None,
        None,
        "booth__employer",
        "phone",
    ]
    again = write_intents(rows, SYSTEM, tree.county)
    assert [each.record.pk for each in again] == [each.record.pk for each in outcomes[:3]]
    assert FairIntent._unscoped.count() == 3


def test_a_neighbour_adds_nothing_to_a_fair(tree):
    held = fair(tree.county)
    neighbour = actor_with(Role.COUNTY, org=tree.neighbour)
    (outcome,) = create_many(
        FairBooth,
        [{"fair": held, "employer": employer(tree.county), "ownership": "private"}],
        by=neighbour,
    )
    assert isinstance(outcome.error, NotAllowed)


def test_who_came_to_a_fair_is_marked_on_its_day_and_not_afterwards(tree):
    soon = fair(tree.county, start_on=date(2013, 5, 16), end_on=date(2013, 5, 16))
    with pytest.raises(DomainError, match="不能提前登记签到"):
        booth(soon, employer(tree.county))
    held = fair(tree.county)
    came, away = (
        booth(held, employer(tree.county)),
        booth(held, employer(tree.county), is_attended=False),
    )
    attach(held, "安全预案.pdf", b"%PDF-1.4 example", by=SYSTEM)
    closed = perform(perform(held, "open", by=SYSTEM), "close", by=SYSTEM)
    for late in (
        lambda: change(away, by=SYSTEM, is_attended=True),
        lambda: change(came, by=SYSTEM, ownership="state"),
        lambda: void(came, by=SYSTEM, reason="重复"),
        lambda: booth(closed, employer(tree.county)),
    ):
        with pytest.raises(DomainError, match="参会单位和签到不能再改"):
            late()
    change(came, by=SYSTEM, headcount=12)
    assert numbers(tree.city) == [1, 0, 0]


def test_a_fair_that_was_followed_takes_no_more_intents(tree):
    held = fair(tree.county)
    at = booth(held, employer(tree.county))
    perform(held, "cancel", by=SYSTEM, reason="天气")
    with pytest.raises(DomainError, match="不能再登记意向"):
        intent(at)
