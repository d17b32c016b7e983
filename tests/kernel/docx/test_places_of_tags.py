from __future__ import annotations

import io

import pytest
from docx import Document

from gonghui.kernel.docx.controls import controls_of
from gonghui.kernel.docx.names import w
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.render import render, tags_of
from gonghui.kernel.docx.uses import Edition
from tests.kernel.docx.fake_source import AS_OF, FakeSource
from tests.kernel.docx.word import docx_of, file_of, filled, paragraph, part, run, texts, with_file

TAG = "{{数 新建工会数 上半年}}"
BOLD = "<w:rPr><w:rFonts w:eastAsia='黑体'/><w:b/></w:rPr>"


def saved(document) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def rendered(docx: bytes):
    return render(docx, FakeSource(), edition=Edition.FINAL, as_of=AS_OF)


def test_a_tag_split_over_four_runs_keeps_the_format_of_its_first_run():
    result = filled(
        paragraph(
            run("建会"),
            run("{", "<w:b/><w:sz w:val='32'/>"),
            run("{数 新建", "<w:sz w:val='20'/>"),
            '<w:proofErr w:type="spellStart"/>',
            run("工会数"),
            '<w:proofErr w:type="spellEnd"/>',
            run(" 上半年}}家"),
        )
    )
    assert result.text == ["建会547家"]
    (figure,) = part(result.docx).iter(w("sdt"))
    (inner,) = figure.find(w("sdtContent"))
    assert [child.tag for child in inner.find(w("rPr"))] == [w("b"), w("sz")]
    assert inner.find(f"{w('rPr')}/{w('sz')}").get(w("val")) == "32"


def test_full_width_braces_and_blanks_work():
    assert filled("建会｛｛数　新建工会数　截至２０１２－０６－３０｝｝家").text == ["建会547家"]


def test_inserted_text_counts_and_deleted_text_does_not():
    result = filled(
        paragraph(
            run("建会{{数 "),
            '<w:del w:id="1" w:author="a"><w:r><w:delText>旧</w:delText></w:r></w:del>',
            f'<w:ins w:id="2" w:author="a">{run("新建工会数 ")}</w:ins>',
            run("上半年}}家"),
        )
    )
    assert result.text == ["建会547家"]
    assert result.errors == []


def test_marks_of_a_format_revision_are_not_copied_into_the_figure():
    result = filled(
        paragraph(
            run(TAG, "<w:b/><w:rPrChange w:id='1' w:author='a'><w:rPr/></w:rPrChange>"),
        )
    )
    assert next(part(result.docx).iter(w("rPrChange")), None) is None


def test_a_tag_in_a_hyperlink_field_or_control_is_found():
    result = filled(
        paragraph(f'<w:hyperlink w:anchor="x">{run("建会" + TAG)}</w:hyperlink>'),
        paragraph(f'<w:fldSimple w:instr="REF x">{run(TAG)}</w:fldSimple>'),
        paragraph(
            "<w:sdt><w:sdtPr><w:text/></w:sdtPr>"
            f"<w:sdtContent>{run('共' + TAG + '家')}</w:sdtContent></w:sdt>"
        ),
    )
    assert result.text == ["建会547", "547", "共547家"]
    outer = [c for c in part(result.docx).iter(w("sdt")) if c.find(f".//{w('sdt')}") is not None]
    assert [c.find(w("sdtPr")).find(w("text")) for c in outer] == [None]


def test_a_tag_in_a_table_cell_is_filled():
    document = Document()
    table = document.add_table(1, 2)
    table.cell(0, 0).text, table.cell(0, 1).text = "建会", f"{TAG}家"
    result = rendered(saved(document))
    assert result.text == ["建会", "547家"]
    assert result.figures[0].paragraph == 2


def test_tags_in_headers_and_footers_are_filled():
    document = Document()
    document.add_paragraph("正文")
    document.sections[0].header.paragraphs[0].text = f"页眉{TAG}"
    document.sections[0].footer.paragraphs[0].text = "页脚{{数 新建工会}}"
    result = rendered(saved(document))
    assert texts(result.docx)["页眉"] == ["页眉547"]
    assert result.text == ["正文"]
    assert str(result.figures[0].place) == "页眉第1段"
    assert str(result.errors[0]).startswith("页脚第1段 {{数 新建工会}}：找不到指标")


def with_footnote(text: str) -> bytes:
    """A document whose only footnote holds a text."""
    result = filled(TAG, edition=Edition.REVIEW)
    xml = file_of(result.docx, "word/footnotes.xml").decode()
    start = xml.index("</w:t>")
    begin = xml.rindex(">", 0, start) + 1
    return with_file(result.docx, "word/footnotes.xml", (xml[:begin] + text + xml[start:]).encode())


def test_a_tag_in_a_footnote_is_filled():
    result = rendered(with_footnote(f"注：{TAG}家"))
    assert texts(result.docx)["脚注"][0].strip() == "注：547家"
    assert "脚注第1段" in [str(use.place) for use in result.figures]


TEXT_BOX = (
    "<w:r><mc:AlternateContent><mc:Choice Requires='wps'><w:drawing><wps:txbx>"
    "<w:txbxContent>{0}</w:txbxContent></wps:txbx></w:drawing></mc:Choice>"
    "<mc:Fallback><w:pict><v:textbox><w:txbxContent>{0}</w:txbxContent></v:textbox></w:pict>"
    "</mc:Fallback></mc:AlternateContent></w:r>"
)


def test_a_tag_in_a_text_box_is_one_figure_though_it_stands_there_twice():
    inner = f"框内{TAG}家{{{{数 无此数}}}}{{{{待补 一句}}}}{{{{证 orgs.x_sign}}}}"
    result = filled(paragraph(run("正文"), TEXT_BOX.format(paragraph(run(inner)))))
    assert (len(result.missing), len(result.facts)) == (1, 1)
    assert [str(use.place) for use in result.figures] == ["文本框第1段"]
    assert [str(error.place) for error in result.errors] == ["文本框第1段"]
    assert [text[:6] for text in texts(result.docx)["文本框"]] == ["框内547家"] * 2
    assert len(controls_of(result.docx)) == 1
    assert result.text == ["正文"]


def test_a_figure_in_a_text_box_gets_no_footnote_which_word_forbids():
    box = TEXT_BOX.format(paragraph(run(TAG)))
    result = filled(paragraph(run("正文"), box), edition=Edition.REVIEW)
    assert next(part(result.docx).iter(w("footnoteReference")), None) is None
    assert len(result.figures) == 1


def test_what_is_not_text_inside_a_tag_is_kept():
    result = filled(
        paragraph(
            run("{{数 新建工会数"),
            '<w:r><w:t> </w:t><w:footnoteReference w:id="7"/><w:t>上半年}}</w:t></w:r>',
            run("家"),
        )
    )
    assert result.text == ["547家"]
    assert [n.get(w("id")) for n in part(result.docx).iter(w("footnoteReference"))] == ["7"]


def test_a_picture_before_a_tag_in_its_run_stays_before_it():
    result = filled(paragraph(f"<w:r><w:drawing/><w:t>{TAG}</w:t></w:r>"))
    root = part(result.docx)
    order = [element.tag for element in root.iter(w("drawing"), w("sdt"))]
    assert order == [w("drawing"), w("sdt")]
    assert result.text == ["547"]


def test_a_control_without_settings_around_a_tag_does_no_harm():
    inner = f"<w:sdt><w:sdtContent>{run(TAG)}</w:sdtContent></w:sdt>"
    assert filled(paragraph(inner)).text == ["547"]


def test_the_colour_of_a_tag_gives_way_to_that_of_a_note():
    result = filled(paragraph(run("{{待补 一句}}", "<w:color w:val='0000FF'/><w:sz w:val='32'/>")))
    (properties,) = part(result.docx).iter(w("rPr"))
    assert [(c.tag, c.get(w("val"))) for c in properties] == [
        (w("color"), "FF0000"),
        (w("sz"), "32"),
    ]


def test_an_empty_line_of_a_text_is_kept():
    class Spaced(FakeSource):
        def text(self, name):
            return "甲\n\n乙"

    assert filled("{{文 题目}}", source=Spaced()).text == ["甲\n\n乙"]


def test_two_tags_in_one_run_and_text_around_them_stay_in_order():
    assert filled(f"甲{TAG}乙{TAG}丙{{{{文 报告人}}}}").text == [
        "甲547乙547丙市总党组书记、常务副主席 张建明"
    ]


def test_a_text_of_several_lines_keeps_its_breaks():
    result = filled("{{文 题目}}")
    assert len(list(part(result.docx).iter(w("br")))) == 2


def test_the_tags_of_a_template_are_listed_without_a_source():
    docx = docx_of("今年", f"建会{TAG}家{{{{总 甲}}}}", "{{如 新建工会数 > 0}}")
    found = [(str(f.where.place), f.span.raw, f.error) for f in tags_of(docx)]
    assert [(place, raw) for place, raw, _ in found] == [
        ("第2段", TAG),
        ("第2段", "{{总 甲}}"),
        ("第3段", "{{如 新建工会数 > 0}}"),
    ]
    assert [bool(error) for *_, error in found] == [False, True, True]


def test_the_words_of_a_tag_reach_no_attribute_and_no_code():
    source = FakeSource()
    for name in ("__class__", "source.totals", "indicator"):
        result = render(docx_of(f"{{{{数 {name}}}}}"), source, edition=Edition.FINAL, as_of=AS_OF)
        assert result.figures == []
        assert len(result.errors) == 1


def test_the_result_opens_with_python_docx_and_declares_what_it_uses():
    result = filled(f"建会{TAG}家", edition=Edition.REVIEW)
    assert Document(io.BytesIO(result.docx)).paragraphs[0].text.startswith("建会")
    root = part(result.docx)
    ignorable = root.get("{http://schemas.openxmlformats.org/markup-compatibility/2006}Ignorable")
    assert "w15" in ignorable.split()
    assert root.nsmap["w15"] == "http://schemas.microsoft.com/office/word/2012/wordml"


@pytest.mark.parametrize("count", [1, 3])
def test_rendering_leaves_the_template_untouched(count):
    docx = docx_of(*[TAG] * count)
    first, second = rendered(docx), rendered(docx)
    assert first.text == second.text == ["547"] * count
    assert {f.tag_id for f in first.figures}.isdisjoint(f.tag_id for f in second.figures)
    assert open_docx(docx).files["word/document.xml"].count("新建工会数".encode()) == count
