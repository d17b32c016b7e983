"""The way of a document: the final check and its list, the signed file, issue and archive."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, perform
from gonghui.kernel.workflow.models import Task
from gonghui.lines.reports.final_check import problems_of
from gonghui.lines.reports.models import DocType, Edition, ReportDoc, StoredDocx
from gonghui.lines.reports.services import latest_version, take_back
from tests.kernel.docx.word import texts
from tests.lines.reports.conftest import AS_OF, EVENING, cleared, fresh, issued, reviewed, signed
from tests.lines.reports.test_documents import edited, without_controls
from tests.lines.reports.test_screens import browser, uploaded
from tests.support.making import make
from tests.support.sample.models import Visit


def waiting(document: ReportDoc) -> list[tuple[list[str], str]]:
    """Whom a document waits for: roles and department."""
    with acting(SYSTEM):
        tasks = Task.objects.filter(
            register="reports.document", record_id=document.pk, closed_at=None
        )
        return [(task.roles, task.department) for task in tasks]


def told(document: ReportDoc, *, errors: bool = True) -> list[tuple[str, str, str]]:
    """Place, rule and text of what stands against a document."""
    return [
        (each.place, each.rule, each.says)
        for each in problems_of(fresh(document))
        if each.is_error is errors
    ]


@pytest.fixture
def rated(figures):
    """Three good visits of four in the first half: a rate of 75 %."""

    def make_visits(tree):
        for number, mood in enumerate(("good", "good", "good", "")):
            visit = create(
                Visit,
                by=SYSTEM,
                org=tree.union,
                title=f"评{number}",
                visited_on=date(2012, 5, 1),
                mood=mood,
            )
            perform(perform(visit, "submit", by=SYSTEM), "confirm", by=SYSTEM)

    return make_visits


# The way


def test_a_document_goes_its_whole_way_and_each_step_waits_for_its_own(office, figures):
    document = reviewed(office, office.report())
    assert waiting(document) == [(["dept"], "办公室")]
    document = perform(document, "clear", by=office.head)
    assert document.state == "final_check"
    assert [roles for roles, _ in waiting(document)] == [["leader"]]
    document = fresh(perform(document, "sign", by=office.leader))
    assert (document.state, document.signed_on) == ("signed", AS_OF)
    assert document.signed_hash == latest_version(document).file.sha256
    document = perform(document, "issue", by=office.dept, doc_no="平工〔2012〕50号")
    with acting(SYSTEM):
        task = Task.objects.get(register="reports.document", closed_at=None)
    assert task.due_on == date(2013, 2, 15)
    with clock.at(date(2012, 12, 20)):
        document = perform(document, "archive", by=office.dept)
    assert (document.state, document.archived_on) == ("archived", date(2012, 12, 20))
    assert waiting(document) == []


def test_the_final_check_is_the_offices_and_not_of_whoever_sent_it(office, figures):
    document = reviewed(office, office.report())
    for actor, why in (
        (office.organisers, "终核由办公室办理"),
        (office.dept, "不能是同一人"),
        (office.leader, "须由"),
    ):
        with pytest.raises(NotAllowed, match=why):
            perform(document, "clear", by=actor)
    with pytest.raises(Conflict):
        perform(document, "sign", by=office.leader)
    assert fresh(document).state == "reviewing"


@pytest.mark.parametrize("reach", [reviewed, cleared, signed])
def test_every_step_leads_back_to_drafting_for_a_reason(office, figures, reach):
    document = reach(office, office.report())
    with pytest.raises(DomainError, match="须说明原因"):
        perform(document, "return", by=office.leader)
    with clock.at(date(2012, 8, 16)):
        document = perform(document, "return", by=office.leader, reason="重写第三部分")
    assert document.state == "drafting"
    document = fresh(document)
    assert (document.signed_hash, document.signed_on) == ("", None)


def test_a_document_signed_again_bears_the_new_day(office, figures):
    document = signed(office, office.report())
    with clock.at(date(2012, 8, 17)):
        document = perform(document, "return", by=office.leader, reason="改题目")
        document = perform(fresh(document), "fill", by=office.dept)
        document = signed(office, document)
    assert fresh(document).signed_on == date(2012, 8, 17)


def test_an_issued_document_does_not_come_back(office, figures):
    document = issued(office, office.report(), "平工〔2012〕50号")
    with pytest.raises(Conflict):
        perform(document, "return", by=office.leader, reason="有误")


# The signed file


def test_a_file_that_was_changed_behind_the_signature_is_not_issued(office, figures):
    document = signed(office, office.report())
    version = latest_version(document)
    other = edited(bytes(version.file.content), "547", "550")
    StoredDocx.objects.filter(pk=version.file_id).update(content=other)
    with pytest.raises(Conflict, match="第1稿（生成，正式版）的文件与签发时不一致"):
        perform(document, "issue", by=office.dept, doc_no="平工〔2012〕50号")
    assert fresh(document).state == "signed"


def test_a_file_that_was_changed_after_the_issue_is_not_archived(office, figures):
    document = issued(office, office.report(), "平工〔2012〕50号")
    StoredDocx.objects.filter(pk=latest_version(document).file_id).update(content=b"other")
    with pytest.raises(Conflict, match="与签发时不一致"):
        perform(document, "archive", by=office.dept)


def test_a_later_file_is_told_from_the_signed_one(office, figures):
    document = office.report()
    client = browser(office.dept)
    address = f"/reports/documents/{document.pk}/signed/"
    docx = bytes(latest_version(document).file.content)
    page = client.post(address, uploaded(docx)).content.decode()
    assert "报告还没有签发，没有签发稿可以核对" in page
    document = signed(office, document)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    assert document.signed_hash in page
    assert address in page
    good = client.post(address, uploaded(docx), follow=True).content.decode()
    assert "这份文件与签发稿完全一致" in good
    other = edited(docx, "547", "550")
    bad = client.post(address, uploaded(other)).content.decode()
    assert f"这份文件与签发稿不符，不能印发、归档（签发稿校验码{document.signed_hash[:12]}" in bad
    with pytest.raises(Conflict):
        take_back(fresh(document), other, office.dept)


# The list


def test_a_document_without_faults_has_nothing_on_its_list(office, figures):
    assert told(office.report()) == [
        ("第2段", "认数", "“走访金额”547还没有由办公室认可。"),
        ("第2段", "认数", "“走访金额”47还没有由办公室认可。"),
    ]
    document = reviewed(office, office.report())
    assert (told(document), told(document, errors=False)) == ([], [])


def test_a_whole_that_is_not_whole_is_an_error(office, rated):
    rated(office.tree)
    document = office.report(
        "走访实现了全覆盖，好评率{{数 好评率 上半年}}。",
        "各县均开展走访、好评率{{数 好评率 上半年}}。",
        "好评率{{数 好评率 上半年}}，各县均有专人。",
        "基本实现全覆盖，好评率{{数 好评率 上半年}}；人均两次。",
        "按照“深组建、全覆盖”的要求，好评率{{数 好评率 上半年}}。",
    )
    assert [each for each in told(document) if each[1] == "C08"] == [
        ("第2段", "C08", "“全覆盖”与“好评率”75.00%不符，不是百分之百。"),
        ("第3段", "C08", "“均”与“好评率”75.00%不符，不是百分之百。"),
    ]
    with pytest.raises(DomainError, match="第2段：“全覆盖”与“好评率”"):
        cleared(office, document)


def test_a_whole_that_is_whole_is_none(office, rated):
    rated(office.tree)
    with acting(SYSTEM):
        other = Visit.objects.get(title="评3")
    change(other, by=SYSTEM, mood="good")
    document = office.report("走访实现了全覆盖，好评率{{数 好评率 上半年}}。")
    assert [each for each in told(document) if each[1] == "C08"] == []


def test_a_coverage_word_typed_into_a_returned_file_is_found_without_the_marks(office, rated):
    rated(office.tree)
    document = office.report("走访已经铺开，好评率{{数 好评率 上半年}}。")
    docx = bytes(latest_version(document).file.content)
    docx = edited(docx, "走访已经铺开，好评率", "走访实现全覆盖，好评率")
    assert controls_of(docx) != []
    take_back(document, without_controls(docx), office.dept)
    assert ("第2段", "C08", "“全覆盖”与“好评率”75.00%不符，不是百分之百。") in told(document)


def test_the_length_is_asked_by_the_kind_of_document(office, figures):
    for code, value in (("special_characters", 20), ("comprehensive_characters", 30)):
        Parameter.objects.create(
            code=f"reports.{code}", value=value, valid_from=date(2012, 1, 1), set_at=EVENING
        )
    lengths = {
        doc_type: [each[2] for each in told(office.report(doc_type=doc_type)) if each[1] == "篇幅"]
        for doc_type in (DocType.SPECIAL, DocType.HALF_YEAR, DocType.WORK_REPORT)
    }
    assert lengths == {
        DocType.SPECIAL: ["共24字，专报不超过20字。"],
        DocType.HALF_YEAR: [],
        DocType.WORK_REPORT: [],
    }
    Parameter.objects.create(
        code="reports.minute_characters", value=2, valid_from=date(2012, 1, 1), set_at=EVENING
    )
    Parameter.objects.create(
        code="reports.speech_minutes", value=11, valid_from=date(2012, 1, 1), set_at=EVENING
    )
    document = office.report()
    assert ("全文", "篇幅", "共24字，约讲12分钟，会议主报告不超过11分钟。") in told(document)
    with pytest.raises(DomainError, match="请压缩"):
        cleared(office, document)


def test_a_paper_out_of_format_is_stopped_with_place_and_remedy(office, figures):
    template = perform(office.draft("正文宋体。"), "enable", by=office.dept)
    document = create(
        ReportDoc,
        by=office.dept,
        org=office.tree.city,
        template=template,
        title="不合格式",
        as_of=AS_OF,
    )
    document = reviewed(office, perform(document, "fill", by=office.dept))
    with pytest.raises(DomainError) as stopped:
        perform(document, "clear", by=office.head)
    assert re.search(r"\d+\. 标题：标题应居中。请改正格式。", stopped.value.message)


def test_open_errors_of_the_statistics_on_the_same_union_and_days_stop_it(office, figures):
    with acting(SYSTEM):
        rule = make(
            register_of("statistics.check_rule"),
            org=office.tree.city,
            code="C03",
            expression="【走访金额】 ≤ sample.visits",
        )
        half, month = (
            make(
                register_of("statistics.stat_period"),
                org=office.tree.city,
                kind=kind,
                start_on=start,
                end_on=date(2012, 6, 30),
            )
            for kind, start in (("half", date(2012, 1, 1)), ("month", date(2012, 6, 1)))
        )
        values = {"rule": rule, "severity": "error", "indicator": "", "says": "部分大于整体"}
        results = [
            make(register_of("statistics.check_result"), org=org, period=period, **values)
            for org, period in (
                (office.tree.county, half),
                (office.tree.neighbour, half),
                (office.tree.city, month),
            )
        ]
    document = reviewed(office, office.report())
    assert told(document) == [
        ("第2段", "C03", "“走访金额”47的校验没有通过：部分大于整体。"),
    ]
    with pytest.raises(DomainError, match="请先更正台账或在“校验结果”中说明"):
        perform(document, "clear", by=office.head)
    perform(results[0], "dismiss", by=SYSTEM, explanation="已核实")
    assert perform(document, "clear", by=office.head).state == "final_check"


def test_the_check_sheet_and_the_page_tell_the_same(office, rated):
    rated(office.tree)
    document = office.report(
        "走访实现了全覆盖，好评率{{数 好评率 上半年}}。", edition=Edition.REVIEW
    )
    line = "第2段：“全覆盖”与“好评率”75.00%不符，不是百分之百。"
    lines = texts(bytes(latest_version(document).file.content))["正文"]
    assert any(each.startswith(line) for each in lines)
    page = browser(office.dept).get(f"/r/reports.document/{document.pk}/").content.decode()
    assert "终核检查" in page
    assert line in page
