"""Targets with their months, and the sheets that plan books and milestones come as."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.excel.write import Column, write_rows
from gonghui.kernel.imports import services as imports
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.goals import people
from gonghui.lines.goals.decomposition import Weighting, decompose
from gonghui.lines.goals.in_force import terms_of
from gonghui.lines.goals.light import planned_on
from gonghui.lines.goals.models import Milestone, Target, TargetKind, TargetRevision
from gonghui.lines.goals.progress import aim_of
from tests.lines.goals.conftest import person_of

MONTHS = "0、0、10、20、30、40、50、60、70、80、90、100"
LABELS = (
    "目标编号", "原文", "类型", "指标", "关系", "目标值", "措辞", "起", "止", "序时进度",
    "牵头部室", "责任领导",
)  # fmt: skip


def row(**over):
    given = {
        "目标编号": "T07", "原文": "全面完成全年组建工作目标", "类型": "数量流量", "指标": "走访金额",
        "关系": "不少于", "目标值": "480", "措辞": "", "起": "2012-01-01", "止": "2012-12-31",
        "序时进度": "", "牵头部室": "组织部", "责任领导": "张主席",
    }  # fmt: skip
    return [{**given, **over}[label] for label in LABELS]


def brought(register, rows, labels, *, by, parent):
    """What became of a sheet that was uploaded for a record."""
    file = io.BytesIO()
    write_rows(file, [Column(label=label) for label in labels], rows)
    with acting(by):
        run = imports.upload(
            register, "表.xlsx", file.getvalue(), by=by, org=parent.org, parent=parent
        )
        run = imports.check(run, by=by, in_background=False)
        return imports.write_run(run, by=by, in_background=False)


def test_a_target_by_months_asks_for_what_its_months_say(plan):
    target = plan.target(plan.book(), 500, schedule=MONTHS.replace("、", " "))
    aim = aim_of(target, terms_of([target], date(2012, 6, 30))[target.pk])
    asked = {
        day: planned_on(aim, day, Decimal(500)) for day in (date(2012, 2, 29), date(2012, 6, 30))
    }
    assert asked == {date(2012, 2, 29): 0, date(2012, 6, 30): 200}
    even = plan.target(plan.book(batch=2), 500, indicator="sample.visited")
    aim = aim_of(even, terms_of([even], date(2012, 6, 30))[even.pk])
    assert planned_on(aim, date(2012, 6, 30), Decimal(500)) == 249


@pytest.mark.parametrize(
    ("schedule", "more"),
    [
        ("10、20", {}),
        (MONTHS.replace("100", "99"), {}),
        (MONTHS.replace("50", "5"), {}),
        (MONTHS.replace("50", "一半"), {}),
        (MONTHS.replace("50", "NaN"), {}),
        (MONTHS, {"due_on": date(2013, 3, 1)}),
        (MONTHS, {"kind": TargetKind.QUALITATIVE, "indicator": "", "value": None}),
    ],
)
def test_months_that_make_no_schedule_are_refused_at_the_field(plan, schedule, more):
    given = {"value": 500, **more}
    with pytest.raises(DomainError, match="序时进度") as refused:
        plan.target(plan.book(), given.pop("value"), schedule=schedule, **given)
    assert refused.value.field == "schedule"
    with acting(SYSTEM):
        assert not Target.objects.exists()


def test_the_shares_of_a_target_follow_its_months(plan):
    target = plan.target(plan.book(), 100, schedule=MONTHS)
    shares = decompose(target, Weighting.EQUAL, by=plan.dept)
    assert shares
    with acting(SYSTEM):
        assert set(Target.objects.filter(parent=target).values_list("schedule", flat=True)) == {
            MONTHS
        }


def test_a_due_day_moved_to_the_next_year_leaves_the_months_behind(plan):
    target = plan.issued(500, schedule=MONTHS)
    revision = create(
        TargetRevision, by=plan.dept, target=target, new_due=date(2013, 3, 31), reason="延期",
        doc_no="豫工文〔2012〕30号", effective_from=date(2012, 10, 1),
    )  # fmt: skip
    perform(revision, "approve", by=plan.leader)
    terms = terms_of([target], date(2012, 11, 1))[target.pk]
    assert (terms.due_on, aim_of(target, terms).monthly) == (date(2013, 3, 31), ())


def test_the_targets_of_a_book_come_in_by_a_sheet(plan):
    book, register = plan.book(), register_of(Target)
    rows = [
        row(),
        row(
            目标编号="T16",
            指标="sample.visited",
            类型="去重人数",
            目标值="13600",
            措辞="近",
            序时进度=MONTHS,
        ),
        row(目标编号="T18", 类型="节点", 指标="", 目标值=""),
        row(目标编号="T99", 指标="没有的数"),
        row(目标编号="T98", 责任领导="没有这个人"),
        row(目标编号="T97", 指标="走访次数", 目标值=""),
    ]
    first = brought(register, rows, LABELS, by=plan.dept, parent=book)
    assert (first.new_count, first.refused_count) == (3, 3)
    with acting(SYSTEM):
        found = list(Target.objects.filter(plan=book).order_by("code"))
    assert [(one.code, one.kind, one.value, one.year, one.issuer) for one in found] == [
        ("T07", "flow", 480, 2012, "province"), ("T16", "distinct", 13600, 2012, "province"),
        ("T18", "milestone", None, 2012, "province"),
    ]  # fmt: skip
    assert (found[1].wording, found[1].schedule, found[1].leader_person) == (
        "near",
        MONTHS,
        plan.chair,
    )
    again = brought(register, rows[:3], LABELS, by=plan.dept, parent=book)
    assert (again.new_count, again.unchanged_count) == (0, 3)
    other = brought(register, [row(目标值="500")], LABELS, by=plan.dept, parent=book)
    assert other.changed_count == 1


def test_the_targets_of_an_issued_book_come_in_no_more(plan):
    target = plan.issued(500)
    run = brought(
        register_of(Target), [row(目标编号="T08")], LABELS, by=plan.dept, parent=target.plan
    )
    assert (run.new_count, run.refused_count) == (0, 1)


def test_the_milestones_of_a_target_come_in_by_a_sheet(plan):
    target = plan.target(
        plan.book(), None, indicator="", kind=TargetKind.MILESTONE, code="T19",
        clause="力争十月份投入运营",
    )  # fmt: skip
    labels = ("序号", "节点", "权重", "期限", "责任人", "完成标准", "关键节点")
    rows = [
        ["1", "完成招标", "40", "2012-04-30", "张主席", "签订施工合同", "是"],
        ["2", "投入运营", "60", "2012-10-31", "张主席", "接待第一批劳模", ""],
        ["3", "多出来的", "10", "2012-10-31", "张主席", "没有", ""],
    ]
    run = brought(register_of(Milestone), rows[:2], labels, by=plan.dept, parent=target)
    assert (run.new_count, run.refused_count) == (2, 0)
    with acting(SYSTEM):
        found = Milestone.objects.filter(target=target).order_by("seq")
        assert [(one.title, one.weight, one.is_critical) for one in found] == [
            ("完成招标", 40, True), ("投入运营", 60, False),
        ]  # fmt: skip
    more = brought(register_of(Milestone), rows, labels, by=plan.dept, parent=target)
    assert (more.unchanged_count, more.refused_count) == (2, 1)


def test_of_two_of_a_name_the_one_who_answers_already_is_meant(plan):
    register, book = register_of(Target), plan.book()
    namesake = person_of(plan.counties["叶县"])
    twice = brought(register, [row()], LABELS, by=plan.dept, parent=book)
    assert (twice.new_count, twice.rows.get().faults[0][2]) == (0, people.NOT_ONE)
    plan.target(book, 5, indicator="sample.visited", code="T01")
    once = brought(register, [row()], LABELS, by=plan.dept, parent=book)
    assert once.new_count == 1
    with acting(SYSTEM):
        found = Target.objects.get(code="T07")
        assert (found.leader_person_id, namesake.pk == plan.chair.pk) == (plan.chair.pk, False)
