from __future__ import annotations

from gonghui.kernel.docx.controls import PREFIX, controls_of, figures_of
from gonghui.kernel.docx.names import W15, w
from tests.kernel.docx.word import controls, file_of, filled, part, with_file

TEXT = "今年新建工会{{数 新建工会数 上半年}}家，完成{{率 新建工会数 省总计划 上半年}}"


def edited(docx: bytes, old: str, new: str) -> bytes:
    xml = file_of(docx, "word/document.xml").decode()
    assert xml.count(old) == 1
    return with_file(docx, "word/document.xml", xml.replace(old, new).encode())


def test_each_figure_stands_in_a_hidden_control_that_carries_its_tag():
    result = filled(TEXT)
    first, second = controls(part(result.docx))
    settings = first.find(w("sdtPr"))
    assert settings.find(w("tag")).get(w("val")) == result.figures[0].tag_id
    assert settings.find(w("tag")).get(w("val")).startswith(PREFIX)
    assert settings.find(w("alias")).get(w("val")) == "新建工会数"
    assert settings.find(f"{{{W15}}}appearance").get(f"{{{W15}}}val") == "hidden"
    assert settings.find(w("text")) is not None
    ids = [c.find(f"{w('sdtPr')}/{w('id')}").get(w("val")) for c in (first, second)]
    assert len(set(ids)) == 2
    assert all(0 < int(identity) < 2**31 for identity in ids)


def test_the_printed_figures_are_read_back_by_their_tags():
    result = filled(TEXT)
    assert figures_of(result.docx) == {use.tag_id: use.printed for use in result.figures}
    assert list(figures_of(result.docx).values()) == ["547", "114%"]


def test_an_edited_number_is_found():
    result = filled("甲", TEXT)
    docx = edited(result.docx, ">547<", ">550<")
    changed = [c for c in controls_of(docx) if c.printed not in [f.printed for f in result.figures]]
    assert [(c.name, c.printed, str(c.place)) for c in changed] == [("新建工会数", "550", "第2段")]
    assert changed[0].tag_id == result.figures[0].tag_id


def test_an_edit_with_revision_marks_is_read_as_it_would_print():
    result = filled(TEXT)
    docx = edited(
        result.docx,
        '<w:r><w:t xml:space="preserve">547</w:t></w:r>',
        '<w:del w:id="1" w:author="a"><w:r><w:delText>547</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>5</w:t></w:r><w:r><w:t>50</w:t></w:r></w:ins>',
    )
    assert list(figures_of(docx).values()) == ["550", "114%"]


def test_a_control_that_was_emptied_prints_nothing():
    result = filled(TEXT)
    docx = edited(result.docx, '<w:r><w:t xml:space="preserve">547</w:t></w:r>', "")
    assert list(figures_of(docx).values()) == ["", "114%"]


def test_a_lost_control_is_simply_not_there():
    result = filled("家")
    assert figures_of(result.docx) == {}


def test_a_control_around_a_whole_paragraph_is_read_too():
    block = (
        "<w:sdt><w:sdtPr><w:tag w:val='fig:x'/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>547</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    docx = filled("甲", block).docx
    assert [(c.tag_id, c.name, c.printed, str(c.place)) for c in controls_of(docx)] == [
        ("fig:x", "", "547", "第2段")
    ]


def test_controls_of_other_makers_are_left_alone():
    block = (
        "<w:sdt><w:sdtPr><w:tag w:val='other'/></w:sdtPr><w:sdtContent>"
        "<w:p><w:r><w:t>9</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    )
    assert controls_of(filled(block, "<w:sdt><w:sdtContent/></w:sdt>").docx) == []
