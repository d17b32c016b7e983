"""Documents: their figures, gaps and errors, signing, and edited files that come back."""

from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.places import BODY
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.goals.models import Issuer, PlanBook, Target
from gonghui.lines.reports.final_check import FILL_AGAIN
from gonghui.lines.reports.models import Edition, ReportDoc, ReportFigure, ReportVersion
from gonghui.lines.reports.services import (
    FindingKind,
    check_returned,
    file_of,
    file_of_template,
    fill,
    generate,
    latest_version,
    take_back,
    write_report,
)
from tests.kernel.docx.word import texts
from tests.lines.goals.conftest import person_of
from tests.lines.reports.conftest import (
    AS_OF,
    EVENING,
    SENTENCE,
    cleared,
    fresh,
    of_department,
    reviewed,
)
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit


def lines_of(docx: bytes) -> list[str]:
    """The paragraphs of the body below the title."""
    return texts(docx)[BODY][1:]


def edited(docx: bytes, old: str, new: str) -> bytes:
    """The file with a text changed inside its runs, as an editor would save it."""
    package = open_docx(docx)
    root = package.part(package.main)
    for element in root.iter():
        if element.text == old:
            element.text = new
    return package.save()


def without_controls(docx: bytes) -> bytes:
    """The file as an office program saves it that drops content controls."""
    package = open_docx(docx)
    root = package.part(package.main)
    for sdt in [element for element in root.iter() if str(element.tag).endswith("}sdt")]:
        content = next(child for child in sdt if str(child.tag).endswith("}sdtContent"))
        for child in list(content):
            sdt.addprevious(child)
        sdt.getparent().remove(sdt)
    return package.save()


def test_a_report_keeps_every_figure_it_prints(office, figures):
    document = office.report()
    assert (document.state, document.number) == ("filled", "报告-2012-001")
    version = latest_version(document)
    assert (version.n, version.figure_count, version.is_complete) == (1, 2, True)
    assert lines_of(file_of(version)[1]) == ["上半年走访金额547元,其中甲县47元。"]
    with acting(office.dept):
        whole, county = ReportFigure.objects.filter(version_of=version).order_by("id")
    assert (whole.indicator, whole.value, whole.printed, whole.exact) == (
        "sample.visit_amount",
        547,
        "547",
        "547元",
    )
    assert (whole.period, whole.as_of, whole.records_count) == ("2012年上半年", "2012-08-15", 2)
    assert (whole.truth, whole.place, whole.about_org) == ("true", "第2段", "")
    assert (county.value, county.about_org, county.about) == (47, "甲县总工会", office.tree.county)
    assert (county.period_from, county.period_to) == (date(2012, 1, 1), date(2012, 6, 30))
    assert [control.tag_id for control in controls_of(file_of(version)[1])] == [
        whole.tag_id,
        county.tag_id,
    ]


def test_the_share_of_the_provinces_plan_comes_from_the_issued_target(office, figures):
    book = create(PlanBook, by=office.dept, org=office.tree.city, year=2012, issuer=Issuer.PROVINCE)
    create(
        Target,
        by=office.dept,
        plan=book,
        code="T07",
        clause="全年组建工作目标",
        kind="flow",
        indicator="sample.visit_amount",
        value=Decimal(480),
        window_from=date(2012, 1, 1),
        due_on=date(2012, 12, 31),
        lead_dept="组织部",
        leader_person=person_of(office.tree.city),
    )
    perform(book, "consult", by=office.dept)
    perform(book, "issue", by=office.leader, doc_no="豫工〔2012〕3号")
    document = office.report(
        "完成省总年度计划的{{率 走访金额 省总计划 上半年}}。",
        "完成市总目标的{{率 走访金额 市总 上半年}}。",
    )
    version = latest_version(document)
    assert lines_of(file_of(version)[1])[0] == "完成省总年度计划的114%。"
    assert (version.missing_count, version.error_count) == (1, 0)
    assert version.missing == "第3段：市总没有下达“走访金额”2012年目标"
    with acting(office.dept):
        (figure,) = ReportFigure.objects.filter(version_of=version)
    assert figure.value == Decimal("1.1395833333")
    assert (figure.exact, figure.basis) == ("547元 ÷ 480元 = 113.96%", "省总2012年目标480元")


def test_what_is_missing_and_wrong_is_listed_and_stops_the_signature(office, figures):
    document = office.report(
        "报告人{{文 报告人}}。",
        "走访{{数 走访金额 上半年 突破 取整1000}}元。",
        "{{待补 第1.1节 A01}}",
    )
    version = latest_version(document)
    assert (version.missing_count, version.error_count) == (2, 1)
    assert version.missing == "第2段：报告人（未填写）\n第4段：第1.1节 A01"
    assert version.errors.startswith("第3段 {{数 走访金额 上半年 突破 取整1000}}：")
    document = reviewed(office, document)
    with pytest.raises(DomainError) as stopped:
        perform(document, "clear", by=office.head)
    told = stopped.value.message.splitlines()
    assert told[0] == "终核还有3处错误："
    assert told[1] == f"1. 第2段：报告人（未填写）{FILL_AGAIN}"
    assert told[2] == f"2. 第4段：第1.1节 A01{FILL_AGAIN}"
    assert told[3].startswith("3. 第3段：{{数 走访金额 上半年 突破 取整1000}}：")
    assert fresh(document).state == "reviewing"


def test_a_complete_report_is_signed_by_a_leader_and_issued(office, figures):
    document = office.report()
    document = cleared(office, document)
    with pytest.raises(NotAllowed):
        perform(document, "sign", by=office.dept)
    signed = perform(document, "sign", by=office.leader)
    assert signed.signed_on == AS_OF
    issued = perform(signed, "issue", by=office.dept, doc_no="平工〔2012〕50号")
    assert (issued.state, issued.doc_no, issued.issued_on) == ("issued", "平工〔2012〕50号", AS_OF)
    with pytest.raises(Conflict):
        fill(issued, office.dept)
    with pytest.raises(Conflict):
        change(issued, by=office.dept, title="改题")


def test_whoever_sent_it_to_review_does_not_sign_it(office, figures):
    both = of_department("办公室", office.tree, Role.DEPT, Role.LEADER)
    document = cleared(replace(office, dept=both), office.report())
    with pytest.raises(NotAllowed):
        perform(document, "sign", by=both)
    assert perform(document, "return", by=office.leader, reason="补充数据").state == "drafting"


def test_the_review_edition_is_not_what_is_signed(office, figures):
    document = office.report(edition=Edition.REVIEW)
    version = latest_version(document)
    assert version.edition == Edition.REVIEW
    assert "word/footnotes.xml" in open_docx(file_of(version)[1]).files
    document = reviewed(office, document)
    with pytest.raises(DomainError, match="不是正式版"):
        perform(document, "clear", by=office.head)


def test_filling_again_adds_a_version_and_keeps_the_old_one(office, figures):
    document = office.report()
    with clock.at(EVENING):
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="补报",
            visited_on=date(2012, 6, 1),
            amount=3,
        )
        second = fill(document, office.dept)
    assert second.n == 2
    assert lines_of(file_of(second)[1]) == ["上半年走访金额550元,其中甲县50元。"]
    with acting(office.dept):
        first = ReportVersion.objects.get(document=document, n=1)
        assert [figure.value for figure in ReportFigure.objects.filter(version_of=first)] == [
            547,
            47,
        ]


def test_a_report_of_a_moment_stays_as_it_was(office, figures):
    with clock.at(EVENING):
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="补报",
            visited_on=date(2012, 6, 1),
            amount=3,
        )
        six = datetime(2012, 8, 15, 18, 0, tzinfo=clock.ZONE)
        document = office.report(as_of=six)
    assert (document.as_of, document.as_of_at) == (AS_OF, six)
    assert lines_of(file_of(latest_version(document))[1])[0].startswith("上半年走访金额547元")


def test_a_template_in_draft_is_not_filled(office, figures):
    with pytest.raises(DomainError, match="模板尚未启用"):
        generate(office.draft(SENTENCE), AS_OF, office.tree.city, by=office.dept)
    with acting(SYSTEM):
        assert ReportDoc.objects.count() == 0


def test_a_county_does_not_make_or_see_the_citys_reports(office, figures):
    document = office.report()
    county = actor_with(Role.COUNTY, org=office.tree.county)
    with acting(county):
        assert (ReportDoc.objects.count(), ReportFigure.objects.count()) == (0, 0)
    with pytest.raises(DomainError) as error:
        fill(document, county)
    assert error.value.code == "not_found"
    with pytest.raises(NotAllowed):
        generate(document.template, AS_OF, office.tree.county, by=county)


def test_no_role_types_in_a_figure(office, figures):
    version = latest_version(office.report())
    with acting(office.dept):
        figure = ReportFigure.objects.filter(version_of=version).first()
    for attempt in (
        lambda: change(figure, by=office.dept, value=Decimal(550)),
        lambda: change(version, by=office.dept, error_count=0),
        lambda: create(
            ReportVersion, by=office.dept, org=office.tree.city, document=version.document, n=9
        ),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_the_edited_number_is_found_at_its_place(office, figures):
    document = office.report("前言。", SENTENCE)
    docx = edited(file_of(latest_version(document))[1], "547", "550")
    (finding,) = check_returned(document, docx)
    assert (finding.kind, finding.place, finding.printed, finding.found) == (
        FindingKind.EDITED,
        "第3段",
        "547",
        "550",
    )
    assert not finding.holds
    assert str(finding) == (
        "第3段“550”与系统数“547”（准确值547元）不一致，请恢复或由领导注明理由。"
    )


def test_an_untouched_file_and_edited_words_give_no_finding(office, figures):
    document = office.report()
    docx = file_of(latest_version(document))[1]
    assert check_returned(document, docx) == []
    assert check_returned(document, edited(docx, "上半年走访金额", "今年上半年走访金额")) == []


def test_a_new_wording_that_is_true_is_told_as_such(office, figures):
    document = office.report()
    docx = edited(file_of(latest_version(document))[1], "547", "500余")
    (finding,) = check_returned(document, docx)
    assert finding.holds
    assert "改后的说法也符合准确值" in str(finding)


def test_figures_are_found_by_their_words_where_an_office_program_dropped_the_controls(
    office, figures
):
    document = office.report("前言。", SENTENCE)
    docx = without_controls(file_of(latest_version(document))[1])
    assert check_returned(document, docx) == []
    assert check_returned(document, edited(docx, "上半年走访金额", "今年上半年走访金额")) == []
    (finding,) = check_returned(document, edited(docx, "547", "550"))
    assert (finding.kind, finding.place, finding.printed, finding.found) == (
        FindingKind.EDITED,
        "第3段",
        "547",
        "550",
    )
    (finding,) = check_returned(document, edited(docx, "47", "46"))
    assert (finding.printed, finding.found, finding.is_error) == ("47", "46", True)


def test_a_figure_whose_sentence_is_gone_is_told_as_such(office, figures):
    document = office.report(
        "今年共走访{{数 走访金额 上半年}}元。", "其中甲县{{数 走访金额 甲县 上半年}}元。"
    )
    docx = without_controls(file_of(latest_version(document))[1])
    docx = edited(edited(docx, "其中甲县", "各县都开展了这项工作，反映"), "47", "良好")
    finding, *others = check_returned(document, docx)
    assert (finding.kind, finding.printed, others) == (FindingKind.LOST, "47", [])
    assert "请人工核对" in str(finding)


def test_numbers_that_nobody_vouches_for_are_told_but_do_not_stop_the_report(office, figures):
    document = office.report(SENTENCE, "全市走访547元，另有慰问品200件，服务热线12351。")
    docx = file_of(latest_version(document))[1]
    linked, unsourced = check_returned(document, docx)
    assert (linked.kind, linked.found, linked.name) == (FindingKind.LINKED, "547元", "走访金额")
    assert (unsourced.kind, unsourced.found) == (FindingKind.UNSOURCED, "200件")
    assert not linked.is_error
    version, _ = take_back(document, docx, office.dept)
    assert version.error_count == 0


def test_a_figure_of_another_report_is_told(office, figures):
    document, other = office.report(), office.report()
    foreign = file_of(latest_version(other))[1]
    kinds = [finding.kind for finding in check_returned(document, foreign)]
    assert (
        kinds == [FindingKind.FOREIGN] * 2 + [FindingKind.LOST] * 2
    )  # both stand inside foreign controls


def test_an_edited_file_is_compared_with_the_version_it_came_from(office, figures):
    document = office.report()
    first = file_of(latest_version(document))[1]
    with clock.at(EVENING):
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="补报",
            visited_on=date(2012, 6, 1),
            amount=3,
        )
        fill(document, office.dept)
    assert check_returned(document, first) == []
    assert len(check_returned(document, edited(first, "547", "550"))) == 1


def test_a_returned_file_becomes_a_version_that_cannot_hide_its_changes(office, figures):
    document = office.report()
    docx = file_of(latest_version(document))[1]
    version, findings = take_back(document, edited(docx, "547", "550"), office.dept)
    assert (version.n, version.kind, version.error_count, len(findings)) == (2, "returned", 1, 1)
    document = reviewed(office, document)
    with pytest.raises(DomainError, match="第2段：“550”与系统数“547”（准确值547元）不一致"):
        perform(document, "clear", by=office.head)
    good, findings = take_back(
        ReportDoc._unscoped.get(pk=document.pk),
        edited(docx, "上半年走访金额", "我市走访金额"),
        office.dept,
    )
    assert (good.n, good.based_on.n, good.is_complete, findings) == (3, 1, True, [])
    assert perform(document, "clear", by=office.head).state == "final_check"
    with pytest.raises(Conflict):
        take_back(ReportDoc._unscoped.get(pk=document.pk), docx, office.dept)


def test_red_notes_that_still_stand_in_a_returned_file_count_as_missing(office, figures):
    document = office.report("报告人{{文 报告人}}。")
    docx = file_of(latest_version(document))[1]
    version, findings = take_back(document, docx, office.dept)
    assert (findings, version.missing_count, version.missing) == (
        [],
        1,
        "第2段 【待补：报告人（未填写）】",
    )
    with pytest.raises(NotAllowed):
        take_back(document, docx, office.leader)


def test_the_files_name_tells_what_it_is(office, figures):
    document = office.report(title="围绕中心\n服务大局")
    name, content = file_of(latest_version(document))
    assert (name, content[:2]) == ("围绕中心服务大局_第1稿_正式版.docx", b"PK")


def test_the_shipped_report_is_written_to_a_file(office, figures, tmp_path):
    out = tmp_path / "report.docx"
    rendered = write_report(
        "half-year",
        AS_OF,
        out,
        title="围绕中心",
        meeting="市总九届八次常委(扩大)会议",
        speaker="示例报告人",
        speak_on=AS_OF,
    )
    assert out.read_bytes() == rendered.docx
    assert not rendered.complete
    assert rendered.text[:2] == ["围绕中心", "——在市总九届八次常委(扩大)会议上的工作报告"]
    assert rendered.errors == []
    with acting(SYSTEM):
        assert ReportDoc.objects.count() == 0
    again = write_report("half-year", AS_OF, out, edition="review")
    assert len(again.missing) > len(rendered.missing)


@pytest.mark.django_db
def test_without_a_city_there_is_no_report(tmp_path):
    with pytest.raises(DomainError, match="还没有登记市总工会"):
        write_report("half-year", AS_OF, tmp_path / "report.docx")


def test_a_report_that_was_never_filled_has_nothing_to_review_or_compare(office, figures):
    document = create(
        ReportDoc,
        by=office.dept,
        org=office.tree.city,
        template=office.template(SENTENCE),
        title="未取数",
        as_of=AS_OF,
    )
    with pytest.raises(DomainError, match="请先取数"):
        check_returned(document, file_of_template(document.template)[1])
    with pytest.raises(Conflict, match="可以回传改稿"):
        take_back(document, b"", office.dept)
    with pytest.raises(Conflict):
        perform(document, "submit", by=office.dept)
