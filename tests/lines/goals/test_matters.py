"""Practical matters and milestones: weights, verification, lights on a day."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed
from gonghui.base.periods import Period
from gonghui.base.wording import percent
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.write import change, create, create_many, perform, void
from gonghui.lines.goals.light import Light
from gonghui.lines.goals.matters import matters_of, standings
from gonghui.lines.goals.models import (
    Issuer,
    MatterPart,
    Milestone,
    PracticalMatter,
    TargetKind,
    TargetWording,
)
from gonghui.lines.goals.progress import measure
from tests.lines.goals.conftest import UNIONS, person_of
from tests.support.orgs import actor_with, make_org
from tests.support.sample.models import Station, Visit

COUNT = "sample.good_visits"
SEATS = "sample.seats"
AUGUST = date(2012, 8, 15)
STEPS = TargetKind.MILESTONE


def milestone(plan, target, seq=1, weight=100, **more):
    values = {
        "target": target,
        "seq": seq,
        "title": f"第{seq}步",
        "weight": Decimal(weight),
        "due_on": target.due_on,
        "responsible": plan.chair,
        "criterion": "有批文",
        **more,
    }
    return create(Milestone, by=plan.dept, **values)


def verified(plan, step, on=date(2012, 6, 30)):
    """The milestone is reported as done by one and verified by another."""
    step = perform(step, "report_done", by=plan.dept, evidence="平工〔2012〕30号", done_on=on)
    return perform(step, "verify", by=plan.leader, verified_by=person_of(plan.city))


def in_steps(plan, weights, **more):
    """An issued target with milestones of these weights."""
    book = plan.book(Issuer.CITY, **({"org": more.pop("org")} if "org" in more else {}))
    target = plan.target(book, 1, "", kind=STEPS, **more)
    steps = [milestone(plan, target, n, weight) for n, weight in enumerate(weights, 1)]
    plan.issue(book)
    target.refresh_from_db()
    return target, steps


def light_of(plan, target, on=AUGUST, as_of=None):
    with acting(plan.dept):
        return measure([target], on, as_of)[target.pk].standing


def matter(plan, targets, org=None, seq=1, weights=None):
    """A published matter of some targets."""
    made = create(
        PracticalMatter,
        by=plan.dept,
        org=org or plan.city,
        year=2012,
        seq=seq,
        title=f"实事{seq}",
        promise="年内办好",
        lead_dept="办公室",
        leader_person=plan.chair,
    )
    shares = weights or [Decimal(100) / len(targets)] * len(targets)
    for target, weight in zip(targets, shares, strict=True):
        create(MatterPart, by=plan.dept, matter=made, target=target, weight=Decimal(weight))
    return perform(made, "publish", by=plan.leader)


# Milestones


@pytest.mark.parametrize(
    ("weights", "done", "due", "pace", "light"),
    [
        ((20, 20, 20, 20, 20), 2, date(2012, 12, 31), "0.642", Light.RED),
        ((70, 30), 1, date(2012, 10, 31), "0.936", Light.YELLOW),
        ((50, 50), 1, date(2012, 12, 31), "0.803", Light.YELLOW),
        ((70, 30), 1, date(2012, 12, 31), "1.124", Light.GREEN),
        ((70, 30), 2, date(2012, 12, 31), None, Light.DONE),
    ],
)
def test_the_light_follows_from_the_weights_that_are_verified(
    plan, weights, done, due, pace, light
):
    target, steps = in_steps(plan, weights, due_on=due)
    for step in steps[:done]:
        with clock.at(date(2012, 7, 2)):
            verified(plan, step)
    found = light_of(plan, target)
    assert found.light is light
    assert (found.pace and f"{found.pace:.3f}") == pace


def test_what_is_only_reported_shows_three_quarters(plan):
    target, (step,) = in_steps(plan, [100])
    with clock.at(date(2012, 7, 2)):
        reported = perform(
            step, "report_done", by=plan.dept, evidence="现场照片3张", done_on=date(2012, 6, 30)
        )
    assert reported.percent == 75
    with acting(plan.dept):
        assert measure([target], AUGUST)[target.pk].share == Decimal("0.75")


def test_a_milestone_counts_from_the_day_it_was_done_as_known_then(plan):
    target, (step,) = in_steps(plan, [100])
    with clock.at(date(2012, 5, 2)):
        step = change(step, by=plan.dept, percent=50)
    with clock.at(date(2012, 7, 10)):
        verified(plan, step, on=date(2012, 6, 30))

    def share(on, as_of=None):
        with acting(plan.dept):
            return measure([target], on, as_of)[target.pk].share

    with clock.at(AUGUST):
        assert [share(date(2012, 4, 30)), share(date(2012, 5, 2))] == [0, Decimal("0.5")]
        assert [share(date(2012, 6, 29)), share(date(2012, 6, 30))] == [Decimal("0.5"), 1]
        assert share(date(2012, 6, 30), date(2012, 7, 9)) == Decimal("0.5")


def test_nobody_writes_100_percent(plan):
    _, (step,) = in_steps(plan, [100])
    with pytest.raises(DomainError, match="100%须有佐证并经他人核实"):
        change(step, by=plan.dept, percent=100)
    with pytest.raises(Invalid):
        change(step, by=plan.dept, percent=60)
    step.refresh_from_db()
    assert (step.percent, step.version) == (0, 1)


def test_who_answers_for_a_milestone_does_not_verify_it(plan):
    _, (step,) = in_steps(plan, [100])
    with pytest.raises(DomainError, match="请填写佐证"):
        perform(step, "report_done", by=plan.dept)
    with pytest.raises(DomainError, match="不能晚于今天"):
        perform(step, "report_done", by=plan.dept, evidence="批文", done_on=date(2012, 2, 1))
    step = perform(step, "report_done", by=plan.dept, evidence="批文")
    assert step.done_on == date(2012, 1, 10)
    with pytest.raises(NotAllowed, match="不能是同一人"):
        perform(step, "verify", by=plan.dept, verified_by=person_of(plan.city))
    with pytest.raises(DomainError, match="核实人不得为责任人"):
        perform(step, "verify", by=plan.leader, verified_by=plan.chair)
    with pytest.raises(DomainError, match="请填写核实人"):
        perform(step, "verify", by=plan.leader)
    step.refresh_from_db()
    assert (step.state, step.percent) == ("reported", 75)


def test_what_was_verified_wrongly_is_taken_up_again(plan):
    target, (step,) = in_steps(plan, [100])
    step = verified(plan, step, on=date(2012, 1, 9))
    assert light_of(plan, target).light is Light.DONE
    again = perform(step, "reopen", by=plan.leader, reason="批文有误")
    assert (again.percent, again.verified_by, again.done_on) == (75, None, None)


def test_the_weights_of_a_target_stay_within_100(plan):
    target = plan.target(plan.book(Issuer.CITY), 1, "", kind=STEPS)
    milestone(plan, target, 1, 60)
    with pytest.raises(DomainError, match=r"权重合计将为100\.5，不能超过100"):
        milestone(plan, target, 2, "40.5")
    both = create_many(
        Milestone,
        [
            {
                "target": target,
                "seq": seq,
                "title": "分两步",
                "weight": Decimal(30),
                "due_on": target.due_on,
                "responsible": plan.chair,
                "criterion": "有批文",
            }
            for seq in (2, 3)
        ],
        by=plan.dept,
    )
    assert [outcome.error.field for outcome in both] == ["weight", "weight"]
    plan.issue(target.plan)
    target.refresh_from_db()
    found = light_of(plan, target)
    assert (found.light, found.reason) == (
        Light.GREY,
        "节点权重合计为60，应为100，不能判断进度。",
    )


def test_the_plan_of_an_issued_target_stands_unless_the_leader_reopens_it(plan):
    _, (first, second) = in_steps(plan, [40, 60])
    for values in ({"weight": Decimal(30)}, {"due_on": date(2012, 12, 30)}):
        with pytest.raises(Conflict, match="由领导办理节点调整"):
            change(first, by=plan.dept, **values)
    with pytest.raises(Conflict, match="节点不能作废"):
        void(second, by=plan.dept, reason="不办了")
    with pytest.raises(NotAllowed):
        perform(first, "adjust", by=plan.dept, reason="方案变了")
    first = perform(first, "adjust", by=plan.leader, reason="方案变了")
    first = change(first, by=plan.dept, weight=Decimal(30))
    with pytest.raises(DomainError, match="调整后节点权重合计须为100"):
        perform(first, "resume", by=plan.leader)
    first = change(first, by=plan.dept, weight=Decimal(40), due_on=date(2012, 11, 30))
    assert perform(first, "resume", by=plan.leader).due_on == date(2012, 11, 30)


def test_milestones_belong_to_a_target_of_their_kind_and_days(plan):
    measured = plan.target(plan.book(), 480)
    with pytest.raises(DomainError, match="只有“节点”类型的目标"):
        milestone(plan, measured)
    target = plan.target(plan.book(Issuer.CITY), 1, "", kind=STEPS)
    with pytest.raises(DomainError, match="起止日期之内"):
        milestone(plan, target, due_on=date(2013, 1, 1))


def test_a_critical_milestone_past_its_day_is_red_and_a_near_one_yellow(plan):
    book = plan.book(Issuer.CITY)
    target = plan.target(book, 1, "", kind=STEPS)
    done = milestone(plan, target, 1, 80)
    next_one = milestone(plan, target, 2, 20, due_on=date(2012, 8, 20), is_critical=True)
    plan.issue(book)
    with clock.at(date(2012, 7, 2)):
        verified(plan, done)
    target.refresh_from_db()
    assert light_of(plan, target, date(2012, 8, 4)).light is Light.GREEN
    near = light_of(plan, target, date(2012, 8, 5))
    assert (near.light, near.reason[:26]) == (
        Light.YELLOW,
        "节点“第2步”2012-08-20到期，目前0%。实",
    )
    late = light_of(plan, target, date(2012, 8, 21))
    assert late.light is Light.RED
    assert late.reason.startswith("关键节点“第2步”2012-08-20到期未完成。")
    with clock.at(date(2012, 8, 12)):
        change(next_one, by=plan.dept, percent=75)
    with clock.at(date(2012, 8, 16)):
        assert light_of(plan, target, AUGUST).light is Light.GREEN


# Practical matters


def test_a_matter_is_promised_with_parts_that_make_100(plan):
    target = plan.issued(480)
    with pytest.raises(DomainError, match="权重合计为90，须为100"):
        matter(plan, [target], weights=[90])


def test_a_published_matter_keeps_its_parts(plan):
    first, second = plan.issued(480), plan.issued(500, issuer=Issuer.CITY)
    found = matter(plan, [first])
    part = MatterPart._unscoped.get()
    with pytest.raises(Conflict, match="实事已公布"):
        change(part, by=plan.dept, weight=Decimal(50))
    with pytest.raises(Conflict, match="实事已公布"):
        void(part, by=plan.dept, reason="换一个")
    with pytest.raises(NotAllowed):
        perform(found, "adjust", by=plan.dept, reason="省总改了")
    found = perform(found, "adjust", by=plan.leader, reason="省总改了")
    change(part, by=plan.dept, weight=Decimal(50))
    with pytest.raises(DomainError, match="权重合计为50"):
        perform(found, "resume", by=plan.leader)
    create(MatterPart, by=plan.dept, matter=found, target=second, weight=Decimal(50))
    assert perform(found, "resume", by=plan.leader).state == "under_way"


def test_a_part_is_of_the_matters_own_organisation_and_in_one_matter_only(plan):
    target = plan.issued(480)
    matter(plan, [target])
    with pytest.raises(Invalid, match="已列入一件实事"):
        matter(plan, [target], seq=2)
    with pytest.raises(DomainError, match="同一组织、同一年度"):
        matter(plan, [plan.issued(500, COUNT, batch=2)], org=plan.counties["叶县"], seq=3)


def test_a_second_matter_of_the_same_number_and_a_thirteenth_are_refused(plan):
    matter(plan, [plan.issued(480)])
    with pytest.raises(Invalid, match="已有这个序号的实事"):
        matter(plan, [])
    with pytest.raises(Invalid):
        matter(plan, [], seq=13)


def test_a_matter_is_closed_when_the_facts_say_so_and_counts_from_then(plan, actuals):
    found = matter(plan, [plan.issued(547)])
    with clock.at(date(2012, 6, 29)), pytest.raises(DomainError, match="尚未完成，不能办结"):
        perform(found, "complete", by=plan.leader, verified_by=person_of(plan.city))
    with clock.at(date(2012, 7, 6)):
        with pytest.raises(DomainError, match="不得为责任领导本人"):
            perform(found, "complete", by=plan.leader, verified_by=plan.chair)
        found = perform(found, "complete", by=plan.leader, verified_by=person_of(plan.city))
    assert (found.state, found.completed_on) == ("completed", date(2012, 7, 6))
    done = [
        figure("goals.matters_done", plan.city, Period(date(2012, 1, 1), day)).value
        for day in (date(2012, 7, 5), date(2012, 7, 6))
    ]
    assert done == [0, 1]


def test_a_part_that_cannot_be_told_is_neither_green_nor_zero(plan, actuals):
    known = plan.issued(100)
    gone = plan.issued(100, COUNT, issuer=Issuer.CITY, code="T01")
    type(gone)._unscoped.filter(pk=gone.pk).update(indicator="teams.studios")
    found = matter(plan, [known, gone])
    with acting(plan.dept):
        (standing,) = standings([found], AUGUST)
    assert (standing.light, standing.reason) == (Light.GREY, "T01：尚未接入，不能判断进度。")
    assert standing.share is None
    assert [part.share for part in standing.parts] == [None, 1]


def test_the_progress_is_the_weighted_mean_of_the_parts_and_none_counts_above_1(plan, actuals):
    target, (first, _) = in_steps(plan, [40, 60], code="T19")
    with clock.at(date(2012, 7, 2)):
        verified(plan, first)
    found = matter(plan, [plan.issued(100), target], weights=[75, 25])
    with acting(plan.dept):
        (standing,) = standings([found], AUGUST)
    assert percent(standing.share) == "85%"
    assert (standing.light, standing.reason[:4]) == (Light.RED, "T19：")


def test_another_county_does_not_see_a_countys_matters(plan):
    county = plan.counties["叶县"]
    target = plan.target(plan.book(Issuer.CITY, county), 48)
    plan.issue(target.plan)
    matter(plan, [target], org=county)
    for name, count in (("叶县", 1), ("郏县", 0)):
        with acting(actor_with(Role.COUNTY, org=plan.counties[name])):
            assert len(matters_of(2012, AUGUST)) == count


# The twelve matters of the specification


def measured(plan, org, value, indicator=UNIONS, **more):
    book = plan.book(Issuer.CITY, org, batch=1 + (indicator != UNIONS))
    target = plan.target(book, value, indicator, **more)
    plan.issue(book)
    target.refresh_from_db()
    return target


def visits(org, count, amount=0, on=date(2012, 4, 2)):
    row = {"org": org, "title": "次", "visited_on": on, "mood": "good"}
    rows = [{**row, "amount": 0 if n else amount} for n in range(count)]
    assert not [o for o in create_many(Visit, rows, by=SYSTEM) if o.error]


def seats(org, count):
    create(Station, by=SYSTEM, org=org, name=f"站{org.pk}", opened_on=date(2012, 3, 1), seats=count)


@pytest.fixture
def twelve(plan):
    """Each matter in an organisation of its own, so that a few sample indicators serve them all."""
    orgs = [make_org(f"第{n}县总工会", OrgLevel.COUNTY, plan.city) for n in range(1, 13)]
    stock = {"kind": TargetKind.STOCK, "baseline_on": date(2012, 1, 1)}
    later = {"window_from": date(2012, 8, 1), "due_on": date(2012, 9, 30)}
    near, around = TargetWording.NEAR, TargetWording.AROUND

    def flow(n, value, amount, **more):
        if amount:
            visits(orgs[n - 1], 1, amount)
        return measured(plan, orgs[n - 1], value, **more)

    def in_station(n, value, base, now):
        if now:
            seats(orgs[n - 1], now)
        return measured(plan, orgs[n - 1], value, SEATS, baseline=Decimal(base), **stock)

    def stepped(n, weights, done, code, due=date(2012, 12, 31), batch=3):
        book = plan.book(Issuer.CITY, orgs[n - 1], batch=batch)
        target = plan.target(book, 1, "", kind=STEPS, code=code, due_on=due)
        steps = [milestone(plan, target, m, weight) for m, weight in enumerate(weights, 1)]
        plan.issue(book)
        for step in steps[:done]:
            with clock.at(date(2012, 7, 2)):
                verified(plan, step)
        target.refresh_from_db()
        return target

    visits(orgs[5], 33)
    visits(orgs[11], 45)
    parts = [
        [flow(1, 500, 500)],
        [in_station(2, 138, 60, 88)],
        [
            flow(3, 6_000_000, 0, **later),
            measured(plan, orgs[2], 3100, COUNT, wording=around, **later),
        ],
        [in_station(4, 2, 0, 0), stepped(4, [30, 70], 1, "T14")],
        [flow(5, 1_500_000, 820_000)],
        [flow(6, 13_600, 6830), measured(plan, orgs[5], 100, COUNT, wording=near)],
        [flow(7, 3000, 2716)],
        [flow(8, 200_000, 151_034)],
        [stepped(9, [20] * 5, 2, "P1")],
        [
            stepped(10, [70, 30], 1, "T19", due=date(2012, 10, 31)),
            stepped(10, [50, 50], 1, "T20", batch=4),
        ],
        [in_station(11, 4, 0, 2)],
        [flow(12, 1000, 836), measured(plan, orgs[11], 100, COUNT)],
    ]
    for n, targets in enumerate(parts, 1):
        matter(plan, targets, org=orgs[n - 1], seq=n)
    return orgs


def test_the_twelve_matters_give_1_2_4_5(plan, twelve):
    def lights():
        with acting(plan.dept):
            found = {each.matter.seq: each.light for each in matters_of(2012, AUGUST)}
        return {light: [n for n in sorted(found) if found[n] is light] for light in Light}

    assert lights() == {
        Light.DONE: [1],
        Light.GREEN: [7, 8],
        Light.YELLOW: [3, 5, 10, 11],
        Light.RED: [2, 4, 6, 9, 12],
        Light.GREY: [],
    }
    visits(twelve[11], 24, on=date(2012, 8, 13))
    assert lights()[Light.GREEN] == [7, 8, 12]
    assert lights()[Light.RED] == [2, 4, 6, 9]
