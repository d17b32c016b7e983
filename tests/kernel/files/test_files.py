"""Attachments on the sample line."""

import io
import zipfile
from dataclasses import replace
from datetime import date

import pytest
from PIL import Image

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.files.services import (
    attach,
    attachments_of,
    content_of,
    is_relied_upon,
    remove,
)
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit


def picture(size=(3000, 100), **options):
    out = io.BytesIO()
    image = Image.new("RGB", size, "red")
    exif = image.getexif()
    exif[0x010F] = "相机"
    image.save(out, "JPEG", exif=exif, **options)
    return out.getvalue()


def archive(*names):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for name in names:
            file.writestr(name, "x")
    return out.getvalue()


@pytest.fixture
def basic(tree):
    return actor_with(Role.BASIC, org=tree.union)


@pytest.fixture
def visit(tree, basic):
    return create(Visit, by=basic, org=tree.union, title="走访")


def test_a_pdf_is_kept_as_it_is(visit, basic):
    kept = attach(visit, "C:\\我的\\名册.pdf", b"%PDF-1.4 text", by=basic)
    assert (kept.name, kept.media_type, kept.size) == ("名册.pdf", "application/pdf", 13)
    assert content_of(kept) == b"%PDF-1.4 text"
    assert list(attachments_of(visit)) == [kept]


def test_a_picture_is_made_smaller_and_loses_what_the_camera_wrote(visit, basic):
    kept = attach(visit, "a.jpg", picture(), by=basic)
    with Image.open(io.BytesIO(content_of(kept))) as image:
        assert image.size == (2400, 80)
        assert dict(image.getexif()) == {}


def test_evidence_keeps_the_original_picture(visit, basic):
    original = picture((50, 50))
    assert content_of(attach(visit, "a.jpg", original, by=basic, is_evidence=True)) == original


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "空的"),
        (b"MZ\x90\x00\x03\x00", "不接受这种文件"),
        (archive("word/document.xml", "word/vbaProject.bin"), "宏"),
        (archive("a.exe"), "压缩包"),
        (b"PK\x03\x04broken", "损坏"),
        (b"\xff\xd8\xffbroken", "损坏"),
    ],
)
def test_what_is_not_accepted_is_refused_with_a_reason(visit, basic, data, reason):
    with pytest.raises(DomainError, match=reason):
        attach(visit, "a.docx", data, by=basic)
    assert attachments_of(visit).count() == 0


def test_a_document_and_a_text_are_told_by_content(visit, basic):
    document = attach(visit, "a.bin", archive("word/document.xml"), by=basic)
    text = attach(visit, "b.bin", "说明".encode("gb18030"), by=basic)
    assert document.media_type.endswith("wordprocessingml.document")
    assert text.media_type == "text/plain"


def test_the_same_file_twice_is_refused_until_it_is_removed(visit, basic):
    first = attach(visit, "a.pdf", b"%PDF-1", by=basic)
    with pytest.raises(Conflict):
        attach(visit, "b.pdf", b"%PDF-1", by=basic)
    remove(first, visit, by=basic)
    with pytest.raises(Conflict):
        remove(first, visit, by=basic)
    assert attach(visit, "b.pdf", b"%PDF-1", by=basic).name == "b.pdf"


def test_who_may_not_change_the_record_may_not_attach(visit, tree):
    with pytest.raises(NotAllowed):
        attach(visit, "a.pdf", b"%PDF-1", by=actor_with(Role.LEADER, org=tree.city))


def test_what_a_locked_record_rested_on_stays_and_what_came_later_may_go(
    tree, basic, visit, monkeypatch
):
    declared = register_of(Visit)
    states = tuple(
        replace(state, is_locked=state.code == "review") for state in declared.workflow.states
    )
    locking = replace(declared, workflow=replace(declared.workflow, states=states))
    monkeypatch.setitem(registry._by_model, Visit, locking)
    with clock.at(date(2099, 3, 1)):
        kept = attach(visit, "证据.pdf", b"%PDF-1.4 text", by=basic)
    with clock.at(date(2099, 3, 2)):
        visit = perform(visit, "submit", by=basic)
        with pytest.raises(Conflict, match="办理时已有的附件不能移除"):
            remove(kept, visit, by=basic)
    with clock.at(date(2099, 3, 3)):
        later = attach(visit, "补充.pdf", b"%PDF-1.4 more", by=basic)
        assert [is_relied_upon(each, visit) for each in (kept, later)] == [True, False]
        remove(later, visit, by=basic)
    assert list(attachments_of(visit)) == [kept]
