"""Supervision: who orders and bears, colours and days, items that answer themselves."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.records.models import RecordLink
from gonghui.kernel.registers.write import create, perform
from gonghui.kernel.workflow.models import Reminder
from gonghui.lines.goals import jobs, supervision
from gonghui.lines.goals.models import (
    SupervisionItem,
    SupervisionLevel,
    SupervisionReply,
    SupervisionSource,
)
from tests.lines.goals.conftest import person_of
from tests.lines.goals.test_matters import matter
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

AUGUST = date(2012, 8, 15)  # a Wednesday


@pytest.fixture
def county(plan):
    return actor_with(Role.COUNTY, org=plan.counties["叶县"])


def item_of(plan, **more):
    values = {
        "org": plan.counties["叶县"],
        "source_kind": SupervisionSource.MEETING,
        "title": "补报覆盖面数据",
        "requirement": "按会议要求补报。",
        **more,
    }
    return create(SupervisionItem, by=plan.dept, **values)


def issued(plan, **more):
    return perform(item_of(plan, **more), "issue", by=plan.dept)


def behind(plan, amount=0, value=300):
    """A target of 叶县 with so much reached by March."""
    org = plan.counties["叶县"]
    target = plan.target(plan.book(org=org), value)
    plan.issue(target.plan)
    target.refresh_from_db()
    if amount:
        come(plan, amount, date(2012, 3, 1))
    return target


def come(plan, amount, on):
    row = {"org": plan.counties["叶县"], "title": "新增", "visited_on": on, "amount": amount}
    create(Visit, by=SYSTEM, **row)


def fresh(item):
    return SupervisionItem._unscoped.get(pk=item.pk)


def all_items():
    return list(SupervisionItem._unscoped.order_by("pk"))


def test_an_item_goes_from_order_to_closing(plan, county):
    with clock.at(AUGUST):
        item = issued(plan)
    assert item.number == "平工督〔2012〕1号"
    assert (item.issued_on, item.due_on) == (AUGUST, date(2012, 8, 29))
    with clock.at(date(2012, 8, 16)):
        item = perform(item, "sign", by=county)
        item = perform(item, "report_progress", by=county, progress="已召开会议部署")
    with clock.at(date(2012, 8, 28)):
        with pytest.raises(DomainError, match="请填写办结报告"):
            perform(item, "reply", by=county)
        item = perform(item, "reply", by=county, report="已全部补报")
        with pytest.raises(DomainError, match="请选择办理结果"):
            perform(item, "close", by=plan.dept)
        item = perform(item, "close", by=plan.dept, result="done", conclusion="属实")
    assert (item.state, item.closed_on, item.closed_in_time) == (
        "closed",
        date(2012, 8, 28),
        True,
    )
    kept = SupervisionReply._unscoped.order_by("pk").values_list("kind", "text", "replied_on")
    assert list(kept) == [
        ("signed", "", date(2012, 8, 16)),
        ("progress", "已召开会议部署", date(2012, 8, 16)),
        ("report", "已全部补报", date(2012, 8, 28)),
    ]


@pytest.mark.parametrize(
    ("level", "due"),
    [
        (SupervisionLevel.ORDINARY, date(2012, 8, 29)),
        (SupervisionLevel.IMPORTANT, date(2012, 8, 22)),
        (SupervisionLevel.URGENT, date(2012, 8, 17)),
    ],
)
def test_the_level_gives_the_working_days(plan, level, due):
    with clock.at(AUGUST):
        item = perform(item_of(plan, level=level), "issue_by_leader", by=plan.leader)
    assert item.due_on == due


def test_important_items_are_ordered_and_closed_by_a_leader(plan, county):
    item = item_of(plan, level=SupervisionLevel.IMPORTANT)
    with pytest.raises(DomainError, match="须由领导交办"):
        perform(item, "issue", by=plan.dept)
    item = perform(item, "issue_by_leader", by=plan.leader)
    item = perform(perform(item, "sign", by=county), "reply", by=county, report="已办")
    with pytest.raises(DomainError, match="须由领导同意办结"):
        perform(item, "close", by=plan.dept, result="done")
    assert perform(item, "close_by_leader", by=plan.leader, result="done").state == "closed"


def test_only_the_bearer_signs_and_answers(plan, county):
    item = issued(plan)
    with pytest.raises(NotAllowed, match="须由主办单位办理"):
        perform(item, "sign", by=plan.dept)
    neighbour = actor_with(Role.COUNTY, org=plan.counties["郏县"])
    with pytest.raises(DomainError) as error:
        perform(item, "sign", by=neighbour)
    assert error.value.code == "not_found"
    with acting(neighbour):
        assert SupervisionItem.objects.count() == 0
    with pytest.raises(NotAllowed):
        create(
            SupervisionItem,
            by=county,
            org=plan.counties["叶县"],
            source_kind="meeting",
            title="x",
            requirement="x",
        )
    city = perform(item_of(plan, org=plan.city, lead_dept="组织部"), "issue", by=plan.dept)
    assert perform(city, "sign", by=plan.dept).state == "signed"


def test_one_open_item_a_record(plan, actuals):
    target = behind(plan, 10)
    with clock.at(AUGUST):
        first = supervision.from_target(target, plan.dept)
        with pytest.raises(Invalid, match="已有未办结的督办件"):
            supervision.from_target(target, plan.leader)
        perform(first, "cancel", by=plan.leader, reason="合并办理")
        assert supervision.from_target(target, plan.leader).state == "registered"
    assert fresh(first).result == "withdrawn"


def test_the_draft_says_what_is_behind_and_asks_for_what_is_planned(plan):
    with clock.at(AUGUST):
        item = supervision.from_target(behind(plan, 148), plan.dept)
    # 300 on the way of 242 of 366 days, whole ones.
    assert item.asked_value == 199
    assert item.title == "T07 走访金额进度滞后"
    assert "实际148元，序时应达186.9元" in item.requirement
    assert "到2012-08-29应达到199元。" in item.requirement


def test_what_is_not_behind_is_not_supervised(plan):
    target = behind(plan, 250)
    with clock.at(AUGUST), pytest.raises(DomainError, match="无须督办"):
        supervision.from_target(target, plan.dept)
    with pytest.raises(DomainError, match="请在目标页面"):
        item_of(plan, source_kind=SupervisionSource.TARGET)


def test_a_matter_is_supervised_until_it_is_no_longer_red(plan, actuals):
    target = plan.issued(2000)
    found = matter(plan, [target])
    with clock.at(AUGUST), acting(plan.dept):
        item = perform(supervision.from_matter(found, plan.dept), "issue", by=plan.dept)
        item = perform(item, "sign", by=plan.dept)
        item = perform(item, "reply", by=plan.dept, report="已采取措施")
        with pytest.raises(DomainError, match="事实尚未改变"):
            perform(item, "close_by_leader", by=plan.leader, result="done")


def test_a_sentence_does_not_close_what_is_still_red(plan, county):
    target = behind(plan, 148)
    with clock.at(AUGUST):
        item = perform(supervision.from_target(target, plan.dept), "issue", by=plan.dept)
        item = perform(item, "sign", by=county)
        with pytest.raises(DomainError) as error:
            perform(item, "reply", by=county, report="已完成", lag_reason="汛期停工")
        assert error.value.field == "remedy"
        words = {"report": "已完成", "lag_reason": "汛期停工", "remedy": "九月补齐"}
        item = perform(item, "reply", by=county, **words)
        with pytest.raises(DomainError, match="事实尚未改变，不能办结"):
            perform(item, "close", by=plan.dept, result="done")
        assert fresh(item).state == "replied"
        closed = perform(
            item, "close_all_the_same", by=plan.leader, result="partly", reason="指标将调整"
        )
    assert closed.state == "closed"


def test_the_item_answers_itself_when_the_figure_is_what_was_asked(plan, county):
    target = behind(plan, 148)
    with clock.at(AUGUST):
        item = perform(supervision.from_target(target, plan.dept), "issue", by=plan.dept)
        perform(item, "sign", by=county)
    with clock.at(date(2012, 8, 20)):
        come(plan, 50, date(2012, 8, 20))
        assert supervision.follow() == 0
    with clock.at(date(2012, 8, 21)):
        come(plan, 1, date(2012, 8, 21))
        assert supervision.follow() == 1
        assert supervision.follow() == 0
    item = fresh(item)
    assert (item.state, item.replied_on) == ("replied", date(2012, 8, 21))
    assert item.report == "截至2012-08-21，台账实际199元，已达到要求的199元。"
    assert sorted(SupervisionReply._unscoped.values_list("kind", flat=True)) == ["signed", "system"]
    with clock.at(date(2012, 8, 22)):
        assert perform(item, "close", by=plan.dept, result="done").closed_in_time


def test_nobody_answers_in_the_systems_name(plan, county):
    item = perform(issued(plan), "sign", by=county)
    with pytest.raises(NotAllowed):
        perform(item, "answer", by=county, report="已达到")


# Proposals


def test_a_target_red_for_14_days_makes_one_proposal(plan):
    # 100 of 300 reached by March: red (below 80 % of the time passed) from 1 June on.
    target = behind(plan, 100)
    first_red = date(2012, 1, 1)
    days = [first_red + timedelta(days=n) for n in range(366)]
    red = next(day for day in days if day > date(2012, 3, 1) and _is_red(plan, target, day))
    with clock.at(red + timedelta(days=13)):
        assert jobs.propose_supervision() == 0
    with clock.at(red + timedelta(days=14)):
        assert jobs.propose_supervision() == 1
        assert jobs.propose_supervision() == 0
    with clock.at(red + timedelta(days=15)):
        assert jobs.propose_supervision() == 0
    (item,) = all_items()
    assert (item.state, item.target, item.org) == ("registered", target, plan.counties["叶县"])
    assert RecordLink.objects.filter(from_id=target.pk, to_id=item.pk).count() == 1


def _is_red(plan, target, day):
    from gonghui.lines.goals.progress import measure

    with acting(plan.dept):
        return measure([target], day)[target.pk].standing.light == "red"


def test_what_was_just_cancelled_is_proposed_again_only_after_the_same_time(plan):
    behind(plan, 10)
    with clock.at(AUGUST):
        jobs.propose_supervision()
        perform(all_items()[0], "cancel", by=plan.leader, reason="合并")
    with clock.at(AUGUST + timedelta(days=13)):
        assert jobs.propose_supervision() == 0
    with clock.at(AUGUST + timedelta(days=15)):
        assert jobs.propose_supervision() == 1


# Days and colours


def colours(item, *days):
    found = []
    for day in days:
        with clock.at(day):
            jobs.follow_supervision()
        found.append(fresh(item).colour)
    return found


def test_unsigned_for_two_working_days_is_yellow_and_overdue_is_red(plan):
    with clock.at(date(2012, 8, 16)):  # a Thursday
        item = issued(plan)
    days = [date(2012, 8, day) for day in (17, 18, 20, 30)] + [date(2012, 8, 31)]
    assert item.due_on == date(2012, 8, 30)
    assert colours(item, *days) == ["", "", "yellow", "yellow", "red"]
    late = fresh(item)
    assert (late.overdue_from, late.overdue_until) == (date(2012, 8, 31), None)


def test_blue_comes_three_working_days_before_the_end(plan, county):
    with clock.at(AUGUST):
        item = perform(issued(plan), "sign", by=county)
    days = [date(2012, 8, day) for day in (23, 24, 29, 30)]
    assert colours(item, *days) == ["", "blue", "blue", "red"]


@pytest.mark.parametrize(("amount", "colour"), [(148, "yellow"), (170, "blue"), (185, "")])
def test_the_pace_of_the_source_colours_the_item(plan, county, amount, colour):
    target = behind(plan, 148)
    with clock.at(AUGUST):
        item = perform(supervision.from_target(target, plan.dept), "issue", by=plan.dept)
        perform(item, "sign", by=county)
        if amount > 148:
            come(plan, amount - 148, AUGUST)
    assert colours(item, AUGUST) == [colour]


def test_what_was_returned_is_yellow(plan, county):
    with clock.at(AUGUST):
        item = perform(perform(issued(plan), "sign", by=county), "reply", by=county, report="已办")
        item = perform(item, "return", by=plan.dept, reason="没有附件")
        assert (item.colour, item.replied_on) == ("yellow", None)
        item = perform(item, "reply", by=county, report="补上附件")
    assert (item.colour, item.replied_on) == ("yellow", AUGUST)


def test_it_is_extended_once_and_before_it_is_due(plan, county):
    with clock.at(AUGUST):
        item = perform(issued(plan), "sign", by=county)
        with pytest.raises(DomainError, match="请填写晚于2012-08-29的日期"):
            perform(item, "ask_extension", by=county, asked_due=date(2012, 8, 29))
        ask = {"asked_due": date(2012, 9, 5), "extension_reason": "防汛"}
        item = perform(item, "ask_extension", by=county, **ask)
        item = perform(item, "refuse_extension", by=plan.dept, reason="时间够用")
        assert (item.due_on, item.asked_due) == (date(2012, 8, 29), None)
        item = perform(item, "ask_extension", by=county, **ask)
        item = perform(item, "grant_extension", by=plan.dept)
        assert (item.due_on, item.extended_on) == (date(2012, 9, 5), AUGUST)
        with pytest.raises(Conflict, match="已延期一次"):
            perform(item, "ask_extension", by=county, asked_due=date(2012, 9, 9))
    other = perform(perform(item_of(plan), "issue", by=plan.dept), "sign", by=county)
    with clock.at(AUGUST), pytest.raises(Conflict, match="已过办结期限"):
        perform(other, "ask_extension", by=county, **ask)


def test_those_who_wait_are_pressed_once_each(plan, county):
    with clock.at(date(2012, 8, 16)):
        item = issued(plan)
    for day in (17, 20, 21, 31):
        with clock.at(date(2012, 8, day)):
            jobs.follow_supervision()
            jobs.follow_supervision()
    marks = Reminder._unscoped.filter(record_id=item.pk).order_by("pk")
    given = [(row.mark, row.roles) for row in marks if "task" not in row.mark]
    assert given == [
        ("unsigned", ["county"]),
        ("unsigned-office", ["dept"]),
        ("overdue-2012-08-30", ["county", "dept", "leader"]),
    ]


def test_what_is_put_aside_is_not_late(plan, county):
    with clock.at(AUGUST):
        item = perform(
            perform(issued(plan), "sign", by=county), "report_progress", by=county, progress="待批"
        )
        with pytest.raises(DomainError, match="复查日期"):
            perform(item, "suspend", by=plan.leader, reason="等省里文件")
        item = perform(
            item, "suspend", by=plan.leader, reason="等省里文件", review_on=date(2012, 10, 8)
        )
    assert colours(item, date(2012, 9, 20)) == [""]
    with clock.at(date(2012, 10, 8)):
        with pytest.raises(DomainError, match="重新填写"):
            perform(item, "resume", by=plan.dept)
        item = perform(item, "resume", by=plan.dept, due_on=date(2012, 10, 19))
    assert (item.overdue_from, item.state) == (None, "doing")


def test_the_figures_count_what_was_ordered_closed_late_and_in_time(plan, county):
    codes = ["goals.sup_issued", "goals.sup_closed", "goals.sup_overdue", "goals.sup_on_time"]

    def read(day):
        period = Period(date(2012, 8, 1), day)
        found = figures(codes, [plan.city], period)
        return [found[code, plan.city.pk].value for code in codes]

    with clock.at(AUGUST):
        items = [perform(issued(plan), "sign", by=county) for _ in range(2)]
        first = perform(items[0], "reply", by=county, report="已办")
        perform(first, "close", by=plan.dept, result="done")
    with clock.at(date(2012, 8, 30)):
        jobs.follow_supervision()
    assert read(date(2012, 8, 29)) == [2, 1, 0, 1]
    assert read(date(2012, 8, 30)) == [2, 1, 1, 1]
    with clock.at(date(2012, 8, 31)):
        second = perform(fresh(items[1]), "reply", by=county, report="已办")
        perform(second, "close", by=plan.dept, result="done")
    assert read(date(2012, 8, 30)) == [2, 1, 1, 1]
    assert read(date(2012, 8, 31)) == [2, 2, 0, Decimal("0.5")]


def test_a_thousand_characters_are_enough(plan, county):
    item = perform(issued(plan), "sign", by=county)
    with pytest.raises(Invalid, match="不超过1000字"):
        perform(item, "reply", by=county, report="办" * 1001)
    assert perform(item, "reply", by=county, report="办" * 1000).state == "replied"


def test_the_person_who_answers_is_kept(plan):
    item = item_of(plan, person=person_of(plan.counties["叶县"]))
    assert item.person.name == "张主席"
