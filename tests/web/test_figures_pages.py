"""The pages of figures: numbers, scope, plans, records, changes."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.ledger import catalogue, targets
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.fold import fold
from tests.support import facts
from tests.support.orgs import user_with

TODAY = date(2012, 8, 15)
FIRST_HALF = {"during": "first_half"}


@pytest.fixture(autouse=True)
def clock_stands(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(TODAY):
        yield


@pytest.fixture
def no_targets():
    before = list(targets._providers)
    targets._providers.clear()
    yield
    targets._providers[:] = before


def test_a_coverage_lists_its_gaps_as_far_as_the_user_may_see_them(client, dept, tree):
    for org in (tree.union, tree.neighbour_union):
        facts.station(org, date(2012, 1, 1), seats=100)
    page = dept.get("/figures/sample.cover/", FIRST_HALF).content.decode()
    assert "应有而未有的共2个。" in page
    assert str(tree.union) in page
    facts.visit(tree.union, date(2012, 3, 1), people=100)
    page = dept.get("/figures/sample.cover/", FIRST_HALF).content.decode()
    assert "应有而未有的共1个。" in page
    assert "50%" in page


@pytest.fixture
def plans(tree, no_targets):
    """The province asks for 4 visits' worth of money of the first county, the city for 100 of all."""

    def provided(code, org_ids, on, as_of, issuer):
        if code != "sample.visit_amount":
            return {}
        wanted = {
            "省总": {tree.county.pk: Decimal(15)},
            "市总": {tree.city.pk: Decimal(100), tree.county.pk: Decimal(30)},
        }.get(issuer, {})
        return {org: value for org, value in wanted.items() if org in org_ids}

    targets.provide(provided)


@pytest.fixture
def dept(client, tree):
    client.force_login(user_with(Role.DEPT, org=tree.city))
    return client


@pytest.fixture
def county(client, tree):
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    return client


def named(title, *args, **values):
    made = facts.visit(*args, **values)
    facts.alter(made, title=title)
    return made


@pytest.fixture
def visited(tree):
    """Two visits in the first county, one beside it, one outside of the half year."""
    with facts.told(TODAY):
        made = [
            named("甲访", tree.union, date(2012, 3, 1), amount=10, subject_no=1),
            named("乙访", tree.county, date(2012, 6, 30), amount=Decimal("5.50")),
            named("丙访", tree.neighbour_union, date(2012, 5, 1), amount=20, subject_no=1),
            named("丁访", tree.union, date(2012, 7, 1), amount=1),
        ]
    fold()
    return made


def page(client, path, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def unit(org):
    return {"unit.pk": org.pk}


def test_the_directory_shows_every_indicator_with_the_ledgers_figure(dept, tree, visited):
    found = page(dept, "/figures/", **FIRST_HALF)
    for indicator in catalogue.all_indicators():
        assert f">{indicator.name}</a>" in found
    assert ">35.50</a>" in found
    assert "2012年上半年" in found
    assert "按现有记录" in found
    assert "好评率" in found
    assert "无法计算" in found


def test_the_directory_counts_for_the_org_that_is_picked(dept, tree, visited):
    assert ">15.50</a>" in page(dept, "/figures/", **FIRST_HALF, **unit(tree.county))
    assert ">16.50</a>" in page(dept, "/figures/", **unit(tree.county))
    assert ">0</a>" in page(dept, "/figures/", **unit(tree.neighbour_township), during="last_year")


@pytest.mark.parametrize(
    ("text", "hits"),
    [("走访金额", ["走访金额"]), ("SAMPLE.SEATS", ["座位数"]), ("走访 对象", ["走访对象数"])],
)
def test_an_indicator_is_found_by_name_or_code(dept, tree, text, hits):
    found = page(dept, "/figures/", q=text)
    assert f"共{len(hits)}项指标" in found
    for hit in hits:
        assert f">{hit}</a>" in found


def test_nothing_found_is_said(dept, tree):
    assert "没有符合“不存在的”的指标" in page(dept, "/figures/", q="不存在的")


def test_a_county_sees_its_own_subtree_and_nothing_else(county, tree, visited):
    assert ">15.50</a>" in page(county, "/figures/", **FIRST_HALF)
    for foreign in (tree.city, tree.neighbour, tree.neighbour_union):
        for path in ("", "sample.visit_amount/", "sample.visit_amount/records/"):
            page(county, f"/figures/{path}", 404, **unit(foreign))
    page(county, "/figures/sample.visit_amount/export/", 404, **unit(tree.neighbour))


def test_administrators_and_strangers_have_no_figures(client, tree):
    assert client.get("/figures/").status_code == 302
    client.force_login(user_with(Role.SYSTEM_ADMIN, org=tree.city))
    page(client, "/figures/", 404)
    page(client, "/figures/sample.visits/", 404)


def test_an_unknown_code_is_not_found(dept, tree):
    page(dept, "/figures/sample.nothing/", 404)
    page(dept, "/figures/sample.nothing/records/", 404)


def test_a_figure_shows_its_number_parts_and_last_year(dept, tree, visited):
    facts.visit(tree.union, date(2011, 3, 1), amount=7)
    facts.visit(tree.city, date(2012, 2, 1), amount=Decimal("0.50"))
    found = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF)
    assert ">36</a> <small>元</small>" in found
    assert "上年同期（2011年上半年）" in found
    assert ">7元</a>" in found
    for text in ("甲县总工会", "15.50", "乙县总工会", ">20</a>", "本级及其他", ">0.50</td>"):
        assert text in found
    assert "按当时隶属" in found
    assert "目标值未录入" in found


def test_distinct_persons_are_not_added_up(dept, tree, visited):
    found = page(dept, "/figures/sample.visited/", **FIRST_HALF)
    assert ">1</a> <small>人</small>" in found
    assert "本级及其他" not in found


def test_a_ratio_names_what_it_is_made_of(dept, tree):
    found = page(dept, "/figures/sample.good_rate/")
    assert "“好评走访”" in found
    assert "“走访次数”" in found
    assert "查看记录" not in found
    assert "由其他指标计算得出" in found
    refused = page(dept, "/figures/sample.good_rate/records/", 400)
    assert "请分别查看其记录" in refused


def test_each_issuers_plan_stands_by_itself(dept, tree, visited, plans):
    found = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF)
    assert "<dt>市总年度目标</dt><dd>100元" in found
    assert "完成36%" in found
    assert "省总年度目标" not in found
    mine = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF, **unit(tree.county))
    assert "<dt>省总年度目标</dt><dd>15元" in mine
    assert "完成103%" in mine
    assert "<dt>市总年度目标</dt><dd>30元" in mine
    assert "完成52%" in mine


def test_the_comparison_says_met_not_met_or_not_entered(dept, tree, visited, plans):
    found = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF, issuer="省总")
    table = found[found.index('id="parts-table"') :]
    first = table[table.index(">甲县总工会<") : table.index(">乙县总工会<")]
    second = table[table.index(">乙县总工会<") : table.index("</tbody>")]
    assert "已完成" in first
    assert ">103%</a>" in first
    assert "目标值未录入" in second
    assert "0%" not in second


def test_the_trend_ends_with_the_last_month(dept, tree, visited):
    found = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF)
    trend = found[found.index('id="trend-table"') :]
    assert trend.count('<th scope="row">') == 12
    assert '<th scope="row">2011年7月</th>' in trend
    assert '<th scope="row">2012年6月</th><td class="number" data-value="5.5">' in trend
    assert "2012年7月</th>" not in trend


def test_a_figure_is_told_as_of_a_day(dept, tree, visited):
    with facts.told(date(2012, 8, 20), actor=None), clock.at(date(2012, 8, 20)):
        facts.visit(tree.union, date(2012, 3, 2), amount=100)
    now = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF)
    then = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF, as_of="2012-08-15")
    assert ">135.50</a> <small>元</small>" in now
    assert ">35.50</a> <small>元</small>" in then
    assert "按2012年8月15日已登记的记录" in then
    assert "共4条" in page(dept, "/figures/sample.visit_amount/records/", **FIRST_HALF)
    kept = page(dept, "/figures/sample.visit_amount/records/", **FIRST_HALF, as_of="2012-08-15")
    assert "合计<strong>35.50元</strong>，共3条" in kept


def test_words_for_days_count_from_the_day_as_of_which_is_told(dept, tree):
    found = page(dept, "/figures/", as_of="2010-03-31")
    assert "2010年1月1日至3月31日" in found or "2010年一季度" in found


@pytest.mark.parametrize(
    ("query", "problem"),
    [
        (
            {"during": "custom", "during.from": "2012-07-01", "during.to": "2012-01-01"},
            "早于开始日期",
        ),
        ({"during": "month", "during.month": "2012-13"}, "不存在的日期"),
        ({"as_of": "昨天"}, "登记截止日“昨天”不是可用的日期"),
        ({"as_of": "0001-01-01"}, "不是可用的日期"),
        ({"unit": "没有这个工会"}, "没有找到“没有这个工会”"),
    ],
)
def test_what_makes_no_sense_is_left_out_and_said(dept, tree, query, problem):
    found = page(dept, "/figures/", **query)
    assert problem in found
    assert "2012年1月1日至8月15日" in found


def test_an_org_may_be_typed(dept, tree, visited):
    assert ">15.50</a>" in page(dept, "/figures/", **FIRST_HALF, unit="甲县总工会")
    picked = {"unit": "甲县总工会", "unit.pk": f"{tree.county.pk}|甲县总工会"}
    assert ">15.50</a>" in page(dept, "/figures/", **FIRST_HALF, **picked)
    retyped = {"unit": "乙县总工会", "unit.pk": f"{tree.county.pk}|甲县总工会"}
    assert ">20</a>" in page(dept, "/figures/", **FIRST_HALF, **retyped)


def test_the_records_are_exactly_those_that_make_the_figure(dept, tree, visited):
    found = page(dept, "/figures/sample.visit_amount/records/", **FIRST_HALF)
    assert "合计<strong>35.50元</strong>，共3条" in found
    assert "您无权查看" not in found
    for title, is_in in [("甲访", True), ("乙访", True), ("丙访", True), ("丁访", False)]:
        assert (title in found) is is_in
    narrowed = page(dept, "/figures/sample.visit_amount/records/", **FIRST_HALF, q="甲访")
    assert "乙访" not in narrowed
    assert "共3条" in narrowed


def test_hidden_records_are_counted_and_said(client, tree, visited):
    from gonghui.kernel.orgs.models import OrgRelation, RelationKind

    station = user_with(Role.STATION, org=tree.township)
    client.force_login(station)
    OrgRelation._unscoped.filter(org=tree.union, kind=RelationKind.LEAD).update(
        superior=tree.neighbour_township
    )
    type(tree.union)._unscoped.filter(pk=tree.union.pk).update(
        path=tree.neighbour_township.path + f"{tree.union.pk}/"
    )
    named("戊访", tree.township, date(2012, 3, 3), amount=2)
    found = page(client, "/figures/sample.visit_amount/records/", **FIRST_HALF)
    assert "合计<strong>12元</strong>，共2条，其中1条您无权查看" in found
    assert "戊访" in found
    assert "甲访" not in found


def test_the_filter_form_keeps_what_the_list_is_about(dept, tree, visited):
    found = page(dept, "/figures/sample.visit_amount/records/", **FIRST_HALF, **unit(tree.county))
    assert '<input type="hidden" name="during" value="first_half">' in found
    assert f'<input type="hidden" name="unit.pk" value="{tree.county.pk}">' in found


def test_htmx_gets_the_rows_alone(dept, tree, visited):
    response = dept.get(
        "/figures/sample.visit_amount/records/", FIRST_HALF, headers={"HX-Request": "true"}
    )
    assert "<html" not in response.content.decode()
    assert "HX-Request" in response["Vary"]


def test_the_records_are_exported_by_who_may_export(client, dept, tree, visited):
    address = "/figures/sample.visit_amount/export/"
    page(dept, address, 403, **FIRST_HALF)
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    response = client.get(address, FIRST_HALF)
    assert response.status_code == 200
    assert b"".join(response.streaming_content).startswith(b"PK")
    assert "导出 Excel" in page(client, "/figures/sample.visit_amount/records/", **FIRST_HALF)


def test_the_changes_say_who_what_when_and_how_much(dept, tree, visited):
    clerk = user_with(Role.BASIC, org=tree.union)
    with facts.told(date(2012, 8, 20), actor=clerk.pk):
        facts.alter(visited[0], amount=Decimal("12.50"))
    with clock.at(date(2012, 8, 31)):
        found = page(dept, "/figures/sample.visit_amount/", **FIRST_HALF, since="2012-08-15")
    part = found[found.index('id="changes"') :]
    assert "2012-08-15登记截止时为35.50，现在为38，相差<strong>+2.50</strong>元" in part
    assert f'<a href="/r/sample.visit/{visited[0].pk}/">甲访</a>' in part
    for text in (clerk.name, "2012-08-20 09:00", "2012-03-01", "甲厂工会", "+2.50"):
        assert text in part
    with clock.at(date(2012, 8, 31)):
        earlier = page(
            dept,
            "/figures/sample.visit_amount/",
            **FIRST_HALF,
            since="2012-08-15",
            as_of="2012-08-19",
        )
    assert "这段时间没有影响本数的登记" in earlier


def test_a_changed_record_out_of_sight_is_only_counted(client, tree, visited):
    type(tree.union)._unscoped.filter(pk=tree.union.pk).update(
        path=tree.neighbour_township.path + f"{tree.union.pk}/"
    )
    client.force_login(user_with(Role.COUNTY, org=tree.county))
    with facts.told(date(2012, 8, 20)):
        facts.alter(visited[0], amount=Decimal("12.50"))
    with clock.at(date(2012, 8, 31)):
        found = page(client, "/figures/sample.visit_amount/", **FIRST_HALF, since="2012-08-15")
    part = found[found.index('id="changes"') :]
    assert "其中1条记录您无权查看" in part
    assert "（您无权查看的记录）" in part
    assert "甲访" not in part
    assert "（范围外）" in part


def test_a_move_of_an_org_is_named_as_the_reason(dept, tree, visited):
    from gonghui.kernel.orgs.services import move

    with clock.at(date(2012, 8, 20)):
        move(tree.township, tree.neighbour, date(2012, 1, 1), "平工〔2012〕7号")
    with clock.at(date(2012, 8, 31)):
        found = page(
            dept,
            "/figures/sample.visit_amount/",
            **FIRST_HALF,
            **unit(tree.county),
            since="2012-08-15",
        )
    part = found[found.index('id="changes"') :]
    assert "相差<strong>−10</strong>元" in part
    assert "“甲镇工会”自2012-01-01由“甲县总工会”划转至“乙县总工会”（平工〔2012〕7号）" in part


def test_a_comparison_must_begin_earlier(dept, tree):
    found = page(dept, "/figures/sample.visit_amount/", since="2012-08-15")
    assert "对比起点2012-08-15须早于2012-08-15" in found


def test_more_records_and_orgs_ask_no_more_questions(dept, tree, visited, plans):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from tests.support.orgs import make_org

    addresses = [
        "/figures/",
        "/figures/sample.visit_amount/?since=2012-08-01",
        "/figures/sample.visit_amount/records/",
    ]

    def counts():
        found = []
        for address in addresses:
            dept.get(address)
            with CaptureQueriesContext(
                connection,
            ) as asked:
                dept.get(address)
            found.append(len(asked))
        return found

    before = counts()
    for number in range(3):
        org = make_org(f"丙{number}县总工会", "county", tree.city)
        facts.visit(org, date(2012, 3, 1), amount=1)
    assert counts() == before


def test_the_numbers_are_the_ledgers_own(dept, tree, visited):
    period = Period(date(2012, 3, 1), date(2012, 6, 30))
    orgs = [tree.city, tree.county, tree.neighbour]
    found = figures(["sample.visit_amount"], orgs, period)
    shown = page(
        dept,
        "/figures/sample.visit_amount/",
        **{"during": "custom", "during.from": "2012-03-01", "during.to": "2012-06-30"},
    )
    table = shown[shown.index('id="parts-table"') :]
    for org in orgs:
        assert f'data-value="{found["sample.visit_amount", org.pk].value:f}"' in table
