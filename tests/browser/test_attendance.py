"""A cadre ticks on a telephone who of a class came this morning; the office reads what became of them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import perform
from gonghui.lines.employment.models import Enrolment
from tests.browser.driving import DESK, PHONE, check_accessible, check_not_sideways, shot
from tests.browser.scene import name_of
from tests.lines.employment.making import enrol, held, session
from tests.lines.members.making import person
from tests.support.people import user_with


def test_a_class_is_ticked_on_a_telephone(city, visitor):
    first = clock.today() - timedelta(days=1)
    with clock.at(date(2012, 2, 1)), acting(SYSTEM):
        people = [person(city.county, name_of(n)) for n in range(30)]
        training = session(city.county, first, first + timedelta(days=9))
        enrol(training, people[:18], class_label="1班")
        enrol(training, people[18:], class_label="2班")
        training = perform(training, "start", by=SYSTEM)
    page = visitor(user_with(Role.COUNTY, city.county, "李县"), PHONE)
    page.goto(f"/r/employment.training_session/{training.pk}/")
    page.get_by_role("link", name="登记签到").click()
    page.get_by_role("link", name="1班").click()
    expect(page.get_by_text("应到18人")).to_be_visible()
    page.get_by_label("全到").check()
    expect(page.get_by_text("已勾选18人")).to_be_visible()
    page.get_by_label(name_of(3)).uncheck()
    expect(page.get_by_text("已勾选17人")).to_be_visible()
    check_not_sideways(page)
    check_accessible(page)
    save = page.get_by_role("button", name="保存签到")
    expect(save).to_be_in_viewport()
    shot(page, "attendance")
    save.click()
    expect(page.get_by_text("应到18人，实到17人。")).to_be_visible()
    noted = [row for row in Enrolment._unscoped.all() if row.checkins]
    assert len(noted) == 17
    page.get_by_role("link", name="登记成绩").click()
    expect(page.get_by_role("heading", name="登记成绩")).to_be_visible()
    check_not_sideways(page)
    check_accessible(page)
    shot(page, "scores")


@pytest.mark.parametrize("size", [DESK, PHONE], ids=lambda size: size.name)
def test_what_became_of_the_learners_is_read_at_both_widths(city, visitor, size):
    with clock.at(date(2012, 8, 15)), acting(SYSTEM):
        held(city.county, [person(city.county, name_of(n)) for n in range(3)])
    page = visitor(user_with(Role.DEPT, city.city, "赵部长"), size)
    page.goto("/employment/outcomes/?during=custom&during.from=2012-01-01&during.to=2012-12-31")
    expect(page.get_by_role("cell", name="叶县总工会")).to_be_visible()
    check_not_sideways(page)
    check_accessible(page)
    shot(page, "outcomes")
