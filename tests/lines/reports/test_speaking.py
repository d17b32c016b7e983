"""The speech edition of a document and the time it takes."""

from __future__ import annotations

import io
from datetime import date
from urllib.parse import unquote

import pytest
from docx import Document

from gonghui.base.errors import DomainError
from gonghui.kernel.access.roles import Role
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import perform
from gonghui.lines.reports.models import DocType, Edition
from gonghui.lines.reports.services import (
    generate,
    latest_version,
    speech_file_of,
    take_back,
    upload_template,
)
from gonghui.lines.reports.speaking import reading_of
from tests.lines.reports.conftest import AS_OF
from tests.lines.reports.test_documents import edited
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with

SENTENCE = "上半年走访金额{{数 走访金额 上半年}}元。"
FILLER = "各级工会扎实推进各项工作，职工得到了实实在在的帮助。"  # 26 characters


@pytest.fixture
def report(office, figures):
    """A work report in the official format; `times` makes it long."""

    def make(times: int = 1, edition: str = Edition.FINAL):
        paragraphs = [
            Paragraph(Level.ONE, "一、工作"),
            Paragraph(Level.BODY, SENTENCE + FILLER * times),
            Paragraph(Level.ONE, "二、打算"),
            Paragraph(Level.BODY, FILLER),
        ]
        template = upload_template(
            build_report(["在会议上的报告"], "", "", "", paragraphs),
            title="报告",
            doc_type=DocType.WORK_REPORT,
            org=office.tree.city,
            by=office.dept,
        )
        ready = perform(template, "enable", by=office.dept)
        return generate(
            ready, AS_OF, office.tree.city, by=office.dept, title="讲话", edition=edition
        )

    return make


def lines_of(docx: bytes) -> list[str]:
    return [p.text for p in Document(io.BytesIO(docx)).paragraphs if p.text]


def test_the_speech_is_the_text_of_the_newest_version(office, report):
    document = report(times=10)
    docx = bytes(latest_version(document).file.content)
    take_back(document, edited(docx, "上半年走访金额", "今年上半年走访金额"), office.dept)
    name, content = speech_file_of(latest_version(document))
    assert name == "讲话_第2稿_发言版.docx"
    head, title, first, text, second, _ = lines_of(content)
    assert (head, title) == ("发言稿　全文315字，约2分钟（每分钟180字）", "在会议上的报告")
    assert (first, second) == ("一、工作（约2分钟）", "二、打算（不到1分钟）")
    # python-docx does not read what stands in content controls: the figure itself.
    assert text.startswith("今年上半年走访金额")


def test_the_speed_and_the_longest_time_are_parameters(office, report):
    document = report(times=416)
    reading = reading_of(latest_version(document))
    assert (reading.characters, reading.minutes, reading.most) == (10_869, 60, 60)
    assert not reading.is_too_long
    rows = (("reports.minute_characters", 150), ("reports.speech_minutes", 45))
    for code, value in rows:
        Parameter.objects.create(
            code=code, value=value, valid_from=date(2012, 1, 1), set_at="2012-01-01T00:00+08:00"
        )
    reading = reading_of(latest_version(document))
    assert (reading.minutes, reading.most, reading.is_too_long) == (72, 45, True)
    Parameter.objects.filter(code="reports.minute_characters").update(value=0)
    with pytest.raises(DomainError, match="须大于0"):
        reading_of(latest_version(document))


def test_the_review_edition_is_not_read_out(office, report):
    version = latest_version(report(edition=Edition.REVIEW))
    with pytest.raises(DomainError, match="第1稿（生成，核稿版）带脚注和校核表"):
        speech_file_of(version)


def test_the_page_offers_the_speech_and_warns_of_its_length(office, report):
    document = report(times=500)
    client = browser(office.dept)
    page = client.get(f"/r/reports.document/{document.pk}/").content.decode()
    address = f"/reports/versions/{latest_version(document).pk}/speech/"
    for part in (
        f'href="{address}">下载发言版',
        "计<strong>约73分钟</strong>",
        "超过60分钟",
        "二、打算",
    ):
        assert part in page
    response = client.get(address)
    assert unquote(response["Content-Disposition"]).endswith("讲话_第1稿_发言版.docx")
    assert response.content[:2] == b"PK"
    county = browser(actor_with(Role.COUNTY, org=office.tree.county))
    assert county.get(address).status_code == 404
    review = report(edition=Edition.REVIEW)
    page = client.get(f"/r/reports.document/{review.pk}/").content.decode()
    assert "下载发言版" not in page
