"""Maternity leave by the national table of the day."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.parameters.models import Parameter
from gonghui.lines.women.services.leave import Event, leave_for
from tests.support.orgs import user_with

DAY = date(2012, 5, 10)


@pytest.mark.parametrize(
    ("event", "on", "more", "days"),
    [
        (Event.BIRTH, DAY, {"is_difficult": True, "children": 2}, 128),
        (Event.BIRTH, DAY, {}, 98),
        (Event.BIRTH, DAY, {"children": 3}, 128),
        (Event.BIRTH, date(2012, 4, 28), {}, 98),
        (Event.BIRTH, date(2012, 4, 27), {}, 90),
        (Event.EARLY, DAY, {"is_difficult": True, "children": 2}, 15),
        (Event.LATE, DAY, {}, 42),
    ],
)
def test_leave_follows_the_case_and_the_day(db, event, on, more, days):
    assert leave_for(event, on, **more).days == days


def test_what_the_province_adds_is_a_dated_parameter(db):
    Parameter.objects.create(
        code="women.leave_extra_days",
        value=90,
        valid_from=date(2016, 5, 27),
        source="示例",
        set_at=clock.now(),
    )
    assert leave_for(Event.BIRTH, date(2016, 5, 26)).days == 98
    assert leave_for(Event.BIRTH, date(2016, 5, 27)).days == 188
    assert leave_for(Event.LATE, date(2016, 5, 27)).days == 42


def test_the_last_day_is_counted(db):
    assert leave_for(Event.BIRTH, DAY).last_day(date(2012, 4, 25)) == date(2012, 7, 31)


def test_before_there_was_a_table_nothing_is_said(db):
    with pytest.raises(DomainError):
        leave_for(Event.BIRTH, date(1988, 8, 31))


def test_the_page_says_the_days_and_what_they_are_made_of(client, settings, tree):
    settings.SECOND_FACTOR_ROLES = ()
    client.force_login(user_with(Role.BASIC, org=tree.union))
    asked = {
        "event": "birth",
        "on": "2012-05-10",
        "children": "2",
        "is_difficult": "on",
        "first": "2012-04-25",
    }
    page = client.get("/women/leave/", asked).content.decode()
    assert "共128天" in page
    assert "到2012-08-30止" in page
    assert "女职工劳动保护特别规定第七条" in page
    wrong = client.get("/women/leave/", {**asked, "children": "0"}).content.decode()
    assert "共" not in wrong.partition('id="result"')[2]
    early = client.get("/women/leave/", {**asked, "on": "1980-01-01"}).content.decode()
    assert "1988年9月1日以前的产假不能计算。" in early
    assert client.get("/women/leave/").status_code == 200
    far = client.get("/women/leave/", {**asked, "first": "9999-12-31"})
    assert (far.status_code, "共" in far.content.decode().partition('id="result"')[2]) == (
        200,
        False,
    )
