"""What is printed of targets, supervision and assessment."""

from __future__ import annotations

import io
from datetime import date

import pytest
from docx import Document

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.lines.goals import supervision
from tests.lines.goals.test_assessment import (  # noqa: F401  fixtures
    JANUARY,
    handed_down,
    scored,
)
from tests.lines.goals.test_supervision import AUGUST, issued, item_of
from tests.support.people import client_for, user_with


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


def words_of(client, path, **query) -> str:
    answer = client.get(path, query)
    assert answer.status_code == 200, path
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    book = Document(io.BytesIO(content))
    cells = [cell.text for table in book.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(paragraph.text for paragraph in book.paragraphs), *cells])


def test_a_plan_book_is_printed_with_its_targets_to_be_signed(plan):
    book = plan.book()
    plan.target(book, 480)
    plan.target(book, 6400, indicator="sample.visited", code="T08", clause="发展会员六千四百名")
    book = plan.issue(book)
    words = words_of(
        client_for(user_with(Role.DEPT, plan.city)), f"/r/goals.plan_book/{book.pk}/print/0/"
    )
    for told in (
        "2012年度目标责任书",
        "豫工文〔2012〕3号",
        "T07",
        "480",
        "发展会员六千四百名",
        "张主席",
    ):
        assert told in words


def test_the_items_on_a_red_slip_make_the_circular(plan):
    with clock.at(date(2012, 8, 1)):
        late = issued(plan, due_on=date(2012, 8, 6), title="逾期的一件")
        item_of(plan, title="还没有交办的一件")
    with clock.at(AUGUST):
        supervision.follow()
        client = client_for(user_with(Role.DEPT, plan.city))
        words = words_of(client, "/r/goals.supervision_item/print/0/", colour="red")
    assert late.number in words
    assert "逾期的一件" in words
    assert "还没有交办的一件" not in words


def test_the_score_sheet_is_the_citys_and_awards_nothing(plan, scored):  # noqa: F811  a fixture
    with clock.at(JANUARY):
        whole = words_of(
            client_for(user_with(Role.DEPT, plan.city)),
            f"/r/goals.assessment_scheme/{scored.pk}/print/0/",
        )
        county = client_for(user_with(Role.COUNTY, plan.counties["叶县"]))
        assert county.get(f"/r/goals.assessment_scheme/{scored.pk}/print/0/").status_code == 404
    assert "叶县总工会" in whole
    assert "石龙区总工会" in whole
    assert "不作为评比表彰的依据" in whole
