"""Assessment: a scheme that adds up, scores that come out the same twice, places, vetoes, appeals."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.goals.assessment import changed_since, ranking
from gonghui.lines.goals.models import (
    AssessedUnit,
    AssessmentItem,
    AssessmentScheme,
    AssessmentScore,
    ScoreAppeal,
    VetoEvent,
)
from gonghui.lines.goals.services import decompose
from tests.lines.goals.conftest import PLAN, UNIONS
from tests.lines.goals.test_decomposition import weights
from tests.support.orgs import actor_with, make_org
from tests.support.sample.models import Visit

CITY_PROPER = ("新华区", "卫东区", "湛河区", "石龙区")
SPRING, JANUARY = date(2012, 3, 20), date(2013, 1, 7)


def scheme_of(plan, *items, **more):
    """A draft with the ten counties in two groups and some items (weight, formula and more)."""
    values = {
        "year": 2012,
        "level": "county",
        "title": "2012年度考核",
        "plan_filed_no": "备〔2012〕1号",
    }
    scheme = create(AssessmentScheme, by=plan.dept, org=plan.city, **{**values, **more})
    for name, county in plan.counties.items():
        group = "城区组" if name in CITY_PROPER else "县域组"
        create(AssessedUnit, by=plan.dept, scheme=scheme, unit=county, group=group)
    for seq, (weight, formula, extra) in enumerate(items, 1):
        item_of(plan, scheme, seq, weight, formula, **extra)
    return scheme


def item_of(plan, scheme, seq, weight, formula="completion", **more):
    values = {
        "title": f"第{seq}项",
        "indicator": "" if formula == "veto" else UNIONS,
        "issuer": "province",
        "weight": Decimal(weight),
    }
    return create(
        AssessmentItem,
        by=plan.dept,
        scheme=scheme,
        seq=seq,
        formula=formula,
        **{**values, **more},
    )


def published(plan, *items):
    with clock.at(SPRING):
        scheme = perform(scheme_of(plan, *items), "consult", by=plan.dept)
        return perform(scheme, "publish", by=plan.leader)


ITEMS = (
    ("60", "completion", {"cap": Decimal("1.2"), "bonus_max": Decimal(6)}),
    ("40", "attained", {}),
)


@pytest.fixture
def handed_down(plan, actuals):
    """480 unions in ten counties, of which the counties' own numbers came."""
    for child in decompose(plan.issued(480), weights(plan, 0), plan.dept):
        plan.issue(child.plan)


@pytest.fixture
def scored(plan, handed_down):
    scheme = published(plan, *ITEMS)
    with clock.at(JANUARY):
        return perform(scheme, "score", by=plan.dept)


def totals(scheme):
    with acting(SYSTEM):
        return {rank.unit.name.removesuffix("总工会"): rank.total for rank in ranking(scheme)}


def test_the_scores_follow_from_the_ledger_to_the_cent(plan, scored):
    def points(name):
        planned, actual = PLAN[name][:2]
        completion = min(Decimal(60) * min(Decimal(actual) / planned, Decimal("1.2")), Decimal(66))
        return round(completion, 2) + (40 if actual >= planned else 0)

    assert totals(scored) == {name: points(name) for name in PLAN}
    # 135 %, 84 % and 70 % of the plan.
    found = totals(scored)
    assert [found[name] for name in ("汝州市", "郏县", "石龙区")] == [
        Decimal(106),
        Decimal("50.40"),
        Decimal("42.00"),
    ]
    score = AssessmentScore._unscoped.filter(org=plan.counties["郏县"]).order_by("item__seq")[0]
    assert score.explanation == "完成42，目标50，完成率84.0%，分值60"


def test_what_is_recorded_later_is_listed_and_changes_no_score(plan, scored):
    before = totals(scored)
    with clock.at(date(2013, 2, 1)):
        row = {"org": plan.counties["郏县"], "title": "补登", "visited_on": date(2012, 12, 3)}
        create(Visit, by=SYSTEM, amount=8, **row)
        with acting(SYSTEM):
            later = changed_since(scored)
    assert totals(scored) == before
    assert [(str(each.unit), each.item.seq, each.score, each.now) for each in later] == [
        ("郏县总工会", 1, Decimal("50.40"), Decimal("60.00")),
        ("郏县总工会", 2, Decimal(0), Decimal(40)),
    ]


def test_scores_taken_back_and_worked_out_again_are_the_same(plan, scored):
    before = totals(scored)
    with clock.at(date(2013, 1, 8)):
        again = perform(scored, "take_back", by=plan.leader, reason="复核")
        assert (again.basis_at, totals(again)) == (None, dict.fromkeys(PLAN, 0))
        again = perform(again, "score", by=plan.dept)
    assert totals(again) == before


def test_equal_points_share_a_place_and_full_marks_part_them(plan, handed_down):
    scheme = published(plan, ("60", "completion", {}), ("40", "attained", {}))
    with clock.at(JANUARY):
        scheme = perform(scheme, "score", by=plan.dept)
    with acting(SYSTEM):
        places = {
            rank.unit.name.removesuffix("总工会"): (rank.group, rank.place)
            for rank in ranking(scheme)
        }
    assert places["石龙区"] == ("城区组", 4)
    assert {places[name] for name in CITY_PROPER[:3]} == {("城区组", 1)}
    assert places["郏县"] == ("县域组", 6)


def test_below_the_floor_there_are_no_points(plan, handed_down):
    scheme = published(plan, ("100", "completion", {"floor": Decimal("0.75")}))
    with clock.at(JANUARY):
        scheme = perform(scheme, "score", by=plan.dept)
    found = totals(scheme)
    assert (found["郏县"], found["石龙区"]) == (Decimal("84.00"), 0)


@pytest.mark.parametrize(
    ("items", "more", "day", "message"),
    [
        ((("99.5", "completion", {}),), {}, SPRING, "分值合计为99.5，须为100"),
        ((("100", "completion", {}),), {"plan_filed_no": ""}, SPRING, "备案号"),
        ((("100", "completion", {}),), {}, date(2012, 4, 1), "须在2012-03-31前公布"),
    ],
)
def test_an_unsound_scheme_is_not_published(plan, items, more, day, message):
    with clock.at(day):
        scheme = perform(scheme_of(plan, *items, **more), "consult", by=plan.dept)
        with pytest.raises(DomainError) as error:
            perform(scheme, "publish", by=plan.leader)
    assert message in error.value.message


def test_a_level_is_assessed_once_a_year(plan):
    scheme_of(plan)
    with pytest.raises(Invalid, match="一年只考核一次"):
        scheme_of(plan)


def test_only_figures_that_somebody_counts_make_points(plan):
    scheme = scheme_of(plan)
    with pytest.raises(DomainError, match="请选择已有台账的指标"):
        item_of(plan, scheme, 1, 50, indicator="innovation.results")
    with pytest.raises(DomainError, match="请填写分值"):
        item_of(plan, scheme, 1, 0)
    with pytest.raises(DomainError, match="不计分"):
        item_of(plan, scheme, 1, 10, "veto")


def test_a_figure_for_inside_use_alone_judges_nobody(plan, monkeypatch):
    from gonghui.lines.goals import planned

    monkeypatch.setattr(planned, "may_be_assessed", lambda code: code != UNIONS)
    with pytest.raises(DomainError, match="不能用于考核"):
        item_of(plan, scheme_of(plan), 1, 50)


def test_a_published_scheme_stands(plan, handed_down):
    scheme = published(plan, ("100", "completion", {}))
    item = AssessmentItem._unscoped.get()
    with pytest.raises(DomainError, match="已公布"):
        change(item, by=plan.dept, weight=Decimal(90))
    other = make_org("示例县总工会", OrgLevel.COUNTY, plan.city)
    with pytest.raises(DomainError, match="已公布"):
        create(AssessedUnit, by=plan.dept, scheme=scheme, unit=other, group="县域组")
    with pytest.raises(DomainError, match="已公布"):
        void(AssessedUnit._unscoped.first(), by=plan.dept, reason="退出")


def test_a_unit_is_of_the_assessed_level(plan):
    scheme = scheme_of(plan)
    with pytest.raises(DomainError, match="层级不符"):
        create(AssessedUnit, by=plan.dept, scheme=scheme, unit=plan.direct, group="一")


def test_the_year_is_scored_when_it_is_over_and_nothing_is_missing(plan, actuals):
    plan.issued(480)
    scheme = published(plan, ("100", "completion", {}))
    with clock.at(date(2012, 12, 31)), pytest.raises(DomainError, match="尚未结束"):
        perform(scheme, "score", by=plan.dept)
    with (
        clock.at(JANUARY),
        pytest.raises(DomainError, match="没有目标值或完成数，不能评分") as error,
    ):
        perform(scheme, "score", by=plan.dept)
    assert error.value.message.startswith("汝州市总工会“第1项”、")
    assert AssessmentScore._unscoped.count() == 0


def test_a_veto_keeps_the_points_and_takes_the_eligibility(plan, handed_down):
    scheme = published(plan, ("100", "completion", {}), ("0", "veto", {}))
    item, veto = AssessmentItem._unscoped.order_by("seq")
    county = plan.counties["叶县"]
    values = {"scheme": scheme, "unit": county, "doc_no": "平安监〔2012〕9号", "effect": "发生事故"}
    values["decided_on"] = date(2012, 11, 2)
    with pytest.raises(DomainError, match="一票否决项目"):
        create(VetoEvent, by=plan.dept, item=item, **values)
    with pytest.raises(Invalid):
        create(VetoEvent, by=plan.dept, item=veto, **{**values, "doc_no": ""})
    create(VetoEvent, by=plan.dept, item=veto, **values)
    with clock.at(JANUARY):
        scheme = perform(scheme, "score", by=plan.dept)
    with acting(SYSTEM):
        found = {rank.unit: (rank.total, rank.is_eligible) for rank in ranking(scheme)}
    assert found.pop(county) == (Decimal(100), False)
    assert {eligible for _, eligible in found.values()} == {True}


def test_a_county_sees_its_own_scores_and_appeals_against_them_in_time(plan, scored):
    county = actor_with(Role.COUNTY, org=plan.counties["郏县"])
    with acting(county):
        own = list(AssessmentScore.objects.order_by("item__seq"))
    assert {score.org for score in own} == {plan.counties["郏县"]}
    other = AssessmentScore._unscoped.filter(org=plan.counties["叶县"])[0]
    with pytest.raises(DomainError, match="只能对本单位"):
        create(ScoreAppeal, by=county, org=county_org(plan), score=other, text="有误")
    with clock.at(date(2013, 1, 14)):
        appeal = create(ScoreAppeal, by=county, org=county_org(plan), score=own[0], text="漏计8家")
        appeal = perform(appeal, "file", by=county)
    with clock.at(date(2013, 1, 15)):
        late = create(ScoreAppeal, by=county, org=county_org(plan), score=own[1], text="漏计")
        with pytest.raises(Conflict, match="至2013-01-14为申诉期"):
            perform(late, "file", by=county)
        with pytest.raises(Conflict, match="还有申诉没有答复"):
            perform(scored, "notify", by=plan.leader)
        with pytest.raises(DomainError, match="请填写答复"):
            perform(appeal, "reject", by=plan.dept)
        with pytest.raises(NotAllowed):
            perform(appeal, "reject", by=county, decision="维持")
        perform(appeal, "reject", by=plan.dept, decision="8家未批复，不计")
        noticed = perform(scored, "notify", by=plan.leader)
        assert perform(noticed, "settle", by=plan.leader).settled_on == date(2013, 1, 15)


def county_org(plan):
    return plan.counties["郏县"]


def test_scores_are_not_shown_to_all_before_the_time_for_appeals_is_over(plan, scored):
    with clock.at(date(2013, 1, 14)), pytest.raises(DomainError, match="申诉期到2013-01-14"):
        perform(scored, "notify", by=plan.leader)


def test_nobody_writes_a_score(plan, scored):
    score = AssessmentScore._unscoped.first()
    with pytest.raises(NotAllowed):
        change(score, by=plan.dept, score=Decimal(100))


def test_the_page_of_the_scheme_shows_places_and_what_came_later(client, plan, scored, settings):
    settings.SECOND_FACTOR_ROLES = ()
    client.force_login(User.objects.get(pk=plan.dept.user_id))
    with clock.at(date(2013, 2, 1)):
        row = {"org": plan.counties["郏县"], "title": "补登", "visited_on": date(2012, 12, 3)}
        create(Visit, by=SYSTEM, amount=8, **row)
        page = client.get(f"/r/goals.assessment_scheme/{scored.pk}/").content.decode()
    assert "内部工作通报，不作为评比表彰" in page
    assert "得分50.40，按现有记录为60.00" in page
