"""Standard checks and honours."""

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.parameters.models import Parameter
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.orgs.models import (
    StandardCheck,
    StandardItem,
    StandardScore,
    StandardTemplate,
    UnionHonor,
)
from gonghui.lines.orgs.services.standards import sample_size
from tests.lines.orgs.making import WHEN, value
from tests.support.orgs import make_org

YEAR = (date(2012, 1, 1), date(2012, 12, 31))


@pytest.fixture
def template(town):
    """A standard of two items, 60 and 40 points."""
    template = create(
        StandardTemplate,
        by=town.dept,
        org=town.city,
        title="规范化建设标准",
        edition=1,
        valid_from=date(2012, 1, 1),
    )
    for position, full_score in ((1, 60), (2, 40)):
        create(
            StandardItem,
            by=town.dept,
            template=template,
            position=position,
            title=f"第{position}项",
            full_score=full_score,
        )
    return template


def judged(town, template, union, score, **more):
    """A check that the union has judged itself and the county has judged too."""
    check = create(StandardCheck, by=SYSTEM, org=union, year=2012, template=template, **more)
    for item in unscoped(StandardItem).filter(template=template):
        create(
            StandardScore,
            by=SYSTEM,
            check_of=check,
            item=item,
            score=item.full_score,
            evidence="有台账",
        )
    check = perform(check, "self_check", by=SYSTEM)
    return perform(check, "review", by=town.of_county, county_score=score)


def test_the_unions_own_score_is_the_sum_of_all_items(town, template):
    check = create(StandardCheck, by=town.of_union, org=town.union, year=2012, template=template)
    one, two = unscoped(StandardItem).order_by("position")
    values = {"check_of": check, "evidence": "有台账"}
    with pytest.raises(DomainError, match="得分应在0至60"):
        create(StandardScore, by=town.of_union, item=one, score=61, **values)
    create(StandardScore, by=town.of_union, item=one, score=55, **values)
    with pytest.raises(DomainError, match="标准共2项，已评1项，请评完后上报"):
        perform(check, "self_check", by=town.of_union)
    with pytest.raises(DomainError, match="得分须写明依据"):
        create(StandardScore, by=town.of_union, check_of=check, item=two, score=30)
    create(StandardScore, by=town.of_union, item=two, score=30, **values)
    done = perform(check, "self_check", by=town.of_union)
    assert (done.state, done.self_score) == ("self_checked", 85)


def test_a_gap_of_more_than_ten_points_sends_the_countys_whole_batch_back(town, template):
    second = make_org("二厂工会", "basic", town.township)
    elsewhere = make_org("远厂工会", "basic", town.neighbour_township)
    first, other = (judged(town, template, org, 95) for org in (town.union, second))
    far = create(StandardCheck, by=SYSTEM, org=elsewhere, year=2012, template=template)
    assert perform(first, "sample", by=town.dept, city_score=85).state == "sampled"
    perform(other, "sample", by=town.dept, city_score="84.9")
    states = dict(unscoped(StandardCheck).values_list("pk", "state"))
    assert states == {first.pk: "self_checked", other.pk: "self_checked", far.pk: "drafting"}


@pytest.mark.parametrize(("score", "grade"), [(95, "model"), (80, "passed"), ("79.9", "to_mend")])
def test_the_grade_follows_the_score(town, template, score, grade):
    check = judged(town, template, town.union, score)
    assert perform(check, "grade", by=town.dept).grade == grade


def test_the_city_looks_at_a_tenth_at_least(db):
    with acting(SYSTEM):
        assert [sample_size(total) for total in (1, 10, 11, 138)] == [1, 1, 2, 14]


def test_both_signs_of_a_private_enterprise_count_once_over_the_years(town, template):
    union = change(town.union, by=SYSTEM, is_private=True)
    values = {"by": SYSTEM, "org": union, "template": template, "sign_on": date(2012, 2, 1)}
    create(StandardCheck, year=2012, chair_id_on=date(2012, 3, 1), **values)
    with clock.at(date(2013, 2, 1)):
        create(StandardCheck, year=2013, chair_id_on=date(2012, 3, 1), **values)
    public = make_org("国企工会", "basic", town.township)
    create(
        StandardCheck,
        year=2012,
        chair_id_on=date(2012, 3, 1),
        **{**values, "org": public},
    )
    assert value("orgs.sign_displayed", town.city, date(2012, 2, 29)) == 0
    assert value("orgs.sign_displayed", town.city, date(2012, 3, 1)) == 1
    assert value("orgs.sign_displayed", town.city, date(2013, 3, 1)) == 1


NOTICE = {"notice_from": date(2012, 3, 5), "notice_to": date(2012, 3, 9)}


def an_honour(town, org, title="sixgood", grantor="province", **more):
    return create(
        UnionHonor, by=town.dept, org=org, title=title, grantor_level=grantor, year=2012, **more
    )


def granted(town, org, **more):
    """An honour that went all the way."""
    honour = perform(an_honour(town, org, **more), "apply", by=town.dept, **NOTICE)
    return perform(
        honour, "grant", by=town.dept, granted_on=date(2012, 3, 15), doc_no="豫工〔2012〕5号"
    )


def test_six_good_unions_are_counted_in_their_three_tiers(town):
    granted(town, town.county)
    granted(town, town.township)
    granted(town, town.union)
    granted(town, make_org("二厂工会", "basic", town.township))
    granted(town, make_org("三厂工会", "basic", town.township), grantor="city")
    perform(an_honour(town, town.neighbour), "fail", by=town.dept)
    assert value("orgs.sixgood_county", town.city, *YEAR) == 1
    assert value("orgs.sixgood_township", town.city, *YEAR) == 1
    assert value("orgs.sixgood_basic", town.city, *YEAR) == 2
    assert value("orgs.sixgood_basic", town.neighbour, *YEAR) == 0


def test_a_model_counts_for_the_industry_union_that_selected_it(town):
    granted(town, town.union, title="example", grantor="city", selected_by=town.industry)
    granted(town, town.township, title="example", grantor="city", selected_by=town.county)
    assert value("orgs.industry_models", town.industry, *YEAR) == 1
    assert value("orgs.industry_models", town.city, *YEAR) == 1
    assert value("orgs.industry_models", town.county, *YEAR) == 0


def test_an_industry_union_honoured_twice_is_one(town):
    granted(town, town.industry, title="advanced_unit", grantor="province_industry")
    granted(town, town.industry, title="finance_contest", grantor="province_industry")
    assert value("orgs.industry_honored", town.city, *YEAR) == 1
    assert value("orgs.industry_unions", town.city, WHEN) == 1


@pytest.mark.parametrize(
    ("days", "message"),
    [
        ((5, 8), "公示4个工作日，不足5个工作日。"),
        ((15, 21), "公示尚未结束。"),
    ],
)
def test_what_is_put_forward_hangs_in_public_for_five_working_days(town, days, message):
    honour = an_honour(town, town.union)
    start, end = (date(2012, 3, day) for day in days)
    with pytest.raises(DomainError) as error:
        perform(honour, "apply", by=town.dept, notice_from=start, notice_to=end)
    assert error.value.message == message


def test_the_quota_of_a_tier_is_kept(town):
    Parameter.objects.create(
        code="orgs.honour_quota",
        value={"sixgood/county": 1},
        valid_from=date(2012, 1, 1),
        source="豫工办〔2012〕1号",
        set_at=clock.now(),
    )
    granted(town, town.county)
    second = an_honour(town, town.neighbour)
    with pytest.raises(DomainError, match="2012年“六好工会”县（市、区）名额1个，已申报1个"):
        perform(second, "apply", by=town.dept, **NOTICE)


def test_an_honour_is_entered_once_a_year_and_granted_with_its_document(town):
    honour = an_honour(town, town.union)
    with pytest.raises(DomainError, match="该单位本年度已有同一荣誉的记录"):
        an_honour(town, town.union)
    honour = perform(honour, "apply", by=town.dept, **NOTICE)
    with pytest.raises(DomainError, match="请填写授予文号"):
        perform(honour, "grant", by=town.dept, granted_on=date(2012, 3, 15))
    granted_one = perform(
        honour, "grant", by=town.dept, granted_on=date(2012, 3, 15), doc_no="豫工1号"
    )
    perform(granted_one, "revoke", by=town.dept, revoked_on=WHEN, reason="弄虚作假")
    assert value("orgs.sixgood_basic", town.city, *YEAR) == 0


def test_a_basic_union_picks_the_citys_standard_and_its_items_on_screen(
    client, town, template, settings
):
    settings.SECOND_FACTOR_ROLES = ()
    create(
        StandardTemplate,
        by=town.dept,
        org=town.city,
        title="停用标准",
        edition=1,
        valid_from=date(2011, 1, 1),
        valid_to=date(2011, 12, 31),
    )
    foreign = create(
        StandardTemplate,
        by=SYSTEM,
        org=town.neighbour,
        title="乙县标准",
        edition=1,
        valid_from=date(2012, 1, 1),
    )
    client.force_login(town.users["union"])
    choices = client.get("/r/orgs.standard_check/choose/template/").content.decode()
    assert "规范化建设标准" in choices
    assert "停用标准" not in choices
    assert "乙县标准" not in choices
    refused = client.post(
        "/r/orgs.standard_check/new/",
        {"year": "2012", "template": "乙县标准", "template.pk": f"{foreign.pk}|乙县标准"},
    )
    assert refused.status_code == 200
    made = client.post(
        "/r/orgs.standard_check/new/",
        {"year": "2012", "template": str(template), "template.pk": f"{template.pk}|{template}"},
    )
    check = unscoped(StandardCheck).get()
    assert made.url == f"/r/orgs.standard_check/{check.pk}/"
    assert (check.org, check.template) == (town.union, template)
    item = unscoped(StandardItem).get(position=1)
    path = f"/r/orgs.standard_score/new/?parent={check.pk}"
    client.post(
        path, {"item": str(item), "item.pk": f"{item.pk}|{item}", "score": "60", "evidence": "有"}
    )
    assert unscoped(StandardScore).get().item == item
