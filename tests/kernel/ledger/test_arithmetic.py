"""Ratios, plans, comparisons with last year and second names."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.ledger import catalogue, targets
from gonghui.kernel.ledger.checks import indicators_are_sound
from gonghui.kernel.ledger.declare import (
    Indicator,
    Kind,
    alias,
    average,
    coverage,
    difference,
    flow,
    plan_ratio,
    ratio,
    stock,
    yoy,
)
from gonghui.kernel.ledger.drill import missing_of, records_of
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.models import (
    DayBalance,
    Hot,
    InstalledIndicator,
    MonthBalance,
    Move,
    RepeatedSubject,
)
from gonghui.kernel.orgs.models import Org
from tests.support import facts
from tests.support.sample.models import Station, Visit

H1 = Period.half(2012, 1)


@pytest.fixture
def declare(monkeypatch):
    """Declare further indicators of the sample line until the test ends."""
    for name in ("_indicators", "_sources", "_names"):
        monkeypatch.setattr(catalogue, name, dict(getattr(catalogue, name)))

    def add(*indicators, model=Visit):
        catalogue.add("sample.visit", model, indicators)

    return add


@pytest.fixture
def plan(monkeypatch):
    """A target of 480 for the city by 省总, a target of 0 for 叶县 by 市总."""
    monkeypatch.setattr(targets, "_providers", [])

    def provide(orgs):
        given = {("省总", orgs.city.pk): Decimal(480), ("市总", orgs["叶县"].pk): Decimal(0)}
        targets.provide(
            lambda code, org_ids, on, as_of, issuer: {
                org: given[issuer, org]
                for org in org_ids
                if code == "sample.good_visits" and on == H1.end and (issuer, org) in given
            }
        )

    return provide


def good(org, on, times):
    facts.visits([{"org": org, "visited_on": on, "mood": "good"}] * times)


def test_a_plan_is_compared_per_issuer_and_a_missing_target_is_named(orgs, declare, plan):
    declare(plan_ratio("sample.good_vs_plan", "好评完成率", "sample.good_visits"))
    plan(orgs)
    good(orgs["一厂"], date(2012, 3, 1), 120)

    def told(org, issuer):
        found = figure("sample.good_vs_plan", org, H1, issuer=issuer)
        return found.value, found.note

    assert told(orgs.city, "省总") == (Decimal("0.25"), "")
    assert told(orgs.city, "市总") == (None, "目标值未录入")
    assert told(orgs["叶县"], "市总") == (None, "无法计算")


def test_a_plan_without_anybody_who_keeps_targets_has_none(orgs, declare, monkeypatch):
    monkeypatch.setattr(targets, "_providers", [])
    declare(plan_ratio("sample.good_vs_plan", "好评完成率", "sample.good_visits"))
    assert figure("sample.good_vs_plan", orgs.city, H1).note == "目标值未录入"


def test_growth_is_told_against_the_same_window_a_year_earlier(orgs, declare):
    declare(yoy("sample.good_yoy", "好评同比", "sample.good_visits"))
    good(orgs["一厂"], date(2011, 6, 30), 4)
    good(orgs["一厂"], date(2011, 7, 1), 9)
    good(orgs["一厂"], date(2012, 6, 30), 5)
    good(orgs["四厂"], date(2012, 6, 30), 1)
    assert figure("sample.good_yoy", orgs["叶县"], H1).value == Decimal("0.25")
    found = figure("sample.good_yoy", orgs["郏县"], H1)
    assert (found.value, found.note) == (None, "上年同期为零")


def test_the_reason_of_a_part_is_the_reason_of_the_whole(orgs, declare):
    declare(
        yoy("sample.good_yoy", "好评同比", "sample.good_visits"),
        ratio("sample.odd", "怪率", "sample.good_yoy", "sample.good_visits"),
    )
    assert figure("sample.odd", orgs.city, H1).note == "上年同期为零"


def test_an_alias_is_the_same_figure_and_has_the_same_records(orgs, declare):
    declare(alias("sample.praise", "表扬数", "sample.good_visits", "次"))
    good(orgs["一厂"], date(2012, 3, 1), 3)
    assert figure("sample.praise", orgs.city, H1).value == 3
    assert records_of("sample.praise", orgs.city, H1).count() == 3
    assert catalogue.by_name("表扬数").code == "sample.praise"


def test_a_difference_takes_all_others_from_the_first(orgs, declare):
    declare(
        difference("sample.bad_visits", "差评走访", "次", "sample.visits", "sample.good_visits"),
        yoy("sample.good_yoy", "好评同比", "sample.good_visits"),
        difference("sample.odd", "怪差", "次", "sample.visits", "sample.good_yoy"),
    )
    day = date(2012, 3, 1)
    facts.visits([{"org": orgs["一厂"], "visited_on": day, "mood": "good"}] * 3)
    assert figure("sample.bad_visits", orgs.city, H1).value == -3
    assert figure("sample.odd", orgs.city, H1).note == "上年同期为零"


def test_an_average_is_told_in_its_own_unit_and_never_over_nothing(orgs, declare):
    declare(
        average("sample.mean_amount", "次均金额", "元", "sample.visit_amount", "sample.good_visits")
    )
    good(orgs["一厂"], date(2012, 3, 1), 4)
    facts.visit(orgs["一厂"], date(2012, 3, 2), amount=Decimal("10.00"))
    assert figure("sample.mean_amount", orgs.city, H1).value == Decimal("2.5")
    assert figure("sample.mean_amount", orgs["郏县"], H1).note == "无法计算"


def test_a_coverage_counts_only_who_is_expected_and_lists_who_is_missing(orgs):
    for name in ("一厂", "二厂", "四厂"):
        facts.station(orgs[name], date(2012, 1, 1), seats=100)
    facts.visit(orgs["一厂"], date(2012, 3, 1), people=100)
    facts.visit(orgs["三厂"], date(2012, 3, 1), people=100)  # has no station: nobody expects it

    def told(org):
        return figure("sample.cover", org, H1).value, set(missing_of("sample.cover", org, H1).ids)

    fold()
    facts.visit(orgs["四厂"], date(2012, 7, 1), people=100)  # after the period
    assert told(orgs.city) == (Decimal(1) / 3, {orgs["二厂"].pk, orgs["四厂"].pk})
    facts.visit(orgs["二厂"], date(2012, 6, 30), people=100)
    assert told(orgs.city) == (Decimal(2) / 3, {orgs["四厂"].pk})
    assert missing_of("sample.cover", orgs.city, H1).model is Org
    assert figure("sample.cover", orgs["一厂分会"], H1).note == "无法计算"
    with pytest.raises(DomainError, match="不是覆盖率"):
        missing_of("sample.visits", orgs.city, H1)


def test_a_coverage_needs_two_sets_of_the_same_subjects(declare):
    declare(coverage("sample.odd", "怪覆盖", "sample.visited", "sample.station_orgs"))
    assert [message.id for message in indicators_are_sound()] == ["gonghui.E206"]


def test_an_indicator_is_found_by_name_alias_and_code(declare):
    declare(flow("sample.calls", "电话数", "次", on="visited_on", aliases=("来电数",)))
    assert {catalogue.by_name(each).code for each in ("电话数", "来电数", "sample.calls")} == {
        "sample.calls"
    }
    assert catalogue.source_of("sample.calls") == ("sample.visit", Visit)
    with pytest.raises(DomainError, match="相近的有：来电数"):
        catalogue.by_name("来电人数")


def test_two_indicators_may_not_share_a_code_or_a_name(declare):
    with pytest.raises(ValueError, match="already declared"):
        declare(flow("sample.visits", "别的", "次", on="visited_on"))
    with pytest.raises(ValueError, match=r"already names sample\.visits"):
        declare(flow("sample.others", "走访次数", "次", on="visited_on"))


def test_formulas_that_rest_on_themselves_are_refused(orgs, declare):
    declare(
        alias("sample.a", "甲", "sample.b", "次"),
        alias("sample.b", "乙", "sample.a", "次"),
    )
    with pytest.raises(DomainError, match="引用了自己"):
        figure("sample.a", orgs.city, H1)
    with pytest.raises(DomainError, match="互相引用"):
        records_of("sample.a", orgs.city, H1)


def test_an_indicator_that_is_declared_but_not_installed_says_so(orgs, declare):
    declare(flow("sample.calls", "电话数", "次", on="visited_on"))
    with pytest.raises(DomainError, match="请先运行数据库升级"):
        figure("sample.calls", orgs.city, H1)


def problems(declared, declare, model=Visit):
    declare(declared, model=model)
    return [(e.id, e.msg) for e in indicators_are_sound() if declared.code in e.msg]


def test_every_indicator_of_the_sample_line_is_sound():
    assert indicators_are_sound() == []


@pytest.mark.parametrize(
    ("number", "values"),
    [
        ("E201", {"on": "visted_on"}),
        ("E201", {"on": "visited_on", "value": "amonut"}),
        ("E201", {"on": "visited_on", "subject": "nobody"}),
        ("E201", {"on": "visited_on", "org": "nowhere"}),
        ("E202", {"on": "visited_on", "where": {"org__level": "basic"}}),
        ("E203", {"on": "visited_on", "where": {"pk__in": []}}),
        ("E204", {"on": "title"}),
        ("E204", {"on": "visited_on", "subject": "title"}),
        ("E204", {"on": "visited_on", "value": "amount"}),
        ("E204", {"on": "visited_on", "value": "title", "where": {}}),
        ("E204", {"on": "visited_on", "org": "title"}),
    ],
)
def test_a_slip_in_a_declaration_is_found_by_the_system_check(db, declare, number, values):
    from django.db.models import Q

    where = Q(**values.pop("where", {}))
    found = problems(flow("sample.slip", "错", "次", where=where, **values), declare)
    assert [each for each, _ in found] == [f"gonghui.{number}"]


def test_a_formula_over_unknown_or_too_few_indicators_is_found_by_the_system_check(declare):
    declare(alias("sample.slip", "错", "sample.nothing", "次"))
    declare(ratio("sample.slip2", "错二", "sample.visits", "sample.nothing"))
    assert [e.id for e in indicators_are_sound()] == ["gonghui.E205", "gonghui.E205"]


@pytest.mark.parametrize(
    ("left_out", "told_by", "message"),
    [
        ("sample.nothing", "", "leaves out sample.nothing, which is not posted"),
        ("sample.visits", "", "sample.visits has no column that says why"),
        ("sample.others", "wrong", "sample.others has no column that says why"),
        ("sample.others", "title", None),
    ],
)
def test_what_is_left_out_has_an_indicator_and_a_column_that_says_why(
    db, declare, left_out, told_by, message
):
    declare(flow("sample.others", "其他走访", "次", on="visited_on", told_by=told_by))
    declare(flow("sample.chosen", "选计走访", "次", on="visited_on", leaves_out=left_out))
    found = [each.msg for each in indicators_are_sound()]
    assert found == ([f"indicator sample.chosen: {message}"] if message else [])


def test_a_stock_compiles_to_its_own_columns_only(db, declare):
    from gonghui.kernel.ledger.contribution import compiled

    declare(
        stock("sample.opened", "开放数", "个", on="created_at", until="closed_on"), model=Station
    )
    found = compiled("sample.opened")
    assert found.columns == {"id", "org_id", "created_at", "closed_on", "voided_at"}
    assert "AT TIME ZONE 'Asia/Shanghai'" in found.select


def test_an_indicator_over_a_plain_table_has_no_voided_rows_to_leave_out(db, declare):
    from gonghui.kernel.ledger.contribution import compiled
    from gonghui.kernel.orgs.models import OrgRelation

    declare(
        flow("sample.relations", "关系数", "条", on="valid_from", org="superior"), model=OrgRelation
    )
    assert compiled("sample.relations").columns == {"id", "superior_id", "valid_from"}


def test_a_formula_with_too_few_sources_is_found_by_the_system_check(declare):
    declare(
        Indicator(code="sample.slip", name="错", unit="%", kind=Kind.RATIO, over=("sample.visits",))
    )
    (found,) = indicators_are_sound()
    assert (found.id, found.msg) == (
        "gonghui.E205",
        "indicator sample.slip: ratio needs 2 source(s)",
    )


def test_rows_of_the_ledger_say_what_they_are():
    day = date(2012, 3, 1)
    about = {"indicator": 3, "org": 9, "day": day, "value": 5}
    assert [
        str(InstalledIndicator(code="sample.visits")),
        str(Hot(**about)),
        str(DayBalance(indicator=3, node=9, day=day, value=-5)),
        str(MonthBalance(indicator=3, node=9, month=day, value=5)),
        str(RepeatedSubject(indicator=3, subject=7)),
        str(Move(org=9, superior=4, day=day)),
    ] == [
        "sample.visits",
        "3/9 2012-03-01 +5",
        "3/9 2012-03-01: -5",
        "3/9 2012-03-01: 5",
        "3: 7",
        "9 2012-03-01: 4",
    ]
