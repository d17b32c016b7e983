from __future__ import annotations

from datetime import date
from io import BytesIO

import openpyxl

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import Grant
from gonghui.kernel.registers import write
from gonghui.web.views import export
from tests.support.orgs import STARTED
from tests.support.people import client_for
from tests.support.sample.models import Station

EXPORT = "/r/sample.visit/export/"


def sheet_of(response):
    book = openpyxl.load_workbook(BytesIO(b"".join(response.streaming_content)))
    return [list(row) for row in book.active.iter_rows(values_only=True)]


def test_the_workbook_holds_typed_and_masked_values(visit, county_clerk):
    visit(
        title="春节走访",
        visited_on=date(2012, 1, 20),
        amount="1200.50",
        people=3,
        account="6222021712345678901",
        phone="13837512345",
    )
    response = client_for(county_clerk).get(EXPORT)
    assert response["Cache-Control"] == "no-store"
    assert "filename*=utf-8''%E8%B5%B0%E8%AE%BF" in response["Content-Disposition"]
    rows = sheet_of(response)
    assert rows[0][0] == "走访"
    assert rows[1][0].startswith("导出人：李县")
    heading, values = rows[2], rows[3]
    row = dict(zip(heading, values, strict=True))
    assert row["所属工会"] == "昆阳机械厂工会"
    assert row["走访日期"].date() == date(2012, 1, 20)
    assert row["金额"] == 1200.5
    assert row["人数"] == 3
    assert row["状态"] == "草稿"
    assert row["账号"] == "62***************01"
    assert row["电话"] == "13837512345"


def test_only_filtered_rows_are_exported(visit, county_clerk):
    visit(title="要的", mood="good")
    visit(title="不要的")
    rows = sheet_of(client_for(county_clerk).get(EXPORT, {"mood": "good"}))
    assert len(rows) == 4


def test_nobody_exports_without_the_right_to(visit, clerk, leader):
    visit()
    for user in (clerk, leader):
        answer = client_for(user).get(EXPORT)
        assert answer.status_code == 403
        assert "您没有导出“走访”的权限" in answer.content.decode()


def test_rows_where_only_looking_is_allowed_are_not_exported(city, leader):
    Grant.objects.create(user=leader, role=Role.COUNTY, org=city.county, valid_from=STARTED)
    with acting(SYSTEM):
        write.create(Station, by=SYSTEM, org=city.county, name="本县的")
        write.create(Station, by=SYSTEM, org=city.neighbour, name="邻县的", seats=2)
    client = client_for(leader)
    assert "邻县的" in client.get("/r/sample.station/").content.decode()
    names = {row[1] for row in sheet_of(client.get("/r/sample.station/export/"))[3:]}
    assert names == {"本县的"}


def test_a_list_too_long_is_refused_not_cut(visit, county_clerk, monkeypatch):
    visit()
    visit()
    monkeypatch.setattr(export, "MOST_ROWS", 1)
    answer = client_for(county_clerk).get(EXPORT)
    assert answer.status_code == 400
    assert "一次导不出" in answer.content.decode()
