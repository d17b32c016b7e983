from __future__ import annotations

import io

import pytest
from docx import Document
from docx.oxml.ns import qn

from gonghui.kernel.docx.page import Level, Paragraph, build_report

PARAGRAPHS = [
    Paragraph(Level.FLUSH, "同志们:"),
    Paragraph(Level.ONE, "一、工作"),
    Paragraph(Level.TWO, "(一)建会"),
    Paragraph(Level.THREE, "1.组建"),
    Paragraph(Level.FOUR, "(1)普查"),
    Paragraph(Level.BODY, "新建工会{{数 新建工会数}}家。"),
]


@pytest.fixture(scope="module")
def report():
    docx = build_report(["题目一", "题目二"], "——副题", "报告人", "(日期)", PARAGRAPHS)
    return Document(io.BytesIO(docx))


def written(report, text):
    return next(p for p in report.paragraphs if p.text == text)


def fonts(paragraph) -> dict[str, str]:
    return {
        key.split("}")[1]: value
        for key, value in paragraph.runs[0]._r.rPr.find(qn("w:rFonts")).attrib.items()
    }


def test_the_page_is_a4_with_the_type_area_of_the_standard(report):
    section = report.sections[0]
    assert (round(section.page_width.mm), round(section.page_height.mm)) == (210, 297)
    margins = section._sectPr.find(qn("w:pgMar")).attrib
    sizes = {name: margins[qn(f"w:{name}")] for name in ("top", "right", "bottom", "left")}
    assert sizes == {"top": "2098", "right": "1474", "bottom": "1984", "left": "1588"}


def test_the_grid_gives_22_lines(report):
    (grid,) = report.sections[0]._sectPr.findall(qn("w:docGrid"))
    assert (grid.get(qn("w:type")), grid.get(qn("w:linePitch"))) == ("lines", "579")
    assert (16838 - 2098 - 1984) // 579 == 22
    spacing = report.styles["Normal"].element.pPr.find(qn("w:spacing"))
    assert (spacing.get(qn("w:line")), spacing.get(qn("w:lineRule"))) == ("579", "exact")


def test_body_runs_are_narrowed_so_that_28_characters_fit(report):
    properties = written(report, "新建工会{{数 新建工会数}}家。").runs[0]._r.rPr
    assert properties.find(qn("w:spacing")).get(qn("w:val")) == "-5"
    assert properties.find(qn("w:sz")).get(qn("w:val")) == "32"
    assert 28 * (16 * 20 - 5) <= 11906 - 1588 - 1474 < 29 * (16 * 20 - 5)


@pytest.mark.parametrize(
    ("text", "font", "indented"),
    [
        ("题目一", "方正小标宋简体", False),
        ("——副题", "楷体_GB2312", False),
        ("报告人", "楷体_GB2312", False),
        ("(日期)", "楷体_GB2312", False),
        ("同志们:", "仿宋_GB2312", False),
        ("一、工作", "黑体", True),
        ("(一)建会", "楷体_GB2312", True),
        ("1.组建", "仿宋_GB2312", True),
        ("(1)普查", "仿宋_GB2312", True),
        ("新建工会{{数 新建工会数}}家。", "仿宋_GB2312", True),
    ],
)
def test_each_level_has_its_font_and_indent(report, text, font, indented):
    paragraph = written(report, text)
    assert fonts(paragraph) == dict.fromkeys(("ascii", "hAnsi", "eastAsia", "cs"), font)
    indent = paragraph._p.pPr.find(qn("w:ind"))
    assert (indent is not None and indent.get(qn("w:firstLineChars")) == "200") == indented
    assert not paragraph.runs[0].bold


def test_the_title_is_22_points_and_centred(report):
    title = written(report, "题目二")
    assert title.runs[0].font.size.pt == 22
    assert title.alignment == 1
    assert title._p.pPr.find(qn("w:snapToGrid")).get(qn("w:val")) == "0"


def test_page_numbers_stand_outside_with_dashes(report):
    assert report.settings.odd_and_even_pages_header_footer is True
    section = report.sections[0]
    odd, even = section.footer.paragraphs[0], section.even_page_footer.paragraphs[0]
    assert (odd.alignment, even.alignment) == (2, 0)
    assert odd._p.pPr.find(qn("w:ind")).get(qn("w:rightChars")) == "100"
    assert even._p.pPr.find(qn("w:ind")).get(qn("w:leftChars")) == "100"
    for footer in (odd, even):
        assert footer.text == "— 1 —"
        assert footer._p.find(f".//{qn('w:instrText')}").text == " PAGE "
        assert {run.font.size.pt for run in footer.runs} == {14}
        # A viewer that splits a run with a whole field in it forgets the run's size.
        assert all(len(run._r) <= 2 for run in footer.runs)
        assert fonts(footer)["eastAsia"] == "宋体"


def test_no_font_is_embedded_and_no_japanese_is_asked_for(report):
    names = [part.partname for part in report.part.package.iter_parts()]
    assert not [name for name in names if "/fonts/" in name]
    (language,) = report.settings.element.iter(qn("w:themeFontLang"))
    assert language.get(qn("w:eastAsia")) == "zh-CN"


def test_tags_survive_in_one_run(report):
    assert [r.text for r in written(report, "新建工会{{数 新建工会数}}家。").runs] == [
        "新建工会{{数 新建工会数}}家。"
    ]


def test_a_report_without_subtitle_has_no_empty_lines_for_it():
    docx = build_report(["题目"], "", "", "", [Paragraph(Level.BODY, "文")])
    assert [p.text for p in Document(io.BytesIO(docx)).paragraphs] == ["题目", "", "文"]
