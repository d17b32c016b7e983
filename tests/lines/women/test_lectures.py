"""Lectures: what counts, who verifies, the same lecture recorded by a second host, the sheet."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.women.models import WomenLecture
from gonghui.lines.women.services.lectures import time_of, write_sheet
from tests.support.orgs import actor_with

MAY = Period.month(2012, 5)
DAY = date(2012, 5, 9)


def planned(org, by=SYSTEM, **values):
    """A lecture that is to be held."""
    return create(
        WomenLecture,
        by=by,
        **{
            "org": org,
            "title": "女职工劳动保护特别规定解读",
            "topic": "rights",
            "held_on": DAY,
            "start_at": "9:30",
            "place": "纺织厂礼堂",
            **values,
        },
    )


def hold(lecture, by=SYSTEM, attendance=96, **values):
    """It took place."""
    return perform(
        lecture, "hold", by=by, **{"attendance": attendance, "evidence": "signatures", **values}
    )


def numbers(org, period=MAY):
    """Lectures, people, cadres among them."""
    codes = ["women.lectures", "women.lecture_people", "women.lecture_cadres"]
    found = figures(codes, [org], period)
    return [int(found[code, org.pk].value) for code in codes]


@pytest.fixture(autouse=True)
def then():
    with clock.at(date(2012, 6, 1)):
        yield


def test_only_what_was_held_counts_with_the_heads_that_came(tree):
    held = hold(planned(tree.union), women_cadres=6)
    hold(planned(tree.neighbour_union, place="铸造厂礼堂"), attendance=104)
    planned(tree.union, start_at="15:00")
    perform(planned(tree.county, place="县礼堂"), "cancel", by=SYSTEM, reason="防汛")
    assert held.start_at == "09:30"
    assert numbers(tree.city) == [2, 200, 6]
    assert numbers(tree.county) == [1, 96, 6]
    reopened = perform(held, "reopen", by=SYSTEM, reason="人数有误")
    assert numbers(tree.city) == [1, 104, 0]
    hold(reopened, attendance=90)
    assert numbers(tree.city) == [2, 194, 6]
    assert verify(["women.lectures", "women.lecture_people"]).differing == ()


def test_who_records_a_lecture_does_not_verify_it(tree):
    county = actor_with(Role.COUNTY, org=tree.county)
    held = hold(planned(tree.county, county), county)
    with pytest.raises(NotAllowed):
        perform(held, "verify", by=county)
    other = actor_with(Role.COUNTY, org=tree.county)
    assert perform(held, "verify", by=other).state == "verified"
    with pytest.raises(NotAllowed):
        perform(
            hold(planned(tree.union, place="乙厂食堂")),
            "verify",
            by=actor_with(Role.BASIC, org=tree.union),
        )


def test_a_held_lecture_has_its_day_its_heads_and_its_evidence(tree):
    lecture = planned(tree.union)
    for values, message in (
        ({"attendance": None}, "请填写到场人数。"),
        ({"evidence": ""}, "请选择人数佐证，并上传签到表或证明。"),
        ({"women_cadres": 97}, "其中女工干部不能多于到场人数。"),
    ):
        with pytest.raises(DomainError) as refused:
            hold(lecture, **values)
        assert refused.value.message == message
    with clock.at(date(2012, 5, 8)), pytest.raises(DomainError) as early:
        hold(lecture)
    assert early.value.message == "讲座2012-05-09才举办，不能提前登记。"
    assert numbers(tree.city) == [0, 0, 0]


def test_a_second_host_of_the_same_lecture_is_stopped_unless_it_is_another_one(tree):
    planned(tree.union)
    with pytest.raises(DomainError) as refused:
        planned(tree.neighbour_union, start_at="10:00", title="另一个题目")
    assert refused.value.message.startswith(
        "甲厂工会已登记同日同地的讲座“女职工劳动保护特别规定解读”。"
    )
    assert WomenLecture._unscoped.count() == 1
    second = planned(tree.neighbour_union, start_at="15:00", other_session="下午另一场，听众不同")
    assert change(second, by=SYSTEM, speaker="示例老师").speaker == "示例老师"
    planned(tree.neighbour_union, place="别处")


def test_the_same_host_records_a_lecture_once(tree):
    planned(tree.union)
    with pytest.raises(DomainError) as refused:
        planned(tree.union, start_at="09：30")
    assert refused.value.message == "本单位这一天这个时间的同名讲座已登记。"
    with pytest.raises(DomainError) as wrong:
        planned(tree.union, start_at="25:00")
    assert "请按“09:30”的样子填写时间。" in wrong.value.message


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("9:30", "09:30"), ("09：30:00", "09:30"), (" 14:05 ", "14:05"), ("上午", "上午")],
)
def test_times_are_kept_in_one_form(typed, kept):
    assert time_of(typed) == kept


def test_a_sheet_of_lectures_is_held_at_once_and_changes_nothing_the_second_time(tree):
    by = actor_with(Role.COUNTY, org=tree.county)
    row = {
        "title": "“两癌”防治知识",
        "topic": "health",
        "held_on": DAY,
        "start_at": "9:00",
        "place": "县文化宫",
        "speaker": "示例医生",
        "attendance": 88,
        "women_cadres": 4,
        "evidence": "employer",
    }
    rows = [
        row,
        {**row, "start_at": "15:00", "women_cadres": 99},
        {**row, "held_on": date(2012, 6, 9)},
    ]
    with acting(by):
        good, too_many, early = write_sheet(rows, by, tree.county)
    assert (good.record.state, good.record.org_id) == ("held", tree.county.pk)
    assert too_many.error.message == "其中女工干部不能多于到场人数。"
    assert early.error.message == "讲座2012-06-09才举办，不能提前登记。"
    assert WomenLecture._unscoped.count() == 1
    with acting(by):
        again = write_sheet(rows[:1], by, tree.county)
    assert again[0].record == good.record
    assert numbers(tree.county) == [1, 88, 4]


def test_a_sheet_of_lectures_asks_the_database_no_more_for_more_rows(tree):
    by = actor_with(Role.COUNTY, org=tree.county)
    asked = []
    for count in (3, 12):
        rows = [
            {
                "title": f"讲座{count}-{number}",
                "topic": "health",
                "held_on": DAY,
                "start_at": "9:00",
                "place": "县文化宫",
                "attendance": 88 if number else 0,
                "evidence": "employer",
            }
            for number in range(count)
        ]
        with acting(by), CaptureQueriesContext(connection) as queries:
            refused, *good = write_sheet(rows, by, tree.county)
        assert refused.error.message == "请填写到场人数。"
        assert {each.record.state for each in good} == {"held"}
        asked.append(len(queries))
    assert asked[0] == asked[1]
    assert WomenLecture._unscoped.count() == 2 + 11
