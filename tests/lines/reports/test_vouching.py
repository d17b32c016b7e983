"""Vouching: each department answers for its own figures before anybody signs."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import change, perform, perform_many, void
from gonghui.kernel.workflow.models import Reminder, Task
from gonghui.kernel.workflow.services import climb_overdue
from gonghui.lines.reports.models import Edition, ReportDoc, ReportFigure, VouchSheet
from gonghui.lines.reports.services import fill, latest_version, take_back
from tests.lines.reports.conftest import fresh, reviewed, signed
from tests.lines.reports.test_documents import edited
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

# Wednesday, as in the seed.
TEN = datetime(2012, 8, 15, 10, 0, tzinfo=clock.ZONE)
TEXT = "上半年走访金额{{数 走访金额 上半年}}元，现有站点{{数 站点数}}个。"


@pytest.fixture
def document(office, figures) -> ReportDoc:
    """547 of the office and two stations of the organisers go round."""
    with clock.at(TEN):
        return perform(office.report(TEXT), "circulate", by=office.dept)


def sheets(document) -> dict[str, VouchSheet]:
    with acting(SYSTEM):
        found = VouchSheet.objects.filter(document=document).exclude(state="withdrawn")
        return {sheet.owner: sheet for sheet in found}


def figure(document, indicator) -> ReportFigure:
    with acting(SYSTEM):
        found = ReportFigure.objects.filter(version_of__document=document, indicator=indicator)
        return found.latest("id")


def visits(document) -> ReportFigure:
    return figure(document, "sample.visit_amount")


def stations(document) -> ReportFigure:
    return figure(document, "sample.stations")


def states(document) -> dict[str, str]:
    return {owner: sheet.state for owner, sheet in sheets(document).items()}


def test_each_department_gets_a_sheet_and_a_task_of_its_own(office, document):
    assert document.state == "vouching"
    told = {
        owner: (sheet.figure_count, sheet.pending_count, sheet.state)
        for owner, sheet in sheets(document).items()
    }
    assert told == {"办公室": (1, 1, "open"), "组织部": (1, 1, "open")}
    with acting(SYSTEM):
        tasks = Task.objects.filter(register="reports.vouch_sheet", closed_at=None)
        waits = {task.department: task.due_on for task in tasks}
    assert waits == {"办公室": date(2012, 8, 16), "组织部": date(2012, 8, 16)}


def test_the_deadline_is_a_parameter_and_climbs(office, figures):
    Parameter.objects.create(
        code="reports.vouch_days", value=3, valid_from=date(2012, 1, 1), set_at=TEN
    )
    with clock.at(TEN):
        perform(office.report(TEXT), "circulate", by=office.dept)
    with acting(SYSTEM):
        due = Task.objects.filter(register="reports.vouch_sheet").values_list("due_on", flat=True)
        assert set(due) == {date(2012, 8, 20)}
    with clock.at(date(2012, 8, 21)):
        climb_overdue()
    with acting(SYSTEM):
        late = Reminder.objects.filter(register="reports.vouch_sheet").order_by("message")
        assert late[0].message.startswith("认数单：办公室：示例工作报告（1个数）已逾期1天")


def test_a_department_vouches_for_its_own_figures_alone(office, document):
    nobody = actor_with(Role.DEPT, org=office.tree.city)
    for record, action in ((visits(document), "vouch"), (sheets(document)["办公室"], "vouch")):
        with pytest.raises(NotAllowed, match="由办公室认数，您的部室是组织部"):
            perform(record, action, by=office.organisers)
        with pytest.raises(NotAllowed, match="您的账号没有填写部室"):
            perform(record, action, by=nobody)
        with pytest.raises(NotAllowed):
            perform(record, action, by=office.leader)
    assert visits(document).state == "pending"


def test_who_vouched_and_when_is_kept_with_each_figure(office, document):
    with clock.at(TEN):
        perform(visits(document), "vouch", by=office.dept)
        perform(sheets(document)["组织部"], "vouch", by=office.organisers)
    for each, actor in ((visits(document), office.dept), (stations(document), office.organisers)):
        assert (each.state, each.voucher, each.vouched_at) == ("vouched", actor.name, TEN)
    assert states(document) == {"办公室": "vouched", "组织部": "vouched"}
    with acting(SYSTEM):
        assert not Task.objects.filter(register="reports.vouch_sheet", closed_at=None).exists()
    assert perform(document, "submit", by=office.dept).state == "reviewing"


def test_a_report_goes_no_further_while_a_figure_is_open(office, document):
    perform(sheets(document)["组织部"], "vouch", by=office.organisers)
    with pytest.raises(DomainError) as stopped:
        perform(document, "submit", by=office.dept)
    assert stopped.value.message.startswith(
        "还有1个数没有认可：第2段“走访金额”547（办公室，待认）。请送部室认数；"
    )
    with pytest.raises(Conflict):
        perform(document, "sign", by=office.leader)
    with pytest.raises(Conflict):
        perform(office.report(TEXT), "submit", by=office.dept)


def test_an_objection_has_a_reason_and_holds_the_report_up(office, document):
    own = visits(document)
    for empty in ({}, {"objection": "  "}):
        with pytest.raises(DomainError, match="请填写异议的理由"):
            perform(own, "object", by=office.dept, **empty)
    perform(own, "object", by=office.dept, objection="甲厂多报15元")
    sheet = sheets(document)["办公室"]
    assert (sheet.state, sheet.pending_count, sheet.objected_count) == ("objected", 0, 1)
    with acting(SYSTEM):
        reminder = Reminder.objects.get(register="reports.vouch_sheet", record_id=sheet.pk)
    assert reminder.message == "办公室对《示例工作报告》的1个数有异议：走访金额547：甲厂多报15元"
    with pytest.raises(DomainError, match="第2段“走访金额”547（办公室，异议：甲厂多报15元）"):
        perform(document, "submit", by=office.dept)
    perform(visits(document), "vouch", by=office.dept)
    assert (visits(document).objection, states(document)["办公室"]) == ("", "vouched")
    perform(visits(document), "object", by=office.dept, objection="还是不对")
    assert states(document)["办公室"] == "objected"


def test_confirming_the_sheet_leaves_its_objections_standing(office, figures):
    with clock.at(TEN):
        document = perform(
            office.report("走访{{数 走访金额 上半年}}元，其中甲县{{数 走访金额 甲县 上半年}}元。"),
            "circulate",
            by=office.dept,
        )
    perform(visits(document), "object", by=office.dept, objection="甲县漏报")
    assert states(document) == {"办公室": "open"}
    perform(sheets(document)["办公室"], "vouch", by=office.dept)
    sheet = sheets(document)["办公室"]
    assert (sheet.state, sheet.pending_count, sheet.objected_count) == ("objected", 0, 1)


def test_filling_again_asks_anew_only_for_what_has_changed(office, document):
    perform(sheets(document)["组织部"], "vouch", by=office.organisers)
    perform(visits(document), "object", by=office.dept, objection="甲厂多报15元")
    first = visits(document)
    with clock.at(TEN):
        change(Visit._unscoped.get(title="甲"), by=SYSTEM, amount=Decimal(32))
        fill(document, office.dept)
    assert fresh(first).state == "objected"
    assert (visits(document).printed, visits(document).state) == ("532", "pending")
    again = stations(document)
    assert (again.state, again.voucher) == ("vouched", office.organisers.name)
    with acting(SYSTEM):
        assert VouchSheet.objects.filter(document=document, state="withdrawn").count() == 1
    with pytest.raises(Conflict, match="不在“部室认数”环节"):
        perform(visits(document), "vouch", by=office.dept)
    document = perform(fresh(document), "circulate", by=office.dept)
    with acting(SYSTEM):
        newest = VouchSheet.objects.filter(figures_of=latest_version(document))
        assert [sheet.owner for sheet in newest] == ["办公室"]
    with pytest.raises(Conflict, match="请打开最新的认数单"):
        perform(first, "vouch", by=office.dept)
    perform(visits(document), "vouch", by=office.dept)
    assert perform(document, "submit", by=office.dept).state == "reviewing"


def test_the_review_edition_names_whoever_vouched(office, document):
    perform(sheets(document)["组织部"], "vouch", by=office.organisers)
    perform(document, "fill", by=office.dept, edition=Edition.REVIEW)
    version = latest_version(document)
    notes = open_docx(bytes(version.file.content)).files["word/footnotes.xml"].decode()
    assert notes.count("认数人：") == 1
    assert f"归口部室：组织部；认数人：{office.organisers.name}" in notes
    assert (visits(document).state, stations(document).state) == ("pending", "vouched")


def test_words_may_be_edited_without_asking_again(office, document):
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "元，现有站点", "元，全市现有站点"), office.dept)
    for owner, actor in (("办公室", office.dept), ("组织部", office.organisers)):
        perform(sheets(document)[owner], "vouch", by=actor)
    document = perform(document, "submit", by=office.dept)
    assert perform(document, "clear", by=office.head).state == "final_check"


def test_a_department_without_an_account_is_named_before_anything_is_sent(office, figures):
    User.objects.filter(department="组织部").update(is_active=False)
    document = office.report(TEXT)
    with pytest.raises(DomainError, match="组织部没有可以认数的账号。请安全管理员"):
        perform(document, "circulate", by=office.dept)
    assert (fresh(document).state, sheets(document)) == ("filled", {})


def test_what_goes_back_to_drafting_or_is_voided_waits_for_nobody(office, document):
    perform(document, "return", by=office.leader, reason="重写第三部分")
    with acting(SYSTEM):
        assert not Task.objects.filter(register="reports.vouch_sheet", closed_at=None).exists()
    with clock.at(TEN):
        other = perform(office.report(TEXT), "circulate", by=office.dept)
    void(other, by=office.dept, reason="不再使用")
    assert sheets(other) == {}


def test_many_figures_are_answered_in_one_go(office, document):
    both = [visits(document), stations(document)]
    outcomes = perform_many(both, "vouch", by=office.dept)
    assert outcomes[0].error is None
    assert isinstance(outcomes[1].error, NotAllowed)
    assert states(document) == {"办公室": "vouched", "组织部": "open"}


def test_a_report_without_figures_needs_nobody(office, figures):
    document = perform(office.report("没有数字的报告。"), "circulate", by=office.dept)
    assert sheets(document) == {}
    assert signed(office, document).state == "signed"


def test_a_file_made_from_figures_that_nobody_vouched_for_is_not_signed(office, figures):
    document = office.report(TEXT)
    old = bytes(latest_version(document).file.content)
    fill(document, office.dept)
    document = reviewed(office, document)
    take_back(document, old, office.dept)
    with pytest.raises(DomainError, match="“走访金额”547还没有由办公室认可"):
        perform(document, "clear", by=office.head)


def test_the_pages_tell_whose_turn_it_is_and_who_vouched(office, document):
    perform(visits(document), "object", by=office.dept, objection="甲厂多报15元")
    page = browser(office.dept).get(f"/r/reports.document/{document.pk}/").content.decode()
    for part in ("还有<strong>2</strong>个没有认可", "甲厂多报15元", office.dept.name, "组织部"):
        assert part in page
    sheet = sheets(document)["组织部"]
    organisers = browser(office.organisers)
    assert "认数单" in organisers.get("/").content.decode()
    page = organisers.get(f"/r/reports.vouch_sheet/{sheet.pk}/").content.decode()
    own = stations(document)
    for part in (
        f"/r/reports.figure/{own.pk}/do/vouch/",
        f"/r/reports.figure/{own.pk}/do/object/",
        f"/r/reports.vouch_sheet/{sheet.pk}/do/vouch/",
        "/figures/sample.stations/",
        "下一步由 <strong>组织部（市总部室）</strong>",
    ):
        assert part in page
    page = browser(office.dept).get(f"/r/reports.vouch_sheet/{sheet.pk}/").content.decode()
    assert "/do/vouch/" not in page
    response = organisers.post(
        f"/r/reports.figure/{own.pk}/do/object/", {"objection": "少一站", "version": own.version}
    )
    assert response.status_code == 302
    assert stations(document).objection == "少一站"
