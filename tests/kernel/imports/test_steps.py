"""Chunks, resuming, the background, the corrected sheet, the command line."""

from datetime import timedelta
from io import BytesIO

import pytest
from django.db import OperationalError
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.imports import jobs, services, steps
from gonghui.kernel.imports.corrected import corrected_sheet
from gonghui.kernel.imports.models import ImportFile, ImportRow, ImportRun
from gonghui.kernel.jobs import declare
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers import registry
from tests.kernel.excel.makers import workbook
from tests.kernel.imports.conftest import DAY, HEAD, ROWS, counts, upload, visits
from tests.support.orgs import user_with
from tests.support.sample.models import Visit

FIVE = [(f"走访{n}", "2012-02-01", n, n) for n in range(1, 6)]


@pytest.fixture
def small_chunks(monkeypatch):
    monkeypatch.setattr(steps, "CHUNK", 2)


@pytest.fixture
def checked(tree, basic):
    return services.check(upload(visits(*FIVE), by=basic, org=tree.union), by=basic)


class Lost(OperationalError):
    pass


def break_after(monkeypatch, chunks, error):
    """Let the writer fail after some chunks."""
    whole = steps.Writer.write
    left = [chunks]

    def write(self, lines):
        whole(self, lines)
        if left[0] == 0:
            raise error
        left[0] -= 1

    monkeypatch.setattr(steps.Writer, "write", write)


def test_a_step_that_lost_the_database_goes_on_where_it_was(
    small_chunks, checked, basic, monkeypatch
):
    with monkeypatch.context() as patch:
        break_after(patch, 1, Lost())
        with pytest.raises(Lost):
            services.write_run(checked, by=basic)
    run = ImportRun.objects.get()
    assert (run.state, run.position, run.progress) == ("writing", 3, 2)
    assert Visit.objects.count() == 2
    run = services.go_on(run.pk)
    assert (run.state, run.progress, counts(run)) == ("done", 5, (5, 0, 0, 0))
    assert [v.title for v in Visit.objects.order_by("pk")] == [row[0] for row in FIVE]


def test_a_step_with_a_bug_stops_and_may_go_on_or_be_taken_back(
    small_chunks, checked, basic, monkeypatch
):
    with monkeypatch.context() as patch:
        break_after(patch, 1, RuntimeError("a bug"))
        run = services.write_run(checked, by=basic)
    assert (run.state, run.step_before_failure, run.progress) == ("failed", "writing", 2)
    assert run.failure.startswith("程序出错")
    again = services.write_run(run, by=basic)
    assert (again.state, Visit.objects.count()) == ("done", 5)


def test_a_failed_run_is_taken_back_as_far_as_it_was_written(
    small_chunks, checked, basic, monkeypatch
):
    with monkeypatch.context() as patch:
        break_after(patch, 1, RuntimeError("a bug"))
        run = services.write_run(checked, by=basic)
    run = services.undo(run, by=basic)
    assert run.state == "undone"
    assert [v.voided_at is None for v in Visit.objects.all()] == [False, False]
    assert ImportRow.objects.filter(undo="voided").count() == 2


def test_checking_begins_anew_when_it_was_killed(small_chunks, tree, basic, monkeypatch):
    run = upload(visits(*FIVE), by=basic, org=tree.union)
    with monkeypatch.context() as patch:
        break_after(patch, 1, Lost())
        with pytest.raises(Lost):
            services.check(run, by=basic)
    run = services.go_on(run.pk)
    assert (run.state, counts(run), ImportRow.objects.count()) == ("checked", (5, 0, 0, 0), 5)


def test_two_who_go_on_with_one_run_write_every_row_once(small_chunks, checked, basic, monkeypatch):
    """The second comes in between two chunks of the first and finishes; the first gives way."""
    whole = steps.Writing.chunks
    inside = []

    def chunks(self):
        for progress in whole(self):
            yield progress
            if not inside:
                inside.append(True)
                services.go_on(self.run.pk)

    monkeypatch.setattr(steps.Writing, "chunks", chunks)
    run = services.write_run(checked, by=basic)
    assert (run.state, run.progress, Visit.objects.count()) == ("done", 5, 5)


def test_a_worker_that_stops_puts_the_rest_on_the_queue(small_chunks, checked, basic, queue):
    token = declare.asked_to_stop.set(lambda: True)
    try:
        run = services.write_run(checked, by=basic)
    finally:
        declare.asked_to_stop.reset(token)
    assert (run.state, run.progress) == ("writing", 2)
    assert queue() == [("imports.go_on", basic.user_id, {"run_id": run.pk})]
    declare.run_job("imports.go_on", basic.user_id, {"run_id": run.pk})
    run.refresh_from_db()
    assert (run.state, counts(run)) == ("done", (5, 0, 0, 0))


def test_many_rows_go_to_the_background(tree, basic, queue):
    Parameter.objects.create(
        code="imports.background_rows", value=4, valid_from=DAY, set_at=clock.now()
    )
    run = services.check(upload(visits(*FIVE), by=basic, org=tree.union), by=basic)
    assert (run.state, run.progress) == ("checking", 0)
    assert queue() == [("imports.go_on", basic.user_id, {"run_id": run.pk})]
    declare.run_job("imports.go_on", basic.user_id, {"run_id": run.pk})
    run.refresh_from_db()
    assert (run.state, counts(run)) == ("checked", (5, 0, 0, 0))


def test_a_silent_step_is_picked_up(checked, basic, queue):
    ImportRun.objects.update(state="writing", position=0, progress=0)
    with clock.at(clock.now() + timedelta(minutes=2)):
        assert jobs.pick_up() == 0
    with clock.at(clock.now() + timedelta(minutes=4)):
        assert jobs.pick_up() == 1
        assert jobs.pick_up() == 1
    assert queue() == [("imports.go_on", None, {"run_id": checked.pk})]
    declare.run_job("imports.go_on", None, {"run_id": checked.pk})
    assert {v.created_by for v in Visit.objects.all()} == {basic.user_id}
    assert jobs.pick_up() == 0


def test_the_bytes_are_deleted_after_their_time_and_the_results_stay(checked, basic):
    assert jobs.forget_files() == 0
    with clock.at(clock.now() + timedelta(days=91)):
        assert jobs.forget_files() == 1
        run = services.write_run(checked, by=basic)
    assert (run.state, run.failure) == ("failed", "原表已超过保存期限，按规定删除，请重新上传。")
    assert (ImportFile.objects.count(), ImportRow.objects.count()) == (0, 5)


def test_the_corrected_sheet_is_the_uploaders_own(tree, basic):
    data = workbook([("走访登记表",), HEAD, *ROWS, ("走访丁厂", "2012-02-30", 1, 1)])
    run = services.check(upload(data, by=basic, org=tree.union), by=basic)
    name, corrected = corrected_sheet(run)
    sheet = load_workbook(BytesIO(corrected)).active
    assert name == "走访（错误原因）.xlsx"
    assert (sheet["A1"].value, sheet["E2"].value) == ("走访登记表", "错误原因")
    assert sheet["E3"].value is None
    assert sheet["E6"].value.startswith("走访日期：")


def test_the_template_is_read_as_what_it_is(basic):
    register = registry.register_of("sample.visit")
    sheet = load_workbook(BytesIO(services.template_of(register))).worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["事由*", "走访日期", "金额（元）", "人数"]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "走访.xlsx"
    path.write_bytes(visits(*FIVE, ("坏", "2012-02-30", 1, 1)))
    return path


@pytest.fixture
def user(tree):
    return user_with(Role.BASIC, org=tree.union, username="jia")


def by_command(file, **more):
    given = {"username": "jia", "org_code": None, "dry_run": False, **more}
    return services.import_file("sample.visit", file, **given)


def test_the_command_line_imports_as_an_account(user, file):
    dry = by_command(file, dry_run=True)
    assert (dry.refused, Visit._unscoped.count()) == (1, 0)
    lines = dry.text.splitlines()
    assert lines[0] == "走访.xlsx：共6行，新增5，修改0，未变0，拒绝1。"
    assert lines[1].startswith("第7行　走访日期：")
    assert lines[2] == "只作检查，未写入。"
    done = by_command(file)
    assert (done.refused, Visit._unscoped.filter(created_by=user.pk).count()) == (1, 5)
    assert done.text.splitlines()[0] == lines[0]


def test_the_command_line_goes_on_with_a_killed_import(user, file, small_chunks, monkeypatch):
    with monkeypatch.context() as patch:
        break_after(patch, 4, Lost())
        with pytest.raises(Lost):
            by_command(file)
    assert Visit._unscoped.count() == 2
    assert by_command(file).refused == 1
    assert (Visit._unscoped.count(), ImportRun._unscoped.count()) == (5, 1)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"username": "nobody"}, "没有账号“nobody”。"),
        ({"org_code": "nowhere"}, "没有代码为“nowhere”的工会。"),
    ],
)
def test_the_command_line_says_what_is_wrong(user, file, given, said):
    with pytest.raises(DomainError) as refused:
        by_command(file, **given)
    assert refused.value.message == said


def test_the_command_line_needs_a_register_with_a_sheet_and_a_file(user, file, tmp_path):
    with pytest.raises(DomainError, match="没有可以导入表格的台账"):
        services.import_file("sample.station", file, username="jia", org_code=None, dry_run=False)
    with pytest.raises(DomainError, match="找不到文件"):
        by_command(tmp_path / "none.xlsx")


def test_what_was_not_checked_is_not_written(tree, basic):
    run = upload(visits(), by=basic, org=tree.union)
    for act in (services.write_run, services.undo):
        with pytest.raises(Conflict):
            act(run, by=basic)
