"""Queries of figures under a name: asked, kept, shared with the office, exported with their meaning."""

from __future__ import annotations

import io
import re
from datetime import date
from urllib.parse import urlencode

import pytest
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from tests.support import facts
from tests.support.people import client_for, user_with

PATH = "/figures/query/"
MAY = {"during": "custom", "during.from": "2012-05-01", "during.to": "2012-05-31"}
JUNE = {"during": "custom", "during.from": "2012-06-01", "during.to": "2012-06-30"}


@pytest.fixture(autouse=True)
def in_july(db):
    with clock.at(date(2012, 7, 2)):
        yield


@pytest.fixture
def visits(tree):
    with facts.told(date(2012, 6, 28)):
        facts.visit(tree.union, date(2012, 5, 10), amount=40)
        facts.visit(tree.union, date(2012, 6, 10), amount=100, mood="good")
        facts.visit(tree.neighbour_union, date(2012, 6, 13), amount=7)


@pytest.fixture
def user(tree):
    return user_with(Role.DEPT, tree.city, department="办公室")


def asked(**more):
    return urlencode({"code": ["sample.visit_amount"], **JUNE, **more}, doseq=True)


def cells(page):
    """The table's rows as words."""
    rows = re.findall(r"<tr>(.*?)</tr>", page.split("<tbody>")[1].split("</tbody>")[0], re.DOTALL)
    return [
        [re.sub(r"<[^>]*>|\s+", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)]
        for row in rows
    ]


def test_several_indicators_of_each_county_stand_beside_the_month_before(user, tree, visits):
    query = asked(
        code=["sample.visit_amount", "sample.good_visits", "没有"], each="1", compared="preceding"
    )
    page = client_for(user).get(f"{PATH}?{query}").content.decode()
    assert cells(page) == [
        ["走访金额", "示例市总工会", "107元", "40元", "+167.5%"],
        ["走访金额", "甲县总工会", "100元", "40元", "+150.0%"],
        ["走访金额", "乙县总工会", "7元", "0元", "无法计算"],
        ["好评走访", "示例市总工会", "1次", "0次", "无法计算"],
        ["好评走访", "甲县总工会", "1次", "0次", "无法计算"],
        ["好评走访", "乙县总工会", "0次", "0次", "无法计算"],
    ]
    assert "有的指标已经没有，已略去。" in page


def test_it_is_told_as_known_on_a_day(user, tree, visits):
    with facts.told(date(2012, 6, 30)):
        facts.visit(tree.union, date(2012, 6, 20), amount=3)
    found = [
        cells(client_for(user).get(f"{PATH}?{asked(as_of=day)}").content.decode())[0][2]
        for day in ("2012-06-29", "2012-06-30")
    ]
    assert found == ["107元", "110元"]


def test_a_query_is_kept_under_a_name_and_opened_by_one_click(user, tree, visits):
    client = client_for(user)
    query = asked(compared="last_year")
    kept = client.post(f"{PATH}saved/", {"name": "每月走访", "query": query})
    assert kept["Location"] == f"{PATH}?{query}"
    page = client.get(PATH).content.decode()
    assert f'<a href="?{query.replace("&", "&amp;")}">每月走访</a>' in page
    client.post(f"{PATH}saved/", {"drop": "每月走访"})
    assert "每月走访" not in client.get(PATH).content.decode()


def test_a_query_is_shared_with_the_office_and_with_nobody_else(user, tree, visits):
    client = client_for(user)
    client.post(f"{PATH}saved/", {"name": "共用的", "query": asked(), "shared": "1"})
    client.post(f"{PATH}saved/", {"name": "自用的", "query": asked()})
    colleague = user_with(Role.DEPT, tree.city, department="办公室")
    elsewhere = user_with(Role.DEPT, tree.city, department="组织部")
    county = user_with(Role.COUNTY, tree.county, department="办公室")
    pages = [client_for(one).get(PATH).content.decode() for one in (colleague, elsewhere, county)]
    assert [f"共用的（{user}）" in page for page in pages] == [True, False, False]
    assert not any("自用的" in page for page in pages)
    client_for(colleague).post(f"{PATH}saved/", {"drop": "共用的"})
    assert "共用的" in client.get(PATH).content.decode()


def test_a_name_is_needed_and_the_number_is_limited(user, tree, visits):
    client = client_for(user)
    client.post(f"{PATH}saved/", {"name": " ", "query": asked()})
    client.post(f"{PATH}saved/", {"name": "太长", "query": "x" * 2001})
    for number in range(21):
        client.post(f"{PATH}saved/", {"name": f"查询{number}", "query": asked()})
    user.refresh_from_db()
    names = [view["name"] for view in user.preferences["views"]["figures"]]
    assert names == [f"查询{number}" for number in range(20)]


def test_the_workbook_says_what_the_numbers_mean_and_as_known_when(user, tree, visits):
    query = asked(
        code=["sample.visit_amount", "sample.good_rate"], compared="preceding",
        as_of="2012-06-30",
    )  # fmt: skip
    answer = client_for(user).get(f"{PATH}export/?{query}")
    book = load_workbook(io.BytesIO(b"".join(answer.streaming_content)))
    assert book.sheetnames == ["指标", "口径"]
    rows = [[value for value in row if value is not None] for row in book["指标"].values]
    assert rows[1] == ["示例市总工会　2012年6月　按2012年6月30日已登记的记录"]
    assert rows[2] == [f"导出人：{user}　导出时间：2012-07-02 09:00"]
    assert rows[3:] == [
        ["指标", "工会", "计量单位", "2012年6月", "上一期（2012年5月）", "增减", "备注"],
        ["走访金额", "示例市总工会", "元", 107, 40, "+167.5%"],
        ["好评率", "示例市总工会", "%", "无法计算", "无法计算；对比：无法计算"],
    ]
    meant = [[value for value in row if value is not None] for row in book["口径"].values]
    assert meant[4][:4] == ["走访金额", "sample.visit_amount", "元", "期内累计"]


def test_a_county_asks_for_nothing_outside_its_own(tree, visits):
    client = client_for(user_with(Role.COUNTY, tree.county))
    own = client.get(f"{PATH}?{asked()}").content.decode()
    assert cells(own) == [["走访金额", "甲县总工会", "100元"]]
    other = asked(**{"unit.pk": str(tree.neighbour.pk)})
    assert client.get(f"{PATH}?{other}").status_code == 404
    assert client.get(f"{PATH}export/?{other}").status_code == 404


def test_who_administers_accounts_alone_has_no_queries(tree):
    client = client_for(user_with(Role.SECURITY_ADMIN, tree.city))
    assert client.get(PATH).status_code == 404
    assert client.post(f"{PATH}saved/", {"name": "x", "query": asked()}).status_code == 404
