"""A cadre notes who of a class came, on one screen, and the scores likewise."""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal
from urllib.parse import quote

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import change, perform
from gonghui.lines.employment.models import Enrolment
from gonghui.lines.employment.services import attendance
from tests.lines.employment.making import EARLY, enrol, people_of, session
from tests.support.orgs import user_with

MONDAY = date(2012, 3, 5)
AM = "2012-03-05 am"


@pytest.fixture(autouse=True)
def on_monday(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(clock.start_of(MONDAY) + timedelta(hours=9)):
        yield


@pytest.fixture
def running(tree):
    """A session of three learners in two classes that began this morning."""
    with clock.at(EARLY):
        training = session(tree.county)
        people = people_of(tree.county, 3)
        enrol(training, people[:2], class_label="1班")
        enrol(training, people[2:], class_label="2班")
    return perform(training, "start", by=SYSTEM)


def rows():
    return list(Enrolment._unscoped.order_by("pk"))


def note(training, mark, shown, came, **more):
    with acting(SYSTEM):
        return attendance.note_half(
            training, mark, [r.pk for r in shown], [r.pk for r in came], by=SYSTEM, **more
        )


def test_a_class_is_noted_at_once_and_a_tick_can_be_taken_back(running):
    first, second = rows()[:2]
    assert note(running, AM, [first, second], [first, second]) == 2
    assert [row.checkins for row in rows()] == [[AM], [AM], []]
    assert [row.hours_present for row in rows()] == [4, 4, 0]
    assert [row.attend_method for row in rows()] == ["face", "face", ""]
    assert note(running, AM, [first, second], [first]) == 1
    assert [row.checkins for row in rows()] == [[AM], [], []]
    assert [row.hours_present for row in rows()] == [4, 0, 0]
    assert note(running, AM, [first, second], [first]) == 0


def test_a_half_day_that_is_not_yet_or_of_no_session_is_not_noted(running):
    for mark in ("2012-03-06 am", "2012-03-02 am", "2012-03-05 night", ""):
        with pytest.raises(DomainError) as refused:
            note(running, mark, rows(), rows())
        assert refused.value.message == "签到的半天须在培训期间，并且已经开始。"
    assert [row.checkins for row in rows()] == [[], [], []]


def test_before_and_after_the_course_nobody_is_noted(tree, running):
    with clock.at(EARLY):
        waiting = session(tree.county, title="焊工培训班", occupation="焊工")
    with pytest.raises(Conflict):
        note(waiting, AM, [], [])
    with clock.at(date(2012, 3, 12)):
        for row in rows():
            change(row, by=SYSTEM, hours_present=40, exam_score=80)
        closed = perform(perform(running, "finish", by=SYSTEM), "close", by=SYSTEM)
        with pytest.raises(Conflict) as refused:
            note(closed, AM, rows(), rows())
    assert refused.value.message == "《电工技能培训班》开班以后、结班以前才能登记签到。"
    assert [row.checkins for row in rows()] == [[], [], []]


def test_the_screen_begins_with_the_half_day_that_is_due(running):
    with acting(SYSTEM):
        none = attendance.present_at(rows())
        assert attendance.next_half(running, none) == AM
        with clock.at(clock.start_of(MONDAY) + timedelta(hours=15)):
            assert attendance.next_half(running, none) == "2012-03-05 pm"
        with clock.at(date(2012, 3, 12)):
            noted = attendance.present_at([Enrolment(checkins=[AM])])
            assert attendance.next_half(running, noted) == "2012-03-05 pm"
            assert len(attendance.unnoted(running, noted)) == 9


def address(training, page="attendance", **query):
    pairs = "&".join(f"{name}={quote(text)}" for name, text in query.items())
    return f"/employment/sessions/{training.pk}/{page}/?{pairs}"


def test_the_page_ticks_a_class_and_leaves_the_other(tree, client, running):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    page = client.get(address(running, **{"class": "1班"})).content.decode()
    assert "签到：3月5日（周一）上午" in page
    assert re.findall(r"示例\d", page) == ["示例0", "示例1"]
    shown = re.findall(r'name="shown" value="(\d+)"', page)
    where = address(running, half=AM, **{"class": "1班"})
    answer = client.post(where, {"shown": shown, "came": shown[:1]}, follow=True)
    assert "已登记3月5日（周一）上午签到：应到2人，实到1人。" in answer.content.decode()
    assert [row.checkins for row in rows()] == [[AM], [], []]
    everybody = client.get(address(running, half=AM)).content.decode()
    assert everybody.count('name="came"') == 3
    assert len(re.findall(r'name="came" value="\d+" checked', everybody)) == 1
    assert "3月5日（周一）上午　已到1人" in everybody


def test_a_stale_address_writes_nothing(tree, client, running):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    pks = [row.pk for row in rows()]
    answer = client.post(address(running, half="2012-03-06 am"), {"shown": pks, "came": pks})
    assert "签到的半天须在培训期间，并且已经开始。" in answer.content.decode()
    assert [row.checkins for row in rows()] == [[], [], []]


def test_the_page_is_of_those_who_keep_the_list(tree, client, running):
    client.force_login(user_with(Role.COUNTY, org=tree.neighbour))
    assert client.get(address(running)).status_code == 404
    client.force_login(user_with(Role.LEADER, org=tree.city))
    for page in ("attendance", "scores"):
        assert client.get(address(running, page)).status_code == 403
    record = client.get(f"/r/employment.training_session/{running.pk}/").content.decode()
    assert "签到和成绩" in record
    assert "登记签到" not in record
    assert "示例0" not in record


def test_scores_of_a_class_are_typed_on_one_page(tree, client, running):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    first, second, third = rows()
    sent = {f"score_{first.pk}": "85.5", f"score_{second.pk}": "", f"score_{third.pk}": "100"}
    answer = client.post(address(running, "scores"), sent, follow=True)
    assert "已保存2人的成绩。" in answer.content.decode()
    assert [row.exam_score for row in rows()] == [Decimal("85.5"), None, 100]
    for wrong in ("101", "NaN", "80.55", "-1"):
        page = client.post(address(running, "scores"), {**sent, f"score_{first.pk}": wrong})
        assert f"示例0的成绩“{wrong}”须是0到100之间的数" in page.content.decode()
    assert rows()[0].exam_score == Decimal("85.5")
    page = client.get(address(running, "scores", **{"class": "2班"})).content.decode()
    assert 'value="100"' in page
    assert "示例0" not in page


def test_the_record_says_what_is_still_to_be_noted(tree, client, running):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    note(running, AM, rows(), rows())
    with clock.at(clock.start_of(date(2012, 3, 6)) + timedelta(hours=9)):
        page = client.get(f"/r/employment.training_session/{running.pk}/").content.decode()
    text = re.sub(r"<[^>]+>", "", page.partition("签到和成绩")[2])
    assert "已签到1个半天" in text
    assert "3月5日（周一）下午、3月6日（周二）上午、3月6日（周二）下午" in text
    assert "没有成绩3人" in text
