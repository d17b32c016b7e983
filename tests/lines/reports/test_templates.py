"""Templates: reading their tags, states, permissions, the shipped ones."""

import pytest

from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.reports import facts, services
from gonghui.lines.reports.models import DocType, ReportTemplate, StoredDocx
from gonghui.lines.reports.services import (
    file_of_template,
    replace_file,
    ship_templates,
    template_of,
    upload_template,
)
from tests.kernel.docx.word import docx_of
from tests.lines.reports.conftest import SENTENCE
from tests.support.orgs import actor_with


def test_uploading_reads_every_tag_with_its_place(office):
    template = office.draft("没有标签的一段。", SENTENCE)
    assert (template.revision, template.tag_count, template.error_count) == (1, 2, 0)
    assert template.tags[1] == {
        "place": "第2段",
        "raw": "{{数 走访金额 甲县 上半年}}",
        "kind": "数",
        "error": "",
        "missing": "",
    }
    assert template.lint == "共2个标签，均可用。"


def test_a_wrong_tag_is_told_with_its_place_and_a_suggestion(office):
    template = office.draft(
        "共{{数 走访金}}元。", "{{数 站点数 无名县}}、{{数走访金额}}、{{证 orgs.x_sing}}"
    )
    assert template.error_count == 4
    lines = template.lint.split("\n")
    assert lines[0].startswith("第1段 {{数 走访金}}：找不到指标“走访金”，您是否要“走访金额”")
    assert lines[1] == "第2段 {{数 站点数 无名县}}：找不到组织“无名县”"
    assert "“数”后面要有空格" in lines[2]
    assert "您是否要“orgs.x_sign”" in lines[3]
    with pytest.raises(DomainError, match="模板还有4处标签错误"):
        perform(template, "enable", by=office.dept)


def test_a_line_that_is_not_there_is_missing_and_no_error(office, monkeypatch):
    monkeypatch.setitem(facts.NAMES, "未来指标", "future.code")
    template = office.draft("有{{数 未来指标}}个{{如 未来指标 > 站点数}}多{{完}}。")
    assert (template.tag_count, template.error_count) == (3, 0)
    assert template.lint == (
        "第1段 {{数 未来指标}}：未来指标（业务线尚未启用）（暂缺）\n"
        "第1段 {{如 未来指标 > 站点数}}：未来指标（业务线尚未启用）（暂缺）"
    )
    assert perform(template, "enable", by=office.dept).state == "ready"


def test_an_enabled_template_gets_a_new_file_only_as_a_revision(office):
    template = office.template(SENTENCE)
    with pytest.raises(Conflict):
        replace_file(template, docx_of("新"), office.dept)
    draft = perform(template, "revise", by=office.dept)
    changed = replace_file(draft, docx_of("新"), office.dept)
    assert (changed.revision, changed.tag_count) == (2, 0)
    assert StoredDocx.objects.count() == 2


def test_without_a_file_a_template_is_not_enabled(office):
    bare = create(
        ReportTemplate, by=office.dept, org=office.tree.city, title="空", doc_type=DocType.BRIEF
    )
    with pytest.raises(DomainError, match="请先上传模板文件"):
        perform(bare, "enable", by=office.dept)
    with pytest.raises(DomainError, match="还没有上传文件"):
        file_of_template(bare)


def test_a_file_that_is_no_document_leaves_nothing_behind(office):
    with pytest.raises(DomainError):
        upload_template(
            b"no docx", title="坏", doc_type=DocType.BRIEF, org=office.tree.city, by=office.dept
        )
    with acting(SYSTEM):
        assert ReportTemplate.objects.count() == 0
    assert StoredDocx.objects.count() == 0


def test_only_departments_keep_templates(office):
    county = actor_with(Role.COUNTY, org=office.tree.county)
    with pytest.raises(NotAllowed):
        office.draft(SENTENCE, by=county, org=office.tree.county)
    template = office.draft(SENTENCE)
    with pytest.raises(DomainError) as error:
        replace_file(template, docx_of("县里改"), county)
    assert error.value.code == "not_found"
    with pytest.raises(NotAllowed):
        replace_file(template, docx_of("领导改"), office.leader)


def test_shipping_the_templates_twice_changes_nothing(office):
    first, brief, circular = ship_templates()
    assert (first.key, first.title, first.state, first.revision) == (
        "half-year",
        "半年工作报告",
        "ready",
        1,
    )
    assert (first.error_count, first.tag_count > 15) == (0, True)
    assert (brief.key, circular.key) == ("brief", "county-circular")
    assert (brief.doc_type, circular.doc_type) == (DocType.BRIEF, DocType.COUNTY_CIRCULAR)
    assert (brief.masthead, circular.masthead) == ("示例工会信息", "示例工会数据通报")
    for template in (brief, circular):
        assert (template.state, template.error_count, template.lint) == ("ready", 0, template.lint)
    assert circular.shown == "新建工会数、发展会员数"
    again, *_ = ship_templates()
    assert (again.pk, again.version) == (first.pk, first.version)
    assert StoredDocx.objects.count() == 3


def test_a_newer_shipped_template_becomes_a_revision(office, monkeypatch):
    first, *_ = ship_templates()
    newer = services.Shipped(
        key="half-year",
        title="半年工作报告",
        doc_type=DocType.WORK_REPORT,
        owner_dept="办公室",
        make=lambda: docx_of(SENTENCE),
    )
    monkeypatch.setattr(services, "SHIPPED", (newer,))
    (changed,) = ship_templates()
    assert (changed.pk, changed.state, changed.revision, changed.tag_count) == (
        first.pk,
        "ready",
        2,
        2,
    )
    perform(changed, "revise", by=office.dept)
    monkeypatch.setattr(services, "SHIPPED", (newer,))
    (left_alone,) = ship_templates()
    assert (left_alone.state, left_alone.revision) == ("draft", 2)


def test_a_template_is_found_by_its_key_and_its_file_comes_with_a_name(office):
    ship_templates()
    with acting(office.dept):
        name, content = file_of_template(template_of("half-year"))
        with pytest.raises(DomainError, match="没有模板“year-end”，系统自带的有half-year"):
            template_of("year-end")
    assert (name, content[:2]) == ("半年工作报告（第1版）.docx", b"PK")
