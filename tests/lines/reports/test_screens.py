"""Fetching and giving files through the browser."""

import io
from urllib.parse import unquote

import pytest
from django.test import Client

from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import User
from gonghui.lines.reports.models import ReportTemplate
from gonghui.lines.reports.services import file_of, latest_version
from tests.kernel.docx.word import docx_of
from tests.lines.reports.conftest import SENTENCE, signed
from tests.lines.reports.test_documents import edited
from tests.support.orgs import actor_with


def browser(actor) -> Client:
    client = Client()
    user = User.objects.get(pk=actor.user_id)
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def uploaded(content: bytes):
    file = io.BytesIO(content)
    file.name = "改稿.docx"
    return {"file": file}


@pytest.fixture
def county(office):
    return browser(actor_with(Role.COUNTY, org=office.tree.county))


def test_a_version_is_fetched_with_its_name_and_not_by_a_county(office, figures, county):
    version = latest_version(office.report())
    address = f"/reports/versions/{version.pk}/file/"
    response = browser(office.dept).get(address)
    assert response.content == file_of(version)[1]
    assert unquote(response["Content-Disposition"]).endswith("示例工作报告_第1稿_正式版.docx")
    assert county.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_pages_show_versions_figures_and_files(office, figures):
    document = office.report()
    client = browser(office.dept)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    version = latest_version(document)
    for part in ("第1稿（生成，正式版）", f"/reports/versions/{version.pk}/file/", "回传改稿"):
        assert part in page
    of_version = client.get(f"/r/reports.version/{version.pk}/").content.decode()
    assert "547元" in of_version
    assert "甲县总工会" in of_version
    behind = f"/figures/sample.visit_amount/?unit.pk={office.tree.county.pk}&amp;during=custom"
    assert behind in of_version
    of_template = client.get(f"/r/reports.template/{document.template_id}/").content.decode()
    assert f"/reports/templates/{document.template_id}/file/" in of_template
    assert f"/reports/templates/{document.template_id}/upload/" not in of_template


def test_a_template_is_uploaded_and_its_wrong_tags_shown(office):
    template = office.draft("空")
    client = browser(office.dept)
    address = f"/reports/templates/{template.pk}/upload/"
    assert client.get(address).status_code == 200
    response = client.post(address, uploaded(docx_of("{{数 走访金}}")), follow=True)
    assert "您是否要“走访金额”" in response.content.decode()
    assert ReportTemplate._unscoped.get(pk=template.pk).revision == 2
    assert client.get(f"/reports/templates/{template.pk}/file/").content[:2] == b"PK"


def test_a_bad_file_is_told_at_the_field_and_changes_nothing(office, county):
    template = office.draft(SENTENCE)
    client = browser(office.dept)
    address = f"/reports/templates/{template.pk}/upload/"
    for data, message in (({}, "请选择文件。"), (uploaded(b"x"), "无法打开")):
        response = client.post(address, data)
        assert response.status_code == 200
        assert message in response.content.decode()
    assert browser(office.leader).post(address, uploaded(docx_of("领导"))).status_code == 403
    assert county.post(address, uploaded(docx_of("县"))).status_code == 404
    assert ReportTemplate._unscoped.get(pk=template.pk).revision == 1


def test_an_edited_document_given_back_shows_the_changed_number(office, figures):
    document = office.report()
    docx = file_of(latest_version(document))[1]
    client = browser(office.dept)
    address = f"/reports/documents/{document.pk}/return/"
    assert client.get(address).status_code == 200
    page = client.post(address, uploaded(edited(docx, "547", "550"))).content.decode()
    assert "第2段“550”与系统数“547”（准确值547元）不一致" in page
    good = client.post(address, uploaded(docx)).content.decode()
    assert "系统取的数都与系统数一致" in good
    assert client.post(address, uploaded(b"x")).status_code == 200


def test_a_file_of_any_origin_is_judged_and_its_numbers_are_traced(office, figures):
    document = office.report("上半年走访{{数 走访金额 上半年}}元。")
    docx = file_of(latest_version(document))[1]
    client = browser(office.dept)
    assert "公文体检" in client.get("/reports/check/").content.decode()
    plain = client.post("/reports/check/", uploaded(docx_of("走访547元。"))).content.decode()
    assert "处不符合公文格式" in plain
    before = client.post("/reports/check/", uploaded(docx)).content.decode()
    assert "没有发现不符合公文格式的地方" in before
    assert "《示例工作报告》" not in before
    signed(office, document)
    after = client.post("/reports/check/", uploaded(docx)).content.decode()
    assert "《示例工作报告》走访金额" in after
    assert "不是" in client.post("/reports/check/", uploaded(b"x")).content.decode()
    admin = browser(actor_with(Role.SYSTEM_ADMIN, org=office.tree.city))
    assert admin.get("/reports/check/").status_code == 403
