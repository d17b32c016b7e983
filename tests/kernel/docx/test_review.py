from __future__ import annotations

import io

from docx import Document

from gonghui.kernel.docx.names import w
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.review import AMBER, GREEN, RED
from gonghui.kernel.docx.text import text_of
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource
from tests.kernel.docx.word import docx_of, file_of, filled, part, texts, with_file

BLOCKS = (
    "新建工会{{数 新建工会数 上半年}}家，完成{{率 新建工会数 省总计划 上半年}}",
    "投保{{数 互助保险投保 以上 取整10 万}}人次，发稿{{数 工会网站发稿 近 万}}篇",
    "开展了活动{{证 orgs.x_sign}}，{{数 无此数}}，{{待补 第1.3节 C01}}",
)


def reviewed():
    return filled(*BLOCKS, edition=Edition.REVIEW)


def test_the_final_edition_is_clean():
    result = filled(*BLOCKS[:1])
    assert "word/footnotes.xml" not in open_docx(result.docx).files
    assert texts(result.docx) == {"正文": ["新建工会547家，完成114%"]}
    assert next(part(result.docx).iter(w("color")), None) is None


def test_each_figure_of_the_review_edition_has_a_footnote():
    result = reviewed()
    marks = [n.get(w("id")) for n in part(result.docx).iter(w("footnoteReference"))]
    assert marks == ["1", "2", "3", "4"]
    notes = [text_of(note.find(w("p"))).strip() for note in part(result.docx, "word/footnotes.xml")]
    assert notes[2] == (
        "新建工会数；口径：新建工会数的口径；期间：2012年上半年；截至：2012-08-15；"
        "准确值：547家；记录数：547；归口部室：组织部。"
    )
    assert "依据：省总2012年目标 480" in notes[3]
    assert "提示：准确值151034" in notes[4]
    assert "结论：不成立" in notes[5]


def test_the_footnotes_are_a_real_part_of_the_document():
    docx = reviewed().docx
    assert b'PartName="/word/footnotes.xml"' in file_of(docx, "[Content_Types].xml")
    assert b'Target="footnotes.xml"' in file_of(docx, "word/_rels/document.xml.rels")
    settings = part(docx, "word/settings.xml")
    order = [child.tag for child in settings]
    assert order.index(w("footnotePr")) < order.index(w("compat"))
    styles = {style.get(w("styleId")) for style in part(docx, "word/styles.xml").iter(w("style"))}
    assert {"ReviewNote", "ReviewNoteMark"} <= styles


def test_footnotes_that_a_template_has_are_kept():
    xml = file_of(reviewed().docx, "word/document.xml").decode()
    template = with_file(
        reviewed().docx, "word/document.xml", xml.replace("开展了", "{{数 乡镇街道数}}").encode()
    )
    again = render(template, FakeSource(), edition=Edition.REVIEW, as_of=AS_OF)
    assert [use.printed for use in again.figures] == ["138"]
    marks = [n.get(w("id")) for n in part(again.docx).iter(w("footnoteReference"))]
    assert marks == ["1", "2", "3", "4", "5"]
    assert file_of(again.docx, "word/styles.xml").count(b'styleId="ReviewNote"') == 1


def test_a_template_that_already_announces_footnotes_is_not_told_twice():
    xml = file_of(docx_of("{{数 乡镇街道数}}"), "word/settings.xml").decode()
    announced = xml.replace(
        "<w:compat>", '<w:footnotePr><w:pos w:val="pageBottom"/></w:footnotePr><w:compat>'
    )
    template = with_file(docx_of("{{数 乡镇街道数}}"), "word/settings.xml", announced.encode())
    result = render(template, FakeSource(), edition=Edition.REVIEW, as_of=AS_OF)
    assert file_of(result.docx, "word/settings.xml").count(b"<w:footnotePr>") == 1


def test_figures_are_coloured_by_their_truth():
    result = reviewed()
    found = [
        control.find(f"{w('sdtContent')}/{w('r')}/{w('rPr')}/{w('color')}").get(w("val"))
        for control in part(result.docx).iter(w("sdt"))
    ]
    assert found == [GREEN, GREEN, AMBER, RED]


def test_the_check_sheet_lists_every_figure():
    result = reviewed()
    document = Document(io.BytesIO(result.docx))
    rows = [[cell.text for cell in row.cells] for row in document.tables[-1].rows]
    assert rows[0] == [
        "序号",
        "段落",
        "印出",
        "指标",
        "期间与截至",
        "准确值",
        "记录",
        "归口",
        "结论",
    ]
    assert rows[1] == [
        "1", "第1段", "547", "新建工会数", "2012年上半年，截至2012-08-15", "547家", "547", "组织部", "成立",
    ]  # fmt: skip
    assert rows[2][3] == "新建工会数：省总2012年目标 480"
    assert [row[2] for row in rows[3:]] == ["10万以上", "【不成立：505篇】"]
    assert rows[4][8] == "不成立"


def test_facts_gaps_and_errors_follow_the_check_sheet():
    body = texts(reviewed().docx)["正文"]
    assert body[body.index("事实依据（1）") + 1] == "第3段 orgs.x_sign：3条记录"
    assert body[body.index("尚缺内容（1）") + 1] == "第3段：第1.3节 C01"
    errors = body[body.index("待改错误（2）") + 1 :]
    assert errors[0].startswith("第2段 “数 工会网站发稿 近 万”：准确值505")
    assert errors[1] == "第3段 “数 无此数”：找不到指标“无此数”"


def test_the_text_of_the_report_is_without_what_the_review_adds():
    assert reviewed().text == filled(*BLOCKS).text
