"""Comparing households with other offices: out with names and numbers alone, back by number and item."""

from __future__ import annotations

import io
from datetime import date

import pytest
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports import services as imports
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.records.sealing import opened
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Task
from gonghui.lines.aid.models import CrossCheck, CrossCheckRow
from gonghui.lines.aid.services.cross_check_sheet import write_answers
from tests.lines.aid.making import assessment, compared, draft, home, item, joins
from tests.lines.members.making import person
from tests.support.orgs import actor_with, user_with
from tests.support.people import client_for

DAY = date(2012, 7, 5)


@pytest.fixture(autouse=True)
def summer(tree):
    """It is a Thursday in July 2012."""
    with clock.at(DAY), acting(SYSTEM):
        yield


@pytest.fixture
def county(tree):
    return actor_with(Role.COUNTY, org=tree.county)


def waiting(tree, *others):
    """A file on its way, of a household of the head and others."""
    family = home(tree.union)
    for who in others:
        joins(family, who)
    return perform(draft(tree.union, family), "submit", by=SYSTEM)


def again(record):
    return type(record)._unscoped.get(pk=record.pk)


def asked(tree, by, agency="civil_affairs"):
    """A list as it is being written."""
    return perform(create(CrossCheck, by=by, org=tree.county, agency=agency), "collect", by=by)


def sent(tree, by, agency="civil_affairs"):
    return perform(asked(tree, by, agency), "send", by=by)


def rows_of(check):
    return list(CrossCheckRow._unscoped.filter(check_batch=check, voided_at=None).order_by("pk"))


def number_of(who):
    return opened(again(who), "id_no")


# Out


def test_a_list_names_every_member_who_was_not_asked_about_and_only_with_consent(tree, county):
    child, away = person(tree.union), person(tree.union)
    file = waiting(tree, child)
    joins(file.household, away, lives_together=False)
    draft(tree.union)
    waiting_elsewhere = perform(draft(tree.neighbour_union), "submit", by=SYSTEM)
    check = asked(tree, county)
    assert [(row.person, row.item) for row in rows_of(check)] == [
        (file.head, "dibao"),
        (file.head, "death"),
        (child, "dibao"),
        (child, "death"),
    ]
    assert (again(check).row_count, waiting_elsewhere.state) == (4, "submitted")
    with pytest.raises(Conflict, match="没有需要比对的人员"):
        asked(tree, county)
    newborn = person(tree.union)
    joins(file.household, newborn)
    assert {row.person for row in rows_of(asked(tree, county))} == {newborn}


def test_a_list_that_was_sent_stays_and_has_its_day(tree, county):
    file, later = waiting(tree), person(tree.union)
    with pytest.raises(DomainError, match="名单是空的"):
        perform(create(CrossCheck, by=county, org=tree.county, agency="tax"), "send", by=county)
    check = sent(tree, county)
    task = Task._unscoped.get(register="aid.cross_check", record_id=check.pk, closed_at=None)
    assert (check.asked_on, task.due_on) == (DAY, date(2012, 7, 26))
    first = rows_of(check)[0]
    joins(file.household, later)
    for step in (
        lambda: void(first, by=county, reason="多列"),
        lambda: change(first, by=county, person=person(tree.union)),
        lambda: create(
            CrossCheckRow,
            by=county,
            check_batch=check,
            file=file,
            person=later,
            item="dibao",
        ),
    ):
        with pytest.raises(Conflict, match="送出"):
            step()
    assert len(rows_of(check)) == 2


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        ({"item": "house"}, "民政不核对这个项目"),
        ({"person": "stranger"}, "只能比对该户共同生活的成员"),
        ({"file": "far"}, "审批"),
        ({"file": "silent"}, "没有核对授权"),
    ],
)
def test_nobody_is_put_on_a_list_who_need_not_be(tree, county, spoil, why):
    files = {"own": waiting(tree), "far": draft(tree.neighbour_union)}
    files["silent"] = draft(tree.union, consent_on=None)
    file = files[spoil.get("file", "own")]
    who = person(tree.union) if spoil.get("person") else file.head
    check = create(CrossCheck, by=SYSTEM, org=tree.county, agency="civil_affairs")
    values = {"check_batch": check, "file": file, "person": who, "item": spoil.get("item", "dibao")}
    with pytest.raises(DomainError, match=why):
        create(CrossCheckRow, by=SYSTEM, **values)
    assert rows_of(check) == []


def test_an_office_gets_names_numbers_and_items_and_each_look_is_noted(tree):
    file = waiting(tree)
    user = user_with(Role.COUNTY, org=tree.county)
    check = sent(tree, actor_with(Role.COUNTY, org=tree.county))
    page = f"/aid/cross-checks/{check.pk}/list/"
    answer = client_for(user).post(page)
    sheet = load_workbook(io.BytesIO(answer.content)).active
    table = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]
    name, number = str(file.head), number_of(file.head)
    assert table == [
        ["姓名", "身份证号", "项目", "结果", "内容"],
        [name, number, "低保", None, None],
        [name, number, "死亡", None, None],
    ]
    look = RevealEvent.objects.get()
    assert (look.actor_id, look.record_id, look.field) == (user.pk, file.head_id, "id_no")
    assert look.reason == f"下载信息比对名单{check.number}"
    assert client_for(user).get(page).status_code == 405
    neighbour = client_for(user_with(Role.COUNTY, org=tree.neighbour))
    assert neighbour.post(page).status_code == 404
    station = client_for(user_with(Role.STATION, org=tree.township))
    assert station.post(page).status_code in (403, 404)
    assert RevealEvent.objects.count() == 1


# Back


def told(who, item, result, value=""):
    return {"person__id_no": number_of(who), "item": item, "result": result, "value": value}


def test_an_answer_is_matched_by_number_and_item_and_twice_changes_nothing(tree, county):
    child = person(tree.union)
    file = waiting(tree, child)
    check = sent(tree, county)
    rows = [told(file.head, "dibao", "hit", "2010年起"), told(child, "death", "none")]
    for _ in range(2):
        outcomes = write_answers(rows, county, check)
        assert [each.error for each in outcomes] == [None, None]
    found = rows_of(check)
    assert [row.result for row in found] == ["hit", "", "", "none"]
    assert (opened(found[0], "value"), found[0].version) == ("2010年起", 2)
    wrong = [
        told(person(tree.union), "dibao", "none"),
        told(file.head, "house", "none"),
        told(file.head, "dibao", "none"),
        told(child, "dibao", "none"),
        told(child, "dibao", "none"),
        told(child, "death", "none") | {"person__id_no": "123"},
    ]
    errors = [str(each.error or "") for each in write_answers(wrong, county, check)]
    assert errors[0].startswith("送出的名单中没有这个身份证号的这个项目")
    assert errors[1] == errors[0]
    assert errors[2].startswith("已登记为“查到”，与本次不同")
    assert (errors[3], errors[4]) == ("", "本表前面已有这个人员的这个项目，已保留先出现的一行。")
    assert errors[5]
    assert [row.result for row in rows_of(check)] == ["hit", "", "none", "none"]


def test_the_sheet_that_went_out_comes_back_filled_in(tree):
    file = waiting(tree)
    user = user_with(Role.COUNTY, org=tree.county)
    by = actor_with(Role.COUNTY, org=tree.county)
    check = sent(tree, by)
    book = load_workbook(
        io.BytesIO(client_for(user).post(f"/aid/cross-checks/{check.pk}/list/").content)
    )
    sheet = book.active
    sheet["D3"], sheet["E3"] = "有", "城市低保"
    sheet["D4"] = "否"
    filled = io.BytesIO()
    book.save(filled)
    with acting(by):
        run = imports.upload(
            register_of(CrossCheckRow),
            "结果.xlsx",
            filled.getvalue(),
            by=by,
            org=tree.county,
            parent=check,
        )
        imports.write_run(
            imports.check(run, by=by, in_background=False), by=by, in_background=False
        )
    assert [(row.item, row.result) for row in rows_of(check)] == [
        ("dibao", "hit"),
        ("death", "none"),
    ]
    assert opened(rows_of(check)[0], "value") == "城市低保"
    assert again(check).hit_count == 1
    assert file.head == rows_of(check)[0].person


def test_an_answer_is_whole_before_it_counts(tree, county):
    file = waiting(tree)
    check = sent(tree, county)
    for day in (None, date(2012, 7, 4), date(2012, 7, 6)):
        with pytest.raises(DomainError) as refused:
            perform(check, "conclude", by=county, returned_on=day)
        assert refused.value.field == "returned_on"
    with pytest.raises(DomainError, match="还有2项没有结果"):
        perform(check, "conclude", by=county, returned_on=DAY)
    write_answers([told(file.head, "dibao", "hit")], county, check)
    done = perform(again(check), "conclude", by=county, returned_on=DAY, rest_is_clear=True)
    assert [row.result for row in rows_of(done)] == ["hit", "none"]
    assert again(check).hit_count == 1
    with pytest.raises(Conflict, match="尚未登记返回"):
        change(rows_of(done)[0], by=county, result="none")
    perform(again(check), "reopen", by=county, reason="对方更正")
    change(rows_of(done)[0], by=county, result="none")
    assert again(check).hit_count == 0


# What it means for the file


def approve(file):
    return perform(again(file), "approve", by=SYSTEM)


def on_the_desk(tree, *others):
    """A file that waits for the county's approval."""
    file = waiting(tree, *others)
    file = perform(file, "accept", by=SYSTEM)
    found = assessment(file)
    item(found, "income", 2_400)
    perform(found, "confirm", by=SYSTEM)
    file = perform(again(file), "post", by=SYSTEM)
    with clock.at(date(2012, 7, 16)):
        return perform(perform(file, "close_notice", by=SYSTEM), "review", by=SYSTEM)


def test_the_approval_waits_for_every_office_about_everybody(tree):
    child = person(tree.union)
    file = on_the_desk(tree, child)
    with clock.at(date(2012, 7, 18)):
        with pytest.raises(DomainError, match="民政、人社、不动产、车管、市场监管"):
            approve(file)
        compared(tree.county)
        assert again(file).checked_on == date(2012, 7, 18)
        late = person(tree.union)
        joins(file.household, late)
        with pytest.raises(DomainError, match="信息比对结果尚未返回"):
            approve(file)
        compared(tree.county)
        assert approve(file).state == "active"


def test_a_county_may_ask_fewer_offices(tree):
    file = on_the_desk(tree)
    Parameter.objects.create(
        code="aid.cross_check_agencies",
        value="民政",
        valid_from=date(2012, 1, 1),
        org=tree.county,
        set_at=clock.now(),
    )
    with clock.at(date(2012, 7, 18)):
        check = sent(tree, SYSTEM)
        with pytest.raises(DomainError, match=r"尚未返回（民政）"):
            approve(file)
        perform(check, "conclude", by=SYSTEM, returned_on=clock.today(), rest_is_clear=True)
        assert approve(file).state == "active"


def test_a_hit_is_looked_into_before_the_file_is_approved(tree, county):
    file = on_the_desk(tree)
    with clock.at(date(2012, 7, 18)):
        compared(tree.county, (file.head, "vehicle"))
        with pytest.raises(Conflict, match="查到1项尚未核实"):
            approve(file)
        hit = CrossCheckRow._unscoped.get(result="hit")
        with pytest.raises(DomainError, match="请写明核实说明"):
            change(hit, by=county, handled="confirmed")
        change(hit, by=county, handled="confirmed", note="面包车一辆，2009年购")
        with pytest.raises(Conflict, match="查到车辆属实，须先作一次核定"):
            approve(file)
        second = assessment(again(file), exclusions=["car"], override_reason="残疾人代步车")
        item(second, "income", 2_400)
        perform(second, "confirm", by=county)
        assert approve(file).state == "active"


def test_a_hit_that_was_cleared_does_not_matter_and_a_death_always_does(tree, county):
    file = on_the_desk(tree)
    with clock.at(date(2012, 7, 18)):
        compared(tree.county, (file.head, "house"), (file.head, "death"))
        house, death = (
            CrossCheckRow._unscoped.get(item=each, result="hit") for each in ("house", "death")
        )
        change(house, by=county, handled="cleared", note="同名，非本人")
        change(death, by=county, handled="confirmed", note="户口已注销")
        with pytest.raises(Conflict, match="已死亡属实"):
            approve(file)
        change(again(death), by=county, handled="cleared", note="登记有误，本人在世")
        assert approve(file).state == "active"


def test_the_page_of_a_file_shows_results_to_whoever_decides_and_progress_to_the_others(tree):
    file = on_the_desk(tree)
    with clock.at(date(2012, 7, 18)):
        sent(tree, SYSTEM, "tax")
        compared(tree.county, (file.head, "vehicle"))
        page = f"/r/aid.hardship_file/{file.pk}/"
        county = client_for(user_with(Role.COUNTY, org=tree.county)).get(page).content.decode()
        station = client_for(user_with(Role.STATION, org=tree.township)).get(page).content.decode()
    for text in (county, station):
        assert "信息比对" in text
        assert "待返回" in text
    assert "待核实" in county
    assert "示例内容" not in county
    assert "待核实" not in station
    assert "aid.cross_check_row" not in station


def test_a_basic_union_asks_no_office(tree):
    with pytest.raises(NotAllowed):
        create(
            CrossCheck,
            by=actor_with(Role.BASIC, org=tree.union),
            org=tree.union,
            agency="civil_affairs",
        )
    assert not CrossCheck._unscoped.exists()
