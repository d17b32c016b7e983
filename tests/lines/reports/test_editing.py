"""Numbers typed by hand: taken back, cited on another basis, or answered for by a leader."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.registers.write import change, create, perform
from gonghui.kernel.workflow.models import Task
from gonghui.lines.reports import publishing
from gonghui.lines.reports.editing import other_bases
from gonghui.lines.reports.models import (
    Contradiction,
    FigureEdit,
    PublishedFigure,
    ReportDoc,
    ReportFigure,
)
from gonghui.lines.reports.returned import FindingKind
from gonghui.lines.reports.services import fill, latest_version, restore, take_back
from tests.kernel.docx.word import texts
from tests.lines.reports.conftest import AS_OF, fresh, issued, of_department, reviewed
from tests.lines.reports.test_documents import edited, lines_of, without_controls
from tests.lines.reports.test_screens import browser, uploaded
from tests.support.orgs import actor_with
from tests.support.sample.models import Station, Visit

GROUND = "含已办妥、次日登记的3元，经核实无误。"
TEN = datetime(2012, 8, 15, 10, 0, tzinfo=clock.ZONE)


def typed(office, document, new: str = "550", *, by=None) -> FigureEdit:
    """The report comes back with another number in the place of 547."""
    docx = bytes(latest_version(document).file.content)
    take_back(fresh(document), edited(docx, "547", new), by or office.dept)
    return the_edit(document)


def the_edit(document) -> FigureEdit:
    with acting(SYSTEM):
        return FigureEdit.objects.get(document=document)


def visits(document) -> ReportFigure:
    with acting(SYSTEM):
        return ReportFigure.objects.filter(version_of__document=document).order_by("id").first()


def version_state(document) -> tuple[int, int, str]:
    version = latest_version(document)
    return version.n, version.error_count, version.errors


@pytest.fixture
def document(office, figures) -> ReportDoc:
    return office.report()


# Found


def test_a_typed_number_blocks_the_document_and_waits_for_all_who_can_settle_it(office, document):
    edit = typed(office, document)
    message = "第2段“550”与系统数“547”（准确值547元）不一致，请恢复或由领导注明理由。"
    assert (edit.state, edit.found, edit.place, edit.says) == ("open", "550", "第2段", message)
    assert version_state(document) == (2, 1, message)
    with acting(SYSTEM):
        task = Task.objects.get(register="reports.figure_edit", closed_at=None)
    assert task.roles == ["dept", "leader"]
    with pytest.raises(DomainError, match="“550”与系统数“547”"):
        perform(reviewed(office, document), "clear", by=office.head)
    figure = visits(document)
    assert (figure.printed, figure.value, figure.truth) == ("547", Decimal(547), "true")


def test_the_same_number_in_the_next_file_is_the_same_edit(office, document):
    first = typed(office, document)
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "上半年走访金额", "今年上半年走访金额"), office.dept)
    again = the_edit(document)
    assert (again.pk, again.version_of.n) == (first.pk, 3)


def test_a_number_wiped_out_of_its_mark_is_lost_and_a_long_text_is_cut(office, document):
    docx = bytes(latest_version(document).file.content)
    _, (finding,) = take_back(document, edited(docx, "547", ""), office.dept)
    assert (finding.kind, finding.printed) == (FindingKind.LOST, "547")
    assert version_state(document)[:2] == (2, 1)
    with acting(SYSTEM):
        assert FigureEdit.objects.count() == 0
    take_back(document, edited(docx, "547", "五百" * 200), office.dept)
    assert the_edit(document).found == "五百" * 150


# The system's value comes back


def test_a_corrected_file_settles_it(office, document):
    typed(office, document)
    docx = bytes(latest_version(document).file.content)
    _, findings = take_back(document, edited(docx, "550", "547"), office.dept)
    assert (findings, the_edit(document).state) == ([], "restored")
    assert version_state(document) == (3, 0, "")
    typed(office, document)
    assert the_edit(document).state == "open"


@pytest.mark.parametrize("with_marks", [True, False])
def test_the_systems_text_is_put_back_at_its_place(office, document, with_marks):
    docx = edited(bytes(latest_version(document).file.content), "547", "550")
    docx = edited(docx, "上半年走访金额", "今年上半年走访金额")
    take_back(document, docx if with_marks else without_controls(docx), office.dept)
    client = browser(office.dept)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    address = f"/reports/edits/{the_edit(document).pk}/restore/"
    assert address in page
    page = client.post(address, follow=True).content.decode()
    assert "已恢复为系统数547，存为第3稿（回传，正式版）" in page
    assert "人工改动的数" not in page
    after = bytes(latest_version(document).file.content)
    assert lines_of(after) == ["今年上半年走访金额547元,其中甲县47元。"]
    assert [each.printed for each in controls_of(after)] == (["547", "47"] if with_marks else [])
    assert (the_edit(document).state, version_state(document)) == ("restored", (3, 0, ""))


def test_only_who_may_change_the_report_restores(office, document):
    edit = typed(office, document)
    with pytest.raises(NotAllowed):
        restore(edit, office.leader)
    assert (the_edit(document).state, latest_version(document).n) == ("open", 2)
    address = f"/reports/edits/{edit.pk}/restore/"
    county = browser(actor_with(Role.COUNTY, org=office.tree.county))
    assert county.post(address).status_code == 404
    assert browser(office.dept).get(address).status_code == 405
    restore(edit, office.dept)
    with pytest.raises(Conflict, match="找不到这处改动"):
        restore(the_edit(document), office.dept)


# A leader's exception


def test_a_leader_answers_for_a_typed_number_with_a_reason(office, document):
    edit = typed(office, document)
    with pytest.raises(DomainError, match="请填写例外理由"):
        perform(edit, "except", by=office.leader, ground=" ")
    with clock.at(TEN):
        perform(edit, "except", by=office.leader, ground=GROUND)
    edit = the_edit(document)
    assert (edit.state, edit.ground, edit.decided_by, edit.decided_at) == (
        "excepted",
        GROUND,
        office.leader.name,
        TEN,
    )
    figure = visits(document)
    assert (figure.truth, figure.printed, figure.value) == ("edited", "547", Decimal(547))
    assert version_state(document) == (2, 0, "")
    document = perform(reviewed(office, document), "clear", by=office.head)
    assert document.state == "final_check"


def test_nobody_else_makes_an_exception(office, document):
    edit = typed(office, document)
    for actor in (office.dept, office.head, actor_with(Role.COUNTY, org=office.tree.county)):
        with pytest.raises(DomainError):
            perform(edit, "except", by=actor, ground=GROUND)
    assert (the_edit(document).state, visits(document).truth) == ("open", "true")


def test_a_leader_who_uploaded_the_file_leaves_it_to_another(office, document):
    both = of_department("办公室", office.tree, Role.DEPT, Role.LEADER)
    edit = typed(office, document, by=both)
    with pytest.raises(NotAllowed, match="改稿是您回传的"):
        perform(edit, "except", by=both, ground=GROUND)
    # Neither by another's later upload of the same number, nor by his own of another's.
    docx = bytes(latest_version(document).file.content)
    take_back(document, docx, office.dept)
    with pytest.raises(NotAllowed):
        perform(the_edit(document), "except", by=both, ground=GROUND)
    assert (
        perform(the_edit(document), "except", by=office.leader, ground=GROUND).state == "excepted"
    )


def test_an_exception_holds_for_the_next_file_and_for_no_other_number(office, document):
    perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    docx = bytes(latest_version(document).file.content)
    version, findings = take_back(
        document, edited(docx, "上半年走访金额", "今年上半年走访金额"), office.dept
    )
    assert (findings, version.error_count, the_edit(document).state) == ([], 0, "excepted")
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "550", "560"), office.dept)
    with acting(SYSTEM):
        states = dict(FigureEdit.objects.values_list("found", "state"))
    assert states == {"550": "restored", "560": "open"}
    assert (visits(document).truth, latest_version(document).error_count) == ("true", 1)


def test_an_exception_taken_back_blocks_again(office, document):
    perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    with pytest.raises(NotAllowed, match="须由领导撤销"):
        perform(the_edit(document), "revoke", by=office.dept, reason="看错")
    perform(the_edit(document), "revoke", by=office.leader, reason="看错")
    edit = the_edit(document)
    assert (edit.state, edit.ground, edit.decided_by) == ("open", "", "")
    assert (visits(document).truth, latest_version(document).error_count) == ("true", 1)


def test_after_the_final_check_no_number_is_settled_otherwise(office, document):
    perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    perform(reviewed(office, document), "clear", by=office.head)
    with pytest.raises(Conflict, match="报告已终核"):
        perform(the_edit(document), "revoke", by=office.leader, reason="看错")
    assert the_edit(document).state == "excepted"


def test_filling_again_leaves_no_typed_number(office, document):
    perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    fill(fresh(document), office.dept)
    assert (the_edit(document).state, visits(document).truth) == ("restored", "true")


def test_the_exception_stands_on_the_page_and_in_the_check_sheet(office, document):
    with clock.at(TEN):
        perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    client = browser(office.dept)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    for part in ("人工改动的数", "领导例外", GROUND, office.leader.name):
        assert part in page
    version = latest_version(document)
    address = f"/reports/versions/{version.pk}/sheet/"
    assert address in page
    response = client.get(address)
    assert unquote(response["Content-Disposition"]).endswith("示例工作报告_第2稿_校核表.docx")
    lines = texts(response.content)["正文"]
    assert lines[:2] == ["校核表", "《示例工作报告》第2稿（回传，正式版）"]
    assert "550（系统数547）" in lines
    assert (
        f"第2段“走访金额”系统数547改成550，领导例外：{GROUND}（{office.leader.name}，2012-08-15）"
        in lines
    )
    assert lines.count("人工改动") == 1
    assert lines.count("成立") == 1
    county = browser(actor_with(Role.COUNTY, org=office.tree.county))
    assert county.get(address).status_code == 404


def test_what_was_published_by_exception_is_what_others_are_held_against(office, document):
    perform(typed(office, document), "except", by=office.leader, ground=GROUND)
    issued(office, document, "平工〔2012〕50号")
    with acting(SYSTEM):
        whole = PublishedFigure.objects.order_by("id").first()
    assert (whole.printed, whole.value, whole.exact) == ("550", Decimal(547), "547元")
    later = office.report(title="情况通报")
    with acting(SYSTEM):
        (clash,) = Contradiction.objects.filter(document=later)
    assert "为“547”" in clash.says
    assert "“走访金额”550" in clash.says


# Another basis


@pytest.fixture
def july(office, document) -> FigureEdit:
    """548 was typed: what the year to the cut-off, July included, has."""
    return typed(office, document, "548")


def test_another_basis_that_bears_the_number_out_is_offered(office, july):
    with acting(SYSTEM):
        (first, *_) = other_bases(july)
    assert (first.period.start, first.period.end) == (date(2012, 1, 1), AS_OF)
    assert (first.as_of, first.value) == (AS_OF, Decimal(548))
    page = browser(office.dept).get(f"/r/reports.figure_edit/{july.pk}/").content.decode()
    assert "2012-01-01至2012-08-15），截至2012-08-15：548元" in page


def test_none_is_offered_where_no_basis_tells_the_number(office, document):
    edit = typed(office, document)
    with acting(SYSTEM):
        assert other_bases(edit) == []
    page = browser(office.dept).get(f"/r/reports.figure_edit/{edit.pk}/").content.decode()
    assert "没有找到相符的口径" in page


def test_the_figures_department_cites_the_other_basis(office, july):
    document = july.document
    year = {"cited_from": date(2012, 1, 1), "cited_to": AS_OF, "cited_as_of": AS_OF}
    with pytest.raises(NotAllowed, match="该数由办公室归口"):
        perform(july, "recite", by=office.organisers, **year)
    june = {**year, "cited_to": date(2012, 6, 30)}
    with pytest.raises(DomainError, match="是547元，与“548”不符，不能改引"):
        perform(july, "recite", by=office.dept, **june)
    with pytest.raises(DomainError, match="截至日期不能晚于今天"):
        perform(july, "recite", by=office.dept, **{**year, "cited_as_of": date(2012, 8, 16)})
    with pytest.raises(DomainError, match="请填写改引的期间"):
        perform(july, "recite", by=office.dept)
    with pytest.raises(DomainError, match="起日"):
        perform(july, "recite", by=office.dept, cited_to=AS_OF, cited_as_of=AS_OF)
    assert the_edit(document).state == "open"
    perform(july, "recite", by=office.dept, **year)
    edit = the_edit(document)
    assert (edit.state, edit.cited_value, edit.decided_by) == (
        "recited",
        Decimal(548),
        office.dept.name,
    )
    assert edit.basis == "2012年1月1日至8月15日，截至2012-08-15，准确值548元"
    figure = visits(document)
    assert (figure.truth, figure.printed, figure.value) == ("true", "547", Decimal(547))
    assert latest_version(document).error_count == 0


def test_an_as_of_of_another_day_is_a_basis_too(office, document):
    with clock.at(datetime(2012, 8, 16, 9, 0, tzinfo=clock.ZONE)):
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="补报",
            visited_on=date(2012, 6, 1),
            amount=3,
        )
        edit = typed(office, document)
        with acting(SYSTEM):
            (basis,) = [each for each in other_bases(edit) if each.period.end.month == 6]
        assert (basis.as_of, basis.value) == (date(2012, 8, 16), Decimal(550))


def test_a_published_figure_is_told_again_for_the_as_of_that_was_cited(office, document):
    with clock.at(datetime(2012, 8, 16, 9, 0, tzinfo=clock.ZONE)):
        visit = {"title": "补报", "visited_on": date(2012, 6, 1), "amount": 3}
        create(Visit, by=SYSTEM, org=office.tree.union, **visit)
        edit = typed(office, document)
        half = {"cited_from": date(2012, 1, 1), "cited_to": date(2012, 6, 30)}
        perform(edit, "recite", by=office.dept, cited_as_of=date(2012, 8, 16), **half)
        issued(office, document, "平工〔2012〕50号")
        with acting(SYSTEM):
            whole = PublishedFigure.objects.order_by("id").first()
            (since,) = publishing.since([whole])
    assert (whole.printed, whole.as_of, since.then) == ("550", "2012-08-16", Decimal(550))
    assert since.is_told_again


def test_what_is_published_is_the_basis_that_was_cited(office, july):
    year = {"cited_from": date(2012, 1, 1), "cited_to": AS_OF, "cited_as_of": AS_OF}
    perform(july, "recite", by=office.dept, **year)
    issued(office, july.document, "平工〔2012〕50号")
    with acting(SYSTEM):
        whole = PublishedFigure.objects.order_by("id").first()
    assert (whole.printed, whole.value, whole.exact) == ("548", Decimal(548), "548元")
    assert (whole.period_from, whole.period_to) == (date(2012, 1, 1), AS_OF)


def test_a_stock_is_cited_by_its_day(office, figures):
    with clock.at(TEN), acting(SYSTEM):
        station = Station.objects.get(name="二站")
        change(station, by=SYSTEM, closed_on=date(2012, 8, 1))
    document = office.report("现有站点{{数 站点数}}个。")
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "1", "2"), office.dept)
    edit = the_edit(document)
    perform(edit, "recite", by=office.organisers, cited_to=date(2012, 7, 31), cited_as_of=AS_OF)
    edit = the_edit(document)
    assert (edit.cited_from, edit.cited_value) == (date(2012, 7, 31), Decimal(2))


def test_the_leader_decides_on_the_screen(office, document):
    edit = typed(office, document)
    client = browser(office.leader)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    address = f"/r/reports.figure_edit/{edit.pk}/do/except/"
    assert address in page
    assert f"/reports/edits/{edit.pk}/restore/" not in page
    response = client.post(address, {"ground": GROUND, "version": edit.version})
    assert response.status_code == 302
    assert the_edit(document).state == "excepted"
    docx = bytes(latest_version(document).file.content)
    again = browser(office.dept).post(f"/reports/documents/{document.pk}/return/", uploaded(docx))
    assert f"第2段“走访金额”547改成550：{GROUND}" in again.content.decode()
