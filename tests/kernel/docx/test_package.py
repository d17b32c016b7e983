from __future__ import annotations

import io
import zipfile

import pytest

from gonghui.base.errors import DomainError
from gonghui.kernel.docx import package, render
from gonghui.kernel.docx.package import open_docx
from tests.kernel.docx.word import docx_of, file_of, with_file

GOOD = docx_of("正文{{数 新建工会数}}")
RELS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="x" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/{}" Target="{}" TargetMode="External"/></Relationships>'
)


def refused(docx: bytes) -> tuple[str, str]:
    with pytest.raises(DomainError) as caught:
        open_docx(docx)
    return caught.value.code, caught.value.message


def rewritten(name: str, old: str, new: str) -> bytes:
    xml = file_of(GOOD, name).decode()
    assert old in xml
    return with_file(GOOD, name, xml.replace(old, new, 1).encode())


def archive_of(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def test_an_ordinary_document_is_opened_and_saved_unchanged():
    opened = open_docx(GOOD)
    assert opened.main == "word/document.xml"
    again = open_docx(opened.save())
    assert again.files.keys() == opened.files.keys()


def test_a_big_file_is_refused():
    code, message = refused(b"PK" + bytes(package.MAX_FILE))
    assert (code, message[:12]) == ("too_big", "文件大小 20.0 MB")


def test_a_zip_bomb_is_refused_before_it_is_unpacked():
    assert refused(with_file(GOOD, "word/media/image1.bmp", bytes(8_000_000)))[0] == "bomb"


def test_many_files_that_unpack_to_too_much_are_refused(monkeypatch):
    monkeypatch.setattr(package, "MAX_UNPACKED", 100_000)
    assert refused(GOOD)[0] == "bomb"


def test_too_many_parts_are_refused(monkeypatch):
    monkeypatch.setattr(package, "MAX_PARTS", 5)
    assert refused(GOOD)[0] == "bomb"


def test_two_parts_of_one_name_are_refused():
    out = io.BytesIO(GOOD)
    with (
        pytest.warns(UserWarning, match="Duplicate name"),
        zipfile.ZipFile(out, "a") as archive,
    ):
        archive.writestr("word/document.xml", b"<x/>")
    assert refused(out.getvalue())[0] == "bomb"


@pytest.mark.parametrize("name", ["../evil.xml", "/etc/x.xml", "word\\..\\x.xml", "c:x.xml"])
def test_a_path_that_leaves_the_archive_is_refused(name):
    assert refused(with_file(GOOD, name, b"<x/>"))[0] == "bad_path"


@pytest.mark.parametrize(
    "name",
    [
        "word/vbaProject.bin",
        "word/VbaData.xml",
        "word/activeX/activeX1.xml",
        "word/embeddings/oleObject1.bin",
    ],
)
def test_macros_and_embedded_programs_are_refused(name):
    code, message = refused(with_file(GOOD, name, b"<x/>"))
    assert (code, "宏" in message) == ("macro", True)


def test_a_macro_document_that_hides_its_project_is_refused():
    docx = rewritten(
        "[Content_Types].xml",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml",
        "application/vnd.ms-word.document.macroEnabled.main+xml",
    )
    assert refused(docx)[0] == "macro"


@pytest.mark.parametrize(
    ("kind", "target"),
    [
        ("attachedTemplate", "http://10.0.0.1/evil.dotm"),
        ("image", "file://server/share/x.png"),
        ("hyperlink", "http://example.com/"),
    ],
)
def test_external_content_is_refused(kind, target):
    docx = with_file(GOOD, "word/_rels/settings.xml.rels", RELS.format(kind, target).encode())
    code, message = refused(docx)
    assert (code, target in message) == ("external", True)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_document_types_and_entities_are_refused(encoding):
    bomb = (
        f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]>'
        '<w:hdr xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">&a;</w:hdr>'
    )
    code, message = refused(with_file(GOOD, "word/header9.xml", bomb.encode(encoding)))
    assert (code, "DOCTYPE" in message) == ("doctype", True)


def test_a_document_type_is_refused_again_when_a_part_is_read():
    with pytest.raises(DomainError) as caught:
        package.parse_xml(b"<!DOCTYPE x><x/>", "x.xml")
    assert caught.value.code == "doctype"


def test_a_target_may_be_written_from_the_root_of_the_archive():
    docx = rewritten("_rels/.rels", 'Target="word/document.xml"', 'Target="/word/document.xml"')
    assert open_docx(docx).main == "word/document.xml"


def test_a_part_without_relations_refers_to_nothing():
    assert open_docx(GOOD).related("word/document.xml.none", "header") == []


def test_an_old_or_locked_document_is_told_apart():
    assert refused(bytes.fromhex("d0cf11e0a1b11ae1") + b"x")[0] == "ole"


@pytest.mark.parametrize("data", [b"", b"PK\x03\x04", b"hello", GOOD[: len(GOOD) // 2]])
def test_a_broken_file_is_told_so(data):
    assert refused(data)[0] == "broken"


def test_an_archive_that_is_no_document_is_told_so():
    assert refused(archive_of(a=b"x"))[0] == "not_docx"
    types = b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    empty = b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"/>'
    files = {"[Content_Types].xml": types, "_rels/.rels": empty}
    assert refused(archive_of(**files))[0] == "not_docx"


def test_a_workbook_or_template_is_told_so():
    docx = rewritten(
        "[Content_Types].xml",
        "wordprocessingml.document.main+xml",
        "wordprocessingml.template.main+xml",
    )
    assert refused(docx)[0] == "not_docx"


def test_the_strict_format_is_told_so():
    xml = file_of(GOOD, "word/document.xml").replace(
        b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
        b"http://purl.oclc.org/ooxml/wordprocessingml/main",
    )
    code, message = refused(with_file(GOOD, "word/document.xml", xml))
    assert (code, "严格" in message) == ("not_docx", True)


def test_a_part_of_an_unknown_compression_is_told_as_broken():
    entry = GOOD.index(b"PK\x01\x02")  # its compression stands ten bytes on in the directory
    assert refused(GOOD[: entry + 10] + b"\x63\x00" + GOOD[entry + 12 :])[0] == "broken"


def test_broken_xml_names_its_part():
    code, message = refused(with_file(GOOD, "word/document.xml", b"<w:document"))
    assert (code, "word/document.xml" in message) == ("broken", True)


def test_xml_that_is_nested_without_end_is_refused():
    deep = b"<a>" * 100_000
    assert refused(with_file(GOOD, "word/document.xml", deep))[0] == "broken"


def test_an_encrypted_entry_is_refused():
    data = bytearray(GOOD)
    at = data.index(b"PK\x01\x02")
    data[at + 8] |= 1
    assert refused(bytes(data))[0] in {"encrypted", "broken"}


def test_a_document_without_own_relations_can_be_given_a_part():
    opened = open_docx(GOOD)
    del opened.files["word/_rels/document.xml.rels"]
    root = package.parse_xml(b"<x/>", "x")
    opened.add_part("word/extra.xml", root, "footnotes", "application/xml")
    assert open_docx(opened.save()).related("word/document.xml", "footnotes") == ["word/extra.xml"]


def test_a_template_with_too_many_tags_is_refused(monkeypatch):
    monkeypatch.setattr(render, "MAX_TAGS", 1)
    with pytest.raises(DomainError) as caught:
        render.tags_of(docx_of("{{数 甲}}{{数 乙}}"))
    assert caught.value.code == "too_many"
