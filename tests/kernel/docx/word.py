"""Small Word files made for tests, and looking into the ones that come back."""

from __future__ import annotations

import io
import zipfile
from xml.sax.saxutils import escape

from docx import Document
from docx.oxml import parse_xml

from gonghui.kernel.docx.names import Element, w
from gonghui.kernel.docx.package import open_docx
from gonghui.kernel.docx.places import located
from gonghui.kernel.docx.render import render
from gonghui.kernel.docx.text import text_of
from gonghui.kernel.docx.uses import Edition, Rendered
from tests.kernel.docx.fake_source import AS_OF, FakeSource

NAMESPACES = (
    'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
    'xmlns:v="urn:schemas-microsoft-com:vml" '
    'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)


def run(text: str, properties: str = "") -> str:
    format_ = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{format_}<w:t xml:space="preserve">{text}</w:t></w:r>'


def paragraph(*content: str) -> str:
    return f"<w:p>{''.join(content)}</w:p>"


def docx_of(*blocks: str) -> bytes:
    """A document whose body holds the given XML, or plain paragraphs where it is text."""
    document = Document()
    body = document.element.body
    for block in blocks:
        xml = block if block.startswith("<w:") else paragraph(run(escape(block)))
        opening, _, rest = xml.partition(">")
        slash = "/" if opening.endswith("/") else ""
        opening = opening.rstrip("/")
        body.insert(len(body) - 1, parse_xml(f"{opening} {NAMESPACES}{slash}>{rest}"))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def filled(
    *blocks: str, source: FakeSource | None = None, edition: Edition = Edition.FINAL
) -> Rendered:
    """A document of these blocks, rendered with the fake source."""
    return render(docx_of(*blocks), source or FakeSource(), edition=edition, as_of=AS_OF)


def printed(tag: str, source: FakeSource | None = None) -> str:
    """What a tag prints, provided nothing is missing or wrong."""
    result = filled(tag, source=source)
    assert [str(error) for error in result.errors] == []
    assert [str(gap) for gap in result.missing] == []
    return "".join(result.text)


def error_of(tag: str) -> str:
    """The only error of a document that holds just this tag."""
    result = filled(tag)
    assert len(result.errors) == 1
    return str(result.errors[0])


def part(docx: bytes, name: str = "word/document.xml") -> Element:
    return open_docx(docx).part(name)


def texts(docx: bytes) -> dict[str, list[str]]:
    """The texts of a document by story."""
    found: dict[str, list[str]] = {}
    for where in located(open_docx(docx)):
        if text_of(where.element):
            found.setdefault(where.place.story, []).append(text_of(where.element))
    return found


def with_file(docx: bytes, name: str, content: bytes) -> bytes:
    """The same archive with one file added or replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(docx)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for entry in old.infolist():
            if entry.filename != name:
                new.writestr(entry, old.read(entry))
        new.writestr(name, content)
    return out.getvalue()


def file_of(docx: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return archive.read(name)


def controls(root: Element) -> list[Element]:
    return list(root.iter(w("sdt")))
