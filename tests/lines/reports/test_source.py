"""What reports learn from the ledger, and what they may not ask."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.docx.sources import Basis, FigureKind, NotYet, Unknown
from gonghui.kernel.ledger import targets
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.registers.write import create
from gonghui.lines.reports import facts
from gonghui.lines.reports.facts import Fact
from gonghui.lines.reports.filling import latest_version, source_for
from gonghui.lines.reports.models import ReportFigure
from gonghui.shared.campaigns.models import Campaign, CampaignKind
from tests.lines.reports.conftest import AS_OF, EVENING
from tests.support.orgs import make_org
from tests.support.sample.models import Visit

HALF = Period.half(2012, 1)


@pytest.fixture
def source(tree, figures):
    return source_for(tree.city, AS_OF, title="题", speak_on=date(2012, 8, 16))


def test_indicators_are_found_by_name_and_code(source):
    info = source.indicator("走访金额")
    assert (info.code, info.unit, info.kind) == ("sample.visit_amount", "元", FigureKind.FLOW)
    assert source.indicator("sample.visits").name == "走访次数"
    station = source.indicator("站点数")
    assert (station.kind, station.default_basis) == (FigureKind.STOCK, Basis.POINT)
    assert source.indicator("地点数").kind is FigureKind.STOCK
    assert source.indicator("走访对象数").kind is FigureKind.DISTINCT
    assert source.indicator("好评率").kind is FigureKind.RATIO
    with pytest.raises(Unknown) as error:
        source.indicator("走访钱数")
    assert "走访金额" in error.value.known


def test_a_shipped_name_means_its_code_once_the_line_is_there(source, monkeypatch):
    monkeypatch.setitem(facts.NAMES, "老名称", "sample.stations")
    monkeypatch.setitem(facts.NAMES, "未来指标", "future.code")
    assert source.indicator("老名称").code == "sample.stations"
    with pytest.raises(NotYet, match="业务线尚未启用"):
        source.indicator("未来指标")
    assert {"老名称", "未来指标", "走访金额"} <= set(source.names())


def test_a_figure_comes_with_its_records(source):
    found = source.figure("sample.visit_amount", HALF, None)
    assert (found.value, found.records_count, found.register) == (547, 2, "sample.visit")
    assert (found.period, found.as_of) == ("2012年上半年", "2012-08-15")
    stock = source.figure("sample.seats", AS_OF, None)
    assert (stock.value, stock.records_count, stock.period) == (20, 2, "2012年8月15日")
    assert source.figure("sample.visited", Period.year_to_date(AS_OF), None).value == 2


def test_a_county_is_found_by_its_short_name_and_nothing_outside_the_report_is(source, tree):
    for name in ("甲县", "甲县总工会"):
        assert source.org(name) == "甲县总工会"
    assert source.figure("sample.visit_amount", HALF, source.org("甲县")).value == 47
    of_county = source_for(tree.county, AS_OF)
    assert of_county.figure("sample.visit_amount", HALF, None).value == 47
    with pytest.raises(Unknown):
        of_county.org("乙县")


def test_a_name_of_two_organisations_is_not_guessed(source, tree):
    for level in (tree.county, tree.neighbour):
        make_org("一厂工会", OrgLevel.BASIC, level)
    with pytest.raises(DomainError, match="有几个工会都叫“一厂”"):
        source.org("一厂")


def test_the_source_tells_what_was_known_at_its_moment(tree, figures):
    with clock.at(EVENING):
        create(
            Visit, by=SYSTEM, org=tree.union, title="补报", visited_on=date(2012, 6, 1), amount=3
        )
    at_six = datetime(2012, 8, 15, 18, 0, tzinfo=clock.ZONE)
    values = [
        source_for(tree.city, as_of).figure("sample.visit_amount", HALF, None).value
        for as_of in (date(2012, 8, 14), at_six, AS_OF)
    ]
    assert values == [547, 547, 550]
    assert (
        source_for(tree.city, at_six).figure("sample.visits", HALF, None).as_of
        == "2012-08-15 18:00"
    )


def test_nothing_registered_is_missing_but_a_true_zero_is_a_figure(tree, figures):
    source = source_for(tree.city, AS_OF)
    assert source.figure("sample.visit_amount", Period.year(2010), None).value == 0
    Visit._unscoped.all().delete()
    with pytest.raises(NotYet, match="走访金额还没有登记记录"):
        source_for(tree.city, AS_OF).figure("sample.visit_amount", Period.year(2009), None)


def test_what_cannot_be_answered_yet_is_missing(source):
    for ask in (
        lambda: source.figure("sample.visits", HALF, None, "女性"),
        lambda: source.figure("sample.good_rate", Period.year(2009), None),
        lambda: source.text("报告人"),
    ):
        with pytest.raises(NotYet):
            ask()


def test_a_campaign_lends_its_window_which_may_lie_in_two_years(source, tree):
    window = Period(date(2011, 12, 20), date(2012, 2, 6))
    with clock.at(date(2011, 12, 1)):
        create(
            Campaign,
            by=SYSTEM,
            org=tree.city,
            code="2012SJ",
            name="双节送温暖",
            kind=CampaignKind.FESTIVALS,
            window_from=window.start,
            window_to=window.end,
        )
    assert source.campaign("2012SJ") == source.campaign("双节送温暖") == window
    with pytest.raises(Unknown) as error:
        source.campaign("2012S")
    assert error.value.known == ("2012SJ",)


def test_a_target_is_that_of_the_issuer_and_the_moment(source, tree, monkeypatch):
    asked = []

    def provider(code, org_ids, on, as_of, issuer):
        asked.append((code, list(org_ids), on, as_of, issuer))
        return {tree.city.pk: Decimal(480)} if issuer == "省总" else {}

    monkeypatch.setattr(targets, "_providers", [provider])
    found = source.target("sample.visit_amount", "省总", date(2012, 6, 30), None)
    assert (found.value, found.label) == (480, "省总2012年目标480元")
    assert asked == [("sample.visit_amount", [tree.city.pk], date(2012, 6, 30), AS_OF, "省总")]
    none = source.target("sample.visit_amount", "市总", date(2012, 6, 30), None)
    assert (none.value, none.label) == (None, "市总2012年目标值未录入")


def test_the_previous_value_is_that_of_the_period_before(source):
    assert source.previous("sample.visit_amount", Period.month(2012, 7), None) == 500
    assert source.previous("sample.seats", AS_OF, None) == 20


def test_a_fact_holds_with_its_evidence(source, monkeypatch):
    monkeypatch.setitem(
        facts.FACTS,
        "sample.x_open",
        Fact(
            code="sample.x_open",
            says="设立了站点",
            left="sample.stations",
            sign=">",
            right=Decimal(0),
        ),
    )
    found = source.fact("sample.x_open")
    assert (found.true, found.evidence, found.missing) == (True, "设立了站点：站点数2个", "")


def test_a_fact_that_does_not_hold_says_what_is_wanting(source, monkeypatch):
    monkeypatch.setitem(
        facts.FACTS,
        "sample.x_all",
        Fact(
            code="sample.x_all",
            says="座位都有站点",
            left="sample.stations",
            sign="=",
            right="sample.seats",
        ),
    )
    found = source.fact("sample.x_all")
    assert (found.true, found.missing) == (False, "18个")
    assert found.evidence == "座位都有站点：站点数2个，座位数20个"


def test_a_fact_of_a_month_counts_that_month_and_nothing_is_not_all(source, monkeypatch):
    for month, holds in (("03", True), ("05", False)):
        monkeypatch.setitem(
            facts.FACTS,
            "sample.x_month",
            Fact(
                code="sample.x_month",
                says="走访过",
                left="sample.visit_amount",
                sign="=",
                right="sample.visit_amount",
                period=f"{{year}}-{month}",
            ),
        )
        assert source.fact("sample.x_month").true is holds


def test_facts_of_absent_lines_are_missing_and_unknown_ones_are_errors(source, monkeypatch):
    monkeypatch.setitem(
        facts.FACTS,
        "future.x",
        Fact(code="future.x", says="将来", left="future.code", sign=">", right=Decimal(0)),
    )
    with pytest.raises(NotYet, match="业务线尚未启用"):
        source.fact("future.x")
    with pytest.raises(Unknown):
        source.fact("orgs.x_nothing")


def test_words_of_the_document(source):
    assert (source.text("题目"), source.day("会议日")) == ("题", date(2012, 8, 16))
    with pytest.raises(Unknown):
        source.text("主持人")
    with pytest.raises(Unknown):
        source.day("散会日")
    with pytest.raises(NotYet):
        source_for(source.root, AS_OF).day("会议日")


def test_the_records_behind_a_figure_are_listed_as_they_stood(source, tree):
    found = source.listing("sample.visit_amount", HALF, None, ("事由", "所属工会", "金额"))
    assert [row[0] for row in found.rows] == ["甲", "乙"]
    assert found.rows[0][1:] == (tree.union.name, "47.00")
    of_county = source.listing("sample.visit_amount", HALF, source.org("甲县"), ("事由",))
    assert of_county.rows == (("甲",),)
    with pytest.raises(DomainError, match="个人信息"):
        source.listing("sample.visit_amount", HALF, None, ("电话",))


def test_the_units_of_a_group_come_after_the_whole(source, tree):
    named = [name for _, name in source.units("各县区", None)]
    assert named == [None, tree.county.name, tree.neighbour.name]
    townships = [name for _, name in source.units("各乡镇", "甲县")]
    assert townships[0] == "甲县"
    assert all(org.startswith(tree.county.path) for org in paths(townships[1:]))


def paths(names):
    return Org._unscoped.filter(name__in=names).values_list("path", flat=True)


def test_a_report_with_table_chart_and_list_is_filled_from_the_ledger(office, figures):
    document = office.report(
        "{{表 走访金额 各县区 上半年}}",
        "{{图 走访金额 各县区 上半年}}",
        "{{名单 走访金额 事由 上半年}}",
    )
    version = latest_version(document)
    assert (version.error_count, version.missing_count) == (0, 0)
    printed = list(
        ReportFigure._unscoped.filter(version_of=version)
        .order_by("id")
        .values_list("about_org", "printed")
    )
    assert printed == [("", "547"), ("甲县总工会", "47"), ("乙县总工会", "500")]
    assert "名单：走访金额（2012年上半年）共2条记录" in version.facts
