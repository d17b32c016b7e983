"""Looking at a sheet, writing it, uploading it again."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import acting
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import ImportFile, ImportRow, ImportRun
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import sealing
from gonghui.kernel.records.models import History, Sequence
from gonghui.kernel.registers.declare import Cell
from gonghui.kernel.registers.write import change, create, perform
from tests.kernel.imports.conftest import DATE, TITLE, counts, upload, visits
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit


def told(run, outcome):
    rows = ImportRow.objects.filter(run=run, outcome=outcome).order_by("number")
    return [(row.number, *[tuple(fault) for fault in row.faults]) for row in rows]


def test_checking_tells_what_writing_will_do_and_writes_nothing(tree, basic):
    run = services.check(upload(visits(), by=basic, org=tree.union), by=basic)
    assert (run.state, run.total, counts(run)) == ("checked", 3, (3, 0, 0, 0))
    assert Visit._unscoped.count() == 0
    assert not History.objects.filter(table="sample_visit").exists()
    assert Sequence.objects.count() == 0


def test_a_file_with_a_column_that_must_not_be_kept_is_not_even_stored(sheet, tree, basic):
    sheet(TITLE, DATE, refuses=("结果", "诊断"))
    data = visits(("走访甲厂", "2012-02-01", "可疑"), head=("事由", "走访日期", "检查结果"))
    with pytest.raises(DomainError) as refused:
        upload(data, by=basic, org=tree.union)
    assert refused.value.message == (
        "表中有“检查结果”列，按规定不能导入。请删除该列后再导入，整份文件没有保存。"
    )
    assert (ImportRun._unscoped.count(), ImportFile.objects.count()) == (0, 0)
    good = visits(("走访甲厂", "2012-02-01"), head=("事由", "走访日期"))
    assert counts(services.check(upload(good, by=basic, org=tree.union), by=basic))[0] == 1


def test_writing_makes_the_records_by_the_verbs(tree, basic, imported):
    run = imported(visits())
    assert (run.state, counts(run)) == ("done", (3, 0, 0, 0))
    made = Visit.objects.order_by("pk")
    assert [(v.number, v.title, v.visited_on, v.amount, v.people, v.org) for v in made] == [
        ("走访-2012-0001", "走访甲厂", date(2012, 2, 1), Decimal(100), 3, tree.union),
        ("走访-2012-0002", "走访乙厂", date(2012, 2, 2), Decimal(200), 4, tree.union),
        ("走访-2012-0003", "走访丙厂", date(2012, 2, 3), Decimal(300), 5, tree.union),
    ]
    assert {v.created_by for v in made} == {basic.user_id}
    assert verify().is_clean


def test_the_same_file_again_changes_nothing(imported):
    imported(visits())
    before = History.objects.count()
    run = imported(visits())
    assert counts(run) == (0, 0, 3, 0)
    assert (Visit.objects.count(), History.objects.count()) == (3, before)


def test_the_same_file_again_changes_nothing_when_the_records_are_locked_by_their_state(
    imported, basic, county
):
    imported(visits())
    for visit in Visit._unscoped.all():
        with acting(basic):
            perform(visit, "submit", by=basic)
    assert counts(imported(visits())) == (0, 0, 3, 0)


def test_a_changed_cell_changes_the_record_and_a_blank_one_does_not(imported):
    imported(visits())
    run = imported(
        visits(("走访甲厂", "2012-02-01", 150, None), ("走访乙厂", "2012-02-02", 200, 4))
    )
    assert counts(run) == (0, 1, 1, 0)
    visit = Visit.objects.get(title="走访甲厂")
    assert (visit.amount, visit.people, visit.version) == (Decimal(150), 3, 2)
    (row,) = ImportRow.objects.filter(run=run, outcome="changed")
    assert (row.number, row.record_id, row.version) == (2, visit.pk, 2)
    assert row.before == {"amount": 100.0}
    assert row.notes == [["", "2", "修改：金额"]]


def test_what_was_changed_to_read_a_cell_is_told(tree, basic):
    data = visits((" 走访甲厂 ", "2012.2.1", "１００", "3人"))
    run = services.check(upload(data, by=basic, org=tree.union), by=basic)
    (row,) = ImportRow.objects.filter(run=run)
    assert row.notes == [
        ["事由", "A2", "去掉空格"],
        ["金额", "C2", "全角转半角"],
        ["人数", "D2", "去掉“人”"],
    ]
    assert dict(run.summary["notes"])["去掉空格"] == 1
    assert run.summary["preview"]["rows"] == [
        {
            "number": 2,
            "outcome": "new",
            "cells": [
                ["走访甲厂", "去掉空格", ""],
                ["2012-02-01", "", ""],
                ["100.00", "全角转半角", ""],
                ["3", "去掉“人”", ""],
            ],
        }
    ]


def test_bad_rows_stay_out_and_are_told_by_row_and_column(imported):
    data = visits(
        ("走访甲厂", "2012-02-01", 100, 3),
        ("走访乙厂", "二月", 100, 3),
        ("走访丙厂", "2012-02-03", 100, -1),
        ("", "2012-02-04", 100, 3),
    )
    run = imported(data)
    assert counts(run) == (1, 0, 0, 3)
    faults = told(run, "refused")
    assert [(number, fault[0], fault[1]) for number, fault in faults] == [
        (3, "走访日期", "B3"),
        (4, "人数", "D4"),
        (5, "事由", "A5"),
    ]
    assert [v.title for v in Visit.objects.all()] == ["走访甲厂"]


def test_of_equal_rows_the_first_is_kept(imported):
    run = imported(visits(("甲", "2012-02-01", 1, 1), ("甲", "2012-02-01", 2, 2)))
    assert counts(run) == (1, 0, 0, 1)
    assert told(run, "refused") == [
        (
            3,
            (
                "走访日期",
                "B3",
                "与第2行是同一条（事由、走访日期相同），已保留先出现的一行。",
            ),
        )
    ]
    assert Visit.objects.get().amount == Decimal(1)


def test_a_row_that_could_mean_several_records_is_refused(tree, basic, imported):
    for _ in range(2):
        create(Visit, by=basic, org=tree.union, title="甲", visited_on=date(2012, 2, 1))
    run = imported(visits(("甲", "2012-02-01", 1, 1)))
    assert counts(run) == (0, 0, 0, 1)
    (_, fault) = told(run, "refused")[0]
    assert fault[2].startswith("系统中已有2条事由、走访日期与此相同的记录")


def test_a_record_of_another_union_is_not_meant(tree, county, imported):
    create(Visit, by=county, org=tree.township, title="走访甲厂", visited_on=date(2012, 2, 1))
    assert counts(imported(visits())) == (3, 0, 0, 0)
    assert Visit._unscoped.count() == 4


def test_a_voided_record_is_not_meant(tree, basic, imported):
    run = imported(visits())
    services.undo(run, by=basic)
    assert counts(imported(visits())) == (3, 0, 0, 0)


def test_rows_may_name_unions_and_those_out_of_scope_are_refused(tree, county, sheet, imported):
    sheet(TITLE, DATE, Cell("工会", "org"), same_when=("title",))
    data = visits(
        ("甲", "2012-02-01", "甲厂工会"),
        ("乙", "2012-02-01", "乙厂工会"),
        ("丙", "2012-02-01", None),
        head=("事由", "走访日期", "工会"),
    )
    run = imported(data, by=county, org=tree.township)
    assert counts(run) == (2, 0, 0, 1)
    assert told(run, "refused") == [(3, ("工会", "C3", "没有找到“乙厂工会”，请核对。"))]
    assert dict(Visit._unscoped.values_list("title", "org")) == {
        "甲": tree.union.pk,
        "丙": tree.township.pk,
    }


def test_who_may_not_import_may_not_upload(tree):
    leader = actor_with(Role.LEADER, org=tree.city)
    neighbour = actor_with(Role.COUNTY, org=tree.neighbour)
    for actor in (leader, neighbour):
        with acting(actor), pytest.raises(NotAllowed):
            upload(visits(), by=actor, org=tree.union)
    assert ImportRun._unscoped.count() == 0


def test_a_neighbour_can_do_nothing_with_a_run(tree, basic):
    run = services.check(upload(visits(), by=basic, org=tree.union), by=basic)
    neighbour = actor_with(Role.COUNTY, org=tree.neighbour)
    with acting(neighbour):
        assert ImportRun.objects.count() == 0
        for act in (services.check, services.write_run, services.undo):
            with pytest.raises(NotAllowed):
                act(run, by=neighbour)
    assert Visit._unscoped.count() == 0


def test_a_run_is_written_once(imported, basic):
    run = imported(visits())
    with pytest.raises(Conflict, match="这次导入现在是“已写入”"):
        services.write_run(run, by=basic)
    assert Visit.objects.count() == 3


def test_the_same_file_is_not_written_twice_at_once(tree, basic):
    sheet = visits()
    first, second = (
        services.check(upload(sheet, by=basic, org=tree.union), by=basic) for _ in range(2)
    )
    ImportRun._unscoped.filter(pk=first.pk).update(state="writing")
    with pytest.raises(Conflict, match="同一份文件正在写入"):
        services.write_run(second, by=basic)
    second.refresh_from_db()
    assert (second.state, Visit._unscoped.count()) == ("checked", 0)


def test_a_sheet_of_something_else_is_refused_at_once(tree, basic):
    with pytest.raises(DomainError, match="没有找到表头"):
        upload(visits(("1",), head=("别的",)), by=basic, org=tree.union)
    assert ImportRun._unscoped.count() == 0


def test_the_uploaded_bytes_lie_sealed(tree, basic):
    data = visits()
    run = upload(data, by=basic, org=tree.union)
    assert data not in bytes(ImportFile.objects.get(run=run).content)
    assert services.data_of(run) == data


def test_a_sealed_cell_is_found_again_and_masked(sheet, imported):
    sheet(TITLE, Cell("账号", "account"), same_when=("account",))
    head = ("事由", "账号")
    imported(visits(("甲", "622202170100012345"), head=head))
    run = imported(visits(("乙", "622202170100012345"), head=head))
    assert counts(run) == (0, 1, 0, 0)
    visit = Visit.objects.get()
    assert (visit.title, sealing.opened(visit, "account")) == ("乙", "622202170100012345")
    cells = run.summary["preview"]["rows"][0]["cells"]
    assert "622202170100012345" not in str(cells)


def test_writing_only_does_what_checking_found_good(tree, basic):
    data = visits(("甲", "2012-02-01", 1, -1), ("乙", "2012-02-01", 1, 1))
    run = services.check(upload(data, by=basic, org=tree.union), by=basic)
    visit = create(Visit, by=basic, org=tree.union, title="乙", visited_on=date(2012, 2, 1))
    run = services.write_run(run, by=basic)
    assert counts(run) == (0, 1, 0, 1)
    change(visit, by=basic, people=9)
    assert Visit.objects.get().people == 9


def test_keys_that_clash_across_chunks_are_found_by_checking(
    tree, county, sheet, monkeypatch, station_sheet
):
    monkeypatch.setattr("gonghui.kernel.imports.steps.CHUNK", 1)
    data = visits(("甲站", 1), ("甲站", 2), head=("名称", "座位"))
    run = services.upload(station_sheet, "站点.xlsx", data, by=county, org=tree.township)
    run = services.check(run, by=county)
    assert counts(run) == (1, 0, 0, 1)
    assert told(run, "refused") == [(3, ("名称", "A3", "已有同名的站点。"))]


@pytest.fixture
def station_sheet(monkeypatch):
    from dataclasses import replace

    from gonghui.kernel.registers import registry
    from gonghui.kernel.registers.declare import ImportSheet
    from tests.support.sample.registers import STATIONS

    sheet = ImportSheet(
        title="站点", cells=(Cell("名称", "name"), Cell("座位", "seats")), same_when=("seats",)
    )
    register = replace(STATIONS, import_sheet=sheet)
    monkeypatch.setitem(registry._by_key, register.key, register)
    monkeypatch.setitem(registry._by_model, register.model, register)
    return register
