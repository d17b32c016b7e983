"""A sheet that is one document is written as a whole, and once; a child register's rows join their parent."""

from dataclasses import replace
from io import BytesIO

import pytest
from openpyxl import load_workbook

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.imports import services, steps
from gonghui.kernel.imports.corrected import corrected_sheet
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.declare import Cell, ImportSheet
from gonghui.kernel.registers.write import create
from gonghui.lines.orgs.models import StandardItem, StandardTemplate
from tests.kernel.excel.makers import workbook
from tests.kernel.imports.conftest import DATE, DAY, ROWS, TITLE, counts, upload, visits
from tests.support.sample.models import Visit

WITH_A_FAULT = (*ROWS, ("走访丁厂", "二月三十", 400, 6))


@pytest.fixture
def whole(sheet, monkeypatch):
    """The sample register's sheet as one document; chunks of two rows, which must not matter."""
    monkeypatch.setattr(steps, "CHUNK", 2)
    return sheet(TITLE, DATE, same_when=("title", "visited_on"), is_whole=True)


def test_one_bad_row_keeps_all_from_being_written(whole, tree, basic):
    run = services.check(upload(visits(*WITH_A_FAULT), by=basic, org=tree.union), by=basic)
    assert counts(run) == (3, 0, 0, 1)
    with pytest.raises(Conflict, match="现有1行有错误"):
        services.write_run(run, by=basic)
    assert not Visit.objects.exists()


def test_the_sheet_given_back_holds_every_row(whole, tree, basic, monkeypatch):
    monkeypatch.setattr("gonghui.kernel.excel.returned.LARGE", 1)
    run = services.check(upload(visits(*WITH_A_FAULT), by=basic, org=tree.union), by=basic)
    _, data = corrected_sheet(run)
    rows = list(load_workbook(BytesIO(data)).active.values)
    assert [row[0] for row in rows] == ["事由", *(row[0] for row in WITH_A_FAULT)]
    assert [bool(row[-1]) for row in rows[1:]] == [False, False, False, True]


def test_the_same_document_is_written_once_until_it_is_taken_back(whole, tree, basic):
    data = visits()  # a workbook bears the moment it was made
    first, second = (
        services.check(upload(data, by=basic, org=tree.union), by=basic) for _ in range(2)
    )
    first = services.write_run(first, by=basic)
    assert (first.state, counts(first)) == ("done", (3, 0, 0, 0))
    with pytest.raises(Conflict, match="该文件已于2012-03-01 09:00导入，不能重复导入"):
        services.write_run(second, by=basic)
    with pytest.raises(Conflict, match="不能重复导入"):
        upload(data, by=basic, org=tree.union)
    services.undo(first, by=basic)
    again = services.check(upload(data, by=basic, org=tree.union), by=basic)
    assert services.write_run(again, by=basic).state == "done"


def test_what_became_wrong_after_the_check_writes_nothing(whole, tree, basic, monkeypatch):
    run = services.check(upload(visits(), by=basic, org=tree.union), by=basic)
    judge = steps.Writer.write

    def write(self, lines):
        judge(self, lines)
        lines[1].refuse(self.layout, DomainError("已有他人登记。"))

    with monkeypatch.context() as patch:
        patch.setattr(steps.Writer, "write", write)
        run = services.write_run(run, by=basic)
    assert run.state == "failed"
    assert "1行不能写入，整份没有写入" in run.failure
    assert "第3行：已有他人登记。" in run.failure
    assert not Visit.objects.exists()
    run = services.write_run(run, by=basic)
    assert (run.state, run.progress, Visit.objects.count()) == ("done", 3, 3)


def test_of_two_equal_rows_of_a_document_none_is_said_to_be_kept(whole, tree, basic):
    run = services.check(upload(visits(*ROWS, ROWS[0]), by=basic, org=tree.union), by=basic)
    (row,) = run.rows.filter(outcome="refused")
    assert row.faults[0][2] == "与第2行是同一条（事由、走访日期相同），请删去一行。"


@pytest.fixture
def items(monkeypatch):
    """The register of a standard's items with a sheet of its own."""
    register = replace(
        registry.register_of("orgs.standard_item"),
        import_sheet=ImportSheet(
            title="考评项目",
            cells=(
                Cell("序号", "position", required=True),
                Cell("考评内容", "title"),
                Cell("分值", "full_score"),
            ),
            same_when=("position",),
        ),
    )
    monkeypatch.setitem(registry._by_key, register.key, register)
    monkeypatch.setitem(registry._by_model, register.model, register)
    return register


def test_rows_of_a_child_register_join_the_record_they_were_uploaded_for(items, tree, county):
    one, other = (
        create(
            StandardTemplate,
            by=county,
            org=tree.county,
            title=title,
            edition=1,
            valid_from=DAY,
        )
        for title in ("甲", "乙")
    )
    data = workbook([("序号", "考评内容", "分值"), (1, "组织健全", 60), (2, "维权有效", 40)])

    def write(parent):
        run = services.upload(items, "项目.xlsx", data, by=county, org=tree.county, parent=parent)
        return services.write_run(services.check(run, by=county), by=county)

    assert counts(write(one)) == (2, 0, 0, 0)
    assert counts(write(other)) == (2, 0, 0, 0)
    assert counts(write(other)) == (0, 0, 2, 0)
    assert list(StandardItem.objects.order_by("pk").values_list("template__title", "position")) == [
        ("甲", 1),
        ("甲", 2),
        ("乙", 1),
        ("乙", 2),
    ]
    with pytest.raises(DomainError, match="从那里导入"):
        services.upload(items, "项目.xlsx", data, by=county, org=tree.county)
