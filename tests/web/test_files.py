from __future__ import annotations

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.files.services import attachments_of
from gonghui.web.views import files
from tests.support.people import client_for


def picture():
    target = BytesIO()
    Image.new("RGB", (20, 20), "red").save(target, "PNG")
    return SimpleUploadedFile("走访照片.png", target.getvalue())


@pytest.fixture
def with_file(visit, clerk):
    made = visit(by=clerk)
    client_for(clerk).post(f"/r/sample.visit/{made.pk}/files/", {"file": picture()})
    with acting(SYSTEM):
        return made, attachments_of(made).get()


def test_a_file_is_added_read_and_removed_on_the_records_page(with_file, clerk):
    made, file = with_file
    client, base = client_for(clerk), f"/r/sample.visit/{made.pk}/"
    assert "走访照片.png" in client.get(base).content.decode()
    answer = client.get(f"{base}files/{file.pk}/")
    assert answer["Content-Type"] == "image/png"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E8%B5%B0")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert Image.open(BytesIO(answer.content)).size == (20, 20)
    client.post(f"{base}files/{file.pk}/remove/")
    assert "附件（0）" in client.get(base).content.decode()
    assert client.get(f"{base}files/{file.pk}/").status_code == 404


def test_what_is_no_allowed_file_is_refused_by_name(visit, clerk, monkeypatch):
    made = visit(by=clerk)
    client, base = client_for(clerk), f"/r/sample.visit/{made.pk}/"
    client.post(f"{base}files/", {"file": SimpleUploadedFile("坏文件.exe", b"MZ\x90\x00")})
    assert "坏文件.exe：" in client.get(base).content.decode()
    client.post(f"{base}files/")
    assert "请先选择文件。" in client.get(base).content.decode()
    monkeypatch.setattr(files, "MAX_BYTES", 10)
    client.post(f"{base}files/", {"file": picture()})
    assert "走访照片.png：文件超过" in client.get(base).content.decode()
    with acting(SYSTEM):
        assert attachments_of(made).count() == 0


def test_files_are_not_read_by_who_sees_personal_values_masked(with_file, leader, county_clerk):
    made, file = with_file
    base = f"/r/sample.visit/{made.pk}/"
    assert f"{base}files/{file.pk}/" not in client_for(leader).get(base).content.decode()
    assert client_for(leader).get(f"{base}files/{file.pk}/").status_code == 403
    assert client_for(county_clerk).get(f"{base}files/{file.pk}/").status_code == 200


def test_files_out_of_scope_or_without_the_right_to_change_stay_as_they_are(
    with_file, leader, neighbour
):
    made, file = with_file
    base = f"/r/sample.visit/{made.pk}/files/"
    assert client_for(neighbour).get(f"{base}{file.pk}/").status_code == 404
    assert client_for(neighbour).post(f"{base}{file.pk}/remove/").status_code == 404
    assert client_for(leader).post(f"{base}{file.pk}/remove/").status_code == 403
    assert client_for(leader).post(base, {"file": picture()}).status_code == 403
    with acting(SYSTEM):
        assert attachments_of(made).count() == 1


def test_a_file_belongs_to_its_own_record_only(with_file, visit, clerk):
    _, file = with_file
    other = visit(by=clerk)
    assert client_for(clerk).get(f"/r/sample.visit/{other.pk}/files/{file.pk}/").status_code == 404
