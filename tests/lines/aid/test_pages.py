"""A file is written from its page: the household, an assessment, its items one after another."""

from __future__ import annotations

from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import perform
from gonghui.lines.aid.models import AssessmentItem, EconomicAssessment
from gonghui.web.show import state_colour
from tests.lines.aid.making import assessment, draft, joins, surveyor
from tests.lines.members.making import person
from tests.support.orgs import user_with
from tests.support.people import client_for


@pytest.fixture
def client(tree):
    return client_for(user_with(Role.STATION, org=tree.township))


def page(client, file):
    return client.get(f"/r/aid.hardship_file/{file.pk}/").content.decode()


def test_the_page_of_a_file_shows_who_lives_in_the_household(tree, client):
    file = draft(tree.union)
    child = person(tree.union)
    joins(file.household, child)
    shown = page(client, file)
    assert "家庭成员（2）" in shown
    assert f"/r/aid.household_member/new/?parent={file.household_id}" in shown


def test_an_assessment_leads_to_its_items_and_an_item_to_the_next(tree, client):
    file = draft(tree.union)
    answer = client.post(
        f"/r/aid.economic_assessment/new/?parent={file.pk}",
        {
            "purpose": "initial",
            "period_from": "2011-07-01",
            "period_to": "2012-06-30",
            "survey_on": "2012-07-02",
            "surveyor_one": surveyor(tree.union, 1),
            "surveyor_two": surveyor(tree.union, 2),
        },
    )
    with acting(SYSTEM):
        made = EconomicAssessment.objects.get()
    assert answer.url == f"/r/aid.economic_assessment/{made.pk}/"
    assert "、" in made.surveyors
    add = f"/r/aid.assessment_item/new/?parent={made.pk}"
    assert add in client.get(answer.url).content.decode()
    typed = {"kind": "income", "what": "工资", "amount": "9600"}
    assert client.post(add, {**typed, "again": "1"}).url == add
    assert client.post(add, {**typed, "kind": "rigid"}).url == answer.url
    with acting(SYSTEM):
        made.refresh_from_db()
        assert AssessmentItem.objects.count() == 2
    assert (made.income_total, made.rigid_total) == (Decimal(9600), Decimal(9600))


def test_nothing_is_added_to_a_file_that_has_ended(tree, client):
    file = perform(draft(tree.union), "withdraw", by=SYSTEM)
    assert "aid.economic_assessment/new/" not in page(client, file)
    with pytest.raises(DomainError, match=r"已经结束.*另建档案"):
        assessment(file)


def test_a_file_that_was_refused_is_not_shown_as_a_success():
    files = register_of("aid.hardship_file")
    codes = ("active", "exited", "rejected", "withdrawn")
    colours = [state_colour(files, code) for code in codes]
    assert colours == ["blue", "green", "secondary", "secondary"]
