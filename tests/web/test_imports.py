"""The screens of imports."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.kernel.access.scope import acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.imports.models import ImportRun
from gonghui.kernel.registers.write import change
from tests.kernel.excel.makers import workbook
from tests.support.people import City, client_for
from tests.support.sample.models import Visit

HERE = "/r/sample.visit/import/"
HEAD = ("事由", "走访日期", "金额（元）", "人数")
GOOD = ("走访甲厂", "2012-02-01", 100, " 3 ")
BAD = ("走访乙厂", "2012-02-30", 100, 3)


@pytest.fixture(autouse=True)
def _clock():
    with clock.at(date(2012, 3, 1)):
        yield


@pytest.fixture
def client(clerk: User) -> Client:
    return client_for(clerk)


def sheet(*rows: Any, name: str = "走访.xlsx") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, workbook([HEAD, *rows]))


def upload(client: Client, *rows: Any, **given: Any) -> str:
    """The address of the run's page."""
    response = client.post(HERE, {"file": sheet(*rows), **given})
    assert response.status_code == 302, response.content.decode()
    return response["Location"]


def text_of(response: Any) -> str:
    assert response.status_code == 200
    text = re.sub(r"<script.*?</script>|<[^>]+>", " ", response.content.decode(), flags=re.DOTALL)
    return re.sub(r"\s+", " ", text)


def test_the_list_offers_the_import_and_the_page_says_which_columns(client: Client) -> None:
    assert f'href="{HERE}"' in client.get("/r/sample.visit/").content.decode()
    text = text_of(client.get(HERE))
    assert "事由 * 必填。文字。" in text
    assert "还没有导入过。" in text


def test_a_sheet_is_looked_at_then_written_then_taken_back(
    client: Client, city: City, clerk: User
) -> None:
    chosen = {"org.pk": str(city.basic.pk)}
    page = upload(client, GOOD, BAD, **chosen)
    text = text_of(client.get(page))
    assert "将新增 1" in text
    assert "有错误，不写入 1" in text
    assert "去掉空格 1 处" in text
    assert "第3行 B3 走访日期" in text
    assert "写入 1 行" in text
    assert Visit._unscoped.count() == 0

    text = text_of(client.post(f"{page}write/", follow=True))
    assert "已写入：新增1条，修改0条。" in text
    visit = Visit._unscoped.get()
    assert (visit.title, visit.org, visit.created_by) == ("走访甲厂", city.basic, clerk.pk)
    assert "撤销这次导入" in text

    text = text_of(client.post(f"{page}undo/", follow=True))
    assert "已撤销。" in text
    visit.refresh_from_db()
    assert visit.void_reason == "撤销导入：走访.xlsx"
    assert "走访.xlsx" in text_of(client.get(HERE))


def test_what_was_changed_since_is_listed_after_taking_back(
    client: Client, city: City, clerk: User
) -> None:
    page = upload(client, GOOD, **{"org.pk": str(city.basic.pk)})
    client.post(f"{page}write/")
    with acting(actor_of(clerk)):
        change(Visit._unscoped.get(), by=actor_of(clerk), people=9)
    text = text_of(client.post(f"{page}undo/", follow=True))
    assert "没有撤销、须另行处理的行" in text
    assert "第2行 导入之后又有改动" in text


def test_the_files_to_download(client: Client, city: City) -> None:
    template = client.get(f"{HERE}template/")
    book = load_workbook(BytesIO(template.content))
    assert [cell.value for cell in book.worksheets[0][2]] == [
        "事由*",
        "走访日期",
        "金额（元）",
        "人数",
    ]
    page = upload(client, GOOD, BAD, **{"org.pk": str(city.basic.pk)})
    returned = load_workbook(BytesIO(client.get(f"{page}returned/").content)).active
    assert returned is not None
    assert [cell.value for cell in returned[1]] == [*HEAD, "错误原因"]
    assert [returned["E2"].value, str(returned["E3"].value)[:5]] == [None, "走访日期："]


def test_progress_is_asked_for_while_a_step_is_under_way(client: Client, city: City) -> None:
    page = upload(client, GOOD, **{"org.pk": str(city.basic.pk)})
    ImportRun._unscoped.update(state="writing", progress=1, total=4)
    response = client.get(page, headers={"HX-Request": "true"})
    assert "1 / 4 行" in text_of(response)
    assert 'hx-trigger="every 2s"' in response.content.decode()
    assert "HX-Refresh" not in response
    assert "写入中" in text_of(client.get(page))
    ImportRun._unscoped.update(state="done")
    response = client.get(page, headers={"HX-Request": "true"})
    assert response["HX-Refresh"] == "true"
    assert "hx-get" not in response.content.decode()


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "请先选择要导入的文件。"),
        ({"file": SimpleUploadedFile("a.xlsx", b"no workbook")}, "文件"),
        ({"file": sheet(GOOD), "org.pk": "0"}, "请从列表中选择数据所属的工会。"),
    ],
)
def test_what_is_wrong_with_an_upload_is_said_above_the_form(
    client: Client, given: dict[str, Any], said: str
) -> None:
    text = text_of(client.post(HERE, given))
    assert said in text
    assert "上传并检查" in text
    assert ImportRun._unscoped.count() == 0


def test_others_find_nothing(
    client: Client, city: City, neighbour: User, leader: User, county_clerk: User
) -> None:
    page = upload(client, GOOD, **{"org.pk": str(city.basic.pk)})
    for path in (page, f"{page}returned/"):
        assert client_for(neighbour).get(path).status_code == 404
        assert client_for(leader).get(path).status_code == 403
        assert client_for(county_clerk).get(path).status_code == 200
    for verb in ("write", "undo"):
        assert client_for(neighbour).post(f"{page}{verb}/").status_code == 404
        assert client_for(leader).post(f"{page}{verb}/").status_code == 403
        assert client.get(f"{page}{verb}/").status_code == 405
    assert client_for(leader).get(HERE).status_code == 403
    assert client.get(f"{HERE}{10**30}/").status_code == 404
    assert client.get("/r/sample.station/import/").status_code == 404
    assert "走访.xlsx" not in text_of(client_for(neighbour).get(HERE))
    assert Visit._unscoped.count() == 0


def test_faults_are_shown_page_by_page(client: Client, city: City) -> None:
    rows = [(f"走访{n}", "2012-02-30", 1, 1) for n in range(60)]
    page = upload(client, *rows, **{"org.pk": str(city.basic.pk)})
    first = client.get(page)
    assert "第51行 B51" in text_of(first)
    assert "第52行 B52" not in text_of(first)
    assert "?after=51#faults" in first.content.decode()
    assert "第61行 B61" in text_of(client.get(f"{page}?after=51"))
