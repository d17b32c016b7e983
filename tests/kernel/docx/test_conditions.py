from __future__ import annotations

import io

import pytest
from docx import Document

from gonghui.kernel.docx.names import w
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource
from tests.kernel.docx.word import filled, part


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        (("进展{{如 实事红灯 > 0}}偏慢{{否则}}顺利{{完}}。",), ["进展偏慢。"]),
        (("进展{{如 实事红灯 = 0}}顺利{{否则}}偏慢{{完}}。",), ["进展偏慢。"]),
        (("进展{{如 实事红灯 > 5}}很慢{{完}}平稳。",), ["进展平稳。"]),
        (("{{如 实事红灯 >= 3}}甲{{完}}{{如 实事红灯 < 3}}乙{{完}}{{如 实事红灯 <> 3}}丙{{完}}",), ["甲"]),
        (("{{如 县级帮扶中心数 = 县市区数}}均已建立{{完}}",), ["均已建立"]),
        (("{{如 乡镇帮扶工作站数 ≤ 乡镇街道数}}可{{完}}",), ["可"]),
        (("{{如 实事红灯 > 0}}有{{如 实事红灯 > 5}}多{{否则}}少{{完}}数{{完}}",), ["有少数"]),
        (("前", "{{如 实事红灯 > 0}}", "红灯{{数 实事红灯}}件", "{{完}}", "后"), ["前", "红灯3件", "后"]),
        (("前", "{{如 实事红灯 > 5}}", "一", "二", "{{否则}}", "三", "{{完}}", "后"), ["前", "三", "后"]),
        (("前{{如 实事红灯 > 5}}", "一", "{{完}}后",), ["前", "后"]),
        (("{{如 实事红灯 > 5}}", "{{数 无此数}}", "{{完}}", "后"), ["后"]),
    ],
)  # fmt: skip
def test_a_conditional_text_is_printed_only_if_its_condition_holds(blocks, text):
    result = filled(*blocks)
    assert result.text == text
    assert result.errors == []


def test_paragraphs_that_only_held_marks_are_gone():
    result = filled("前", "{{如 实事红灯 > 0}}", "中", "{{完}}", "后")
    assert len(list(part(result.docx).iter(w("p")))) == 3


def test_a_table_between_the_marks_goes_with_them():
    document = Document()
    document.add_paragraph("{{如 实事红灯 > 5}}")
    document.add_table(1, 1).cell(0, 0).text = "红灯"
    document.add_paragraph("{{完}}")
    document.add_paragraph("后")
    out = io.BytesIO()
    document.save(out)
    result = render(out.getvalue(), FakeSource(), edition=Edition.FINAL, as_of=AS_OF)
    assert result.text == ["后"]
    assert next(part(result.docx).iter(w("tbl")), None) is None


def test_the_last_paragraph_of_a_cell_stays_though_empty():
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{如 实事红灯 > 5}}慢{{完}}"
    out = io.BytesIO()
    document.save(out)
    result = render(out.getvalue(), FakeSource(), edition=Edition.FINAL, as_of=AS_OF)
    (cell,) = part(result.docx).iter(w("tc"))
    assert cell.find(w("p")) is not None
    assert result.text == []


def test_a_paragraph_that_carries_the_page_layout_stays():
    layout = "<w:p><w:pPr><w:sectPr/></w:pPr><w:r><w:t>一</w:t></w:r></w:p>"
    result = filled("{{如 实事红灯 > 5}}", layout, "{{完}}", "后")
    assert len(list(part(result.docx).iter(w("sectPr")))) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{{如 实事红灯 > 0}}甲", "“如”没有配对的“完”"),
        ("甲{{否则}}乙", "“否则”没有配对的“如”"),
        ("甲{{完}}", "“完”没有配对的“如”"),
    ],
)
def test_a_mark_without_its_partner_is_an_error(text, message):
    assert [error.message for error in filled(text).errors] == [message]


def test_marks_in_a_cell_and_outside_do_not_pair():
    document = Document()
    document.add_table(1, 1).cell(0, 0).text = "{{如 实事红灯 > 0}}慢"
    document.add_paragraph("{{完}}")
    out = io.BytesIO()
    document.save(out)
    result = render(out.getvalue(), FakeSource(), edition=Edition.FINAL, as_of=AS_OF)
    assert [e.message for e in result.errors] == ["“如”没有配对的“完”", "“完”没有配对的“如”"]


def test_a_condition_that_cannot_be_judged_leaves_the_first_text_and_says_so():
    result = filled(
        "进展{{如 实事红灯 > 0}}偏慢{{否则}}顺利{{完}}。", source=FakeSource(absent=("goals",))
    )
    assert result.text == ["进展【待补：实事红灯（业务线尚未启用）】偏慢。"]
    assert [gap.raw for gap in result.missing] == ["{{如 实事红灯 > 0}}"]


def test_a_condition_on_an_unknown_indicator_is_an_error():
    result = filled("{{如 无此数 > 0}}甲{{完}}")
    assert [str(e) for e in result.errors] == ["第1段 {{如 无此数 > 0}}：找不到指标“无此数”"]
