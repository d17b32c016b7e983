"""The help for writing templates: every tag that it offers is one, and prints what it says."""

from __future__ import annotations

import pytest

from gonghui.kernel.access.roles import Role
from gonghui.kernel.docx.evaluate import Evaluator
from gonghui.kernel.docx.handbook import EXAMPLES
from gonghui.kernel.docx.render import tags_of
from gonghui.kernel.docx.sources import NotYet
from gonghui.kernel.docx.tags import parse, plain, spans
from gonghui.lines.reports.filling import source_for
from gonghui.lines.reports.tagging import entries, handbook_of
from tests.lines.reports.conftest import AS_OF, of_department
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with


def test_every_tag_that_is_offered_prints_its_own_indicator(office, figures):
    source = source_for(office.tree.city, AS_OF)
    evaluator = Evaluator(source, AS_OF)
    found = entries(office.tree.city.pk)
    assert len(found) > 50
    known = {plain(name): name for name in source.names()}
    printed = {}
    for one in found:
        tag = parse(one.tag)
        (name,) = tag.query.names
        assert source.indicator(known[name]).code == one.indicator.code
        try:
            printed[one.indicator.code] = evaluator.answer(tag).said.printed
        except NotYet:
            continue  # no records of it in the small city
    assert printed["sample.visit_amount"] == "548"
    shown = {one.indicator.code: one.figure.whole for one in found}
    assert shown["sample.visit_amount"] == "548元"
    assert shown["sample.stations"] == "2个"


def test_every_example_can_be_read():
    for text, _ in EXAMPLES:
        found = list(spans(text))
        assert found
        for span in found:
            assert span.error is None
            assert parse(span.raw)


def test_it_is_searched_by_every_word(office, figures):
    assert [one.indicator.name for one in entries(office.tree.city.pk, "走访 金额")] == ["走访金额"]
    assert entries(office.tree.city.pk, "没有的词") == []


def test_the_page_and_the_document_offer_the_same_tags(office, figures):
    client = browser(office.dept)
    page = client.get("/reports/tags/", {"q": "走访金额"}).content.decode()
    assert 'data-copy="{{数 走访金额}}"' in page
    assert "548元" in page
    answer = client.get("/reports/tags/handbook/")
    raw = {found.span.raw for found in tags_of(answer.content)}
    assert {one.tag for one in entries(office.tree.city.pk)} <= raw
    assert answer.content[:2] == handbook_of(office.tree.city.pk)[:2] == b"PK"


def test_who_opens_no_records_writes_no_templates(office):
    admin = browser(actor_with(Role.SECURITY_ADMIN, org=office.tree.city))
    assert admin.get("/reports/tags/").status_code == 403
    county = browser(of_department("", office.tree, Role.LEADER))
    assert county.get("/reports/tags/").status_code == 200


@pytest.mark.parametrize("path", ["/reports/tags/", "/reports/tags/handbook/"])
def test_a_county_reads_its_own_figures_alone(office, figures, path):
    client = browser(actor_with(Role.COUNTY, org=office.tree.county))
    answer = client.get(path, {"q": "走访金额"})
    assert answer.status_code == 200
    if path == "/reports/tags/":
        assert "48元" in answer.content.decode()
        assert "548元" not in answer.content.decode()
