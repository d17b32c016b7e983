"""The format linter: our own report passes, and a copy spoiled in one way fails by that rule."""

import io

import pytest
from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from gonghui.base.errors import DomainError
from gonghui.kernel.docx.linting import lint_format
from gonghui.kernel.docx.page import Level, Paragraph, build_report

PARAGRAPHS = (
    Paragraph(Level.FLUSH, "同志们:"),
    Paragraph(Level.BODY, "现将2012年上半年工作报告如下。"),
    Paragraph(Level.ONE, "一、上半年工作"),
    Paragraph(Level.TWO, "（一）组织建设"),
    Paragraph(Level.BODY, "新建工会547家，完成年度计划的114%，文号为平工〔2012〕5号。"),
    Paragraph(Level.TWO, "（二）会员发展"),
    Paragraph(Level.BODY, "三、四季度会员不减。力争净增。"),
    Paragraph(Level.BODY, "一是会员“实名制”。二是2012年8月15日前完成。"),
    Paragraph(Level.ONE, "二、下半年打算"),
    Paragraph(
        Level.TWO,
        "（一）牢牢把握转中求快的总基调，围绕提前全面小康整体战略，广泛开展群众性建功立业活动",
    ),
)
GOOD = build_report(
    ["在全委会上的", "工作报告"], "——示例", "示例人", "（2012年8月15日）", PARAGRAPHS
)


def spoiled(change) -> list:
    document = Document(io.BytesIO(GOOD))
    change(document)
    out = io.BytesIO()
    document.save(out)
    return lint_format(out.getvalue())


def paragraph_of(document, text):
    return next(p for p in document.paragraphs if p.text.startswith(text))


def write(text, instead):
    def change(document):
        paragraph_of(document, text).runs[0].text = instead

    return change


def font(text, name):
    def change(document):
        fonts = paragraph_of(document, text).runs[0]._r.rPr.rFonts
        fonts.set(qn("w:eastAsia"), name)

    return change


def test_our_own_report_has_no_departures():
    assert lint_format(GOOD) == []


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (
            lambda d: setattr(d.sections[0], "top_margin", Mm(25)),
            "页面：天头（上边距）25毫米，应为37毫米（±1）。",
        ),
        (
            lambda d: setattr(d.sections[0], "left_margin", Mm(31)),
            "页面：订口（左边距）31毫米，应为28毫米（±1）。",
        ),
        (
            lambda d: setattr(d.sections[0], "page_width", Mm(216)),
            "页面：纸张216×297毫米，应为A4。",
        ),
        (
            lambda d: d.sections[0]._sectPr.remove(d.sections[0]._sectPr.find(qn("w:docGrid"))),
            "页面：没有设为每页22行的行网格。",
        ),
        (font("现将", "宋体"), "第7段：字体是“宋体”，应为仿宋。"),
        (font("一、", "宋体"), "第8段：字体是“宋体”，应为黑体。"),
        (font("（一）组织", "仿宋_GB2312"), "第9段：字体是“仿宋_GB2312”，应为楷体。"),
        (font("在全委会", "黑体"), "标题：字体是“黑体”，应为小标宋。"),
        (
            lambda d: setattr(paragraph_of(d, "现将").runs[0].font, "size", Pt(14)),
            "第7段：字号14磅，应为16磅。",
        ),
        (
            lambda d: setattr(paragraph_of(d, "在全委会").runs[0].font, "size", Pt(18)),
            "标题：字号18磅，应为22磅。",
        ),
        (
            lambda d: setattr(d.paragraphs[0], "alignment", WD_ALIGN_PARAGRAPH.LEFT),
            "标题：标题应居中。",
        ),
        (
            lambda d: setattr(paragraph_of(d, "一、").runs[0].font, "bold", True),
            "第8段：标题不另加粗。",
        ),
        (write("一、", "一、上半年工作。"), "第8段：单独成行的标题末尾不加句号。"),
        (write("二、", "三、下半年打算"), "第14段：层次序数“三、”与前面不连续。"),
        (write("（二）", "（三）会员发展"), "第11段：层次序数“（三）”与前面不连续。"),
        (write("一是", '一是"实名制"。'), '第13段：引号用了英文引号“"”，请改为中文引号。'),
        (
            write("一是", "2012.8.15前完成。"),
            "第13段：日期“2012.8.15”请写成“2012年8月15日”的样式。",
        ),
        (
            write("一是", "2012年08月完成。"),
            "第13段：日期“2012年08月”的月、日不编虚位（不写0开头）。",
        ),
        (write("一是", "平工〔2012〕第5号。"), "第13段：发文字号“〔2012〕第5号”不加“第”字。"),
        (write("一是", "平工[2012]5号。"), "第13段：发文字号“[2012]5号”的年份请用六角括号〔〕。"),
        (
            write("一是", "平工〔2012〕05号。"),
            "第13段：发文字号“〔2012〕05号”的序号不编虚位（不写0开头）。",
        ),
        (write("同志们", "各县（市、区）总工会:"), "第6段：主送机关后应用全角冒号。"),
        (write("一是", "完成百分之九十。"), "全文：“%”与“百分之”并用，请统一。"),
        (
            lambda d: setattr(d.settings, "odd_and_even_pages_header_footer", False),
            "页码：单页码应居右、双页码应居左，请设“奇偶页不同”。",
        ),
        (
            lambda d: d.sections[0].footer.paragraphs[0].clear(),
            "页码：单页没有页码。",
        ),
        (
            lambda d: setattr(
                d.sections[0].footer.paragraphs[0], "alignment", WD_ALIGN_PARAGRAPH.CENTER
            ),
            "页码：单页页码应居右。",
        ),
        (
            lambda d: setattr(d.sections[0].footer.paragraphs[0].runs[0].font, "size", Pt(9)),
            "页码：单页页码应为4号（14磅）。",
        ),
        (
            lambda d: [r.clear() for r in d.sections[0].footer.paragraphs[0].runs if "—" in r.text],
            "页码：单页页码两侧应有一字线。",
        ),
    ],
)
def test_a_copy_spoiled_in_one_way_is_told_so(change, told):
    assert told in [str(one) for one in spoiled(change)]
    assert len(spoiled(change)) <= 2  # a wrong mark of one rule does not set off the others


def test_a_file_from_anywhere_is_judged_by_its_styles():
    document = Document()
    document.add_heading("标题", 0)
    document.add_paragraph("正文一段。")
    out = io.BytesIO()
    document.save(out)
    rules = {one.rule for one in lint_format(out.getvalue())}
    assert {"margin", "lines", "font", "size", "page number"} <= rules


def test_what_is_no_word_file_is_refused():
    with pytest.raises(DomainError):
        lint_format(b"no document")
