"""The plan table on screen, and splitting a target."""

import re
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.models import User
from gonghui.kernel.registers.write import create_many
from gonghui.lines.goals.progress import limits_on
from gonghui.lines.goals.services import decompose, shares_of
from tests.lines.goals.conftest import DIRECT, PLAN
from tests.lines.goals.test_decomposition import weights
from tests.support.orgs import user_with
from tests.support.sample.models import Visit

HALF = {"issuer": "省总", "on": "2012-06-30"}


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


@pytest.fixture
def dept(client, plan):
    client.force_login(User.objects.get(pk=plan.dept.user_id))
    return client


def seen(client, path, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def lines_of(page):
    """The table's lines as (name, target, actual, ratio, standing)."""
    rows = []
    for row in re.findall(r"<tr class=.*?</tr>", page, re.DOTALL):
        cells = [
            re.sub(r"<[^>]+>", "", cell) for cell in re.findall(r"<td.*?</td>", row, re.DOTALL)
        ]
        rows.append(tuple(" ".join(cell.split()) for cell in cells[:5]))
    return rows


def test_the_plan_table_of_2012_is_exact(dept, plan, actuals):
    target = plan.issued(480)
    for child in decompose(target, weights(plan, 0), plan.dept):
        plan.issue(child.plan)
    page = seen(dept, "/goals/progress/", year=2012, **HALF)
    rows = lines_of(page)
    assert rows[0] == ("示例市总工会", "480", "547", "114%", "已完成")
    by_name = {row[0].removesuffix("总工会"): row[1:] for row in rows[1:-1]}
    assert {name: (row[0], row[1]) for name, row in by_name.items()} == {
        name: (str(row[0]), str(row[1])) for name, row in PLAN.items()
    }
    assert by_name["郏县"] == ("50", "42", "84%", "未完成")
    assert by_name["汝州市"] == ("80", "108", "135%", "已完成")
    assert rows[-1] == ("示例市总工会（本级）", str(DIRECT[0]), str(DIRECT[1]), "119%", "已完成")
    county = plan.counties["叶县"]
    address = (
        f"/figures/sample.visit_amount/?unit.pk={county.pk}&amp;during=custom"
        "&amp;during.from=2012-01-01&amp;during.to=2012-06-30"
    )
    assert f'<a href="{address}">52</a>' in page
    opened = seen(dept, address.replace("&amp;", "&"))
    assert ">52</a> <small>元</small>" in opened


def test_the_table_is_told_as_of_a_day(dept, plan, actuals):
    plan.issued(480)
    page = seen(dept, "/goals/progress/", year=2012, as_of="2012-07-04", **HALF)
    assert lines_of(page)[0] == ("示例市总工会", "480", "0", "0%", "未完成")
    assert "按2012-07-04已登记的记录" in page


def reported(plan, amount, day):
    visit = {"org": plan.direct, "title": "成果", "visited_on": day, "amount": amount}
    (outcome,) = create_many(Visit, [visit], by=SYSTEM)
    assert outcome.error is None


def test_a_light_stands_beside_its_reason_and_the_pace_needed(dept, plan):
    plan.issued(300)
    reported(plan, 148, date(2012, 3, 1))
    page = seen(dept, "/goals/progress/", year=2012, issuer="省总", on="2012-08-15")
    assert '<span class="badge bg-red-lt">红灯</span>' in page
    assert "实际148元，序时应达186.9元，进度为79.1%，低于80%。" in page
    # Nothing came in the last 90 days: the mean of 237.6 by run rate and 148 by trend.
    assert "到期预计192.8（148.0至237.6）。每周需7.7，目前4.5。" in page


@pytest.mark.parametrize(
    ("day", "light", "pace"),
    [("2012-06-30", ("green", "绿灯"), "100.9%"), ("2012-08-15", ("yellow", "黄灯"), "80.6%")],
)
def test_the_light_follows_the_day_that_is_asked_for(dept, plan, day, light, pace):
    plan.issued(13600)
    reported(plan, 3415, date(2012, 1, 31))
    reported(plan, 3415, date(2012, 6, 30))
    page = seen(dept, "/goals/progress/", year=2012, issuer="省总", on=day)
    assert '<span class="badge bg-{}-lt">{}</span> 实际6,830元'.format(*light) in page
    assert f"进度为{pace}" in page


@pytest.mark.django_db
def test_the_limits_of_the_lights_are_the_parameters_of_the_day():
    with acting(SYSTEM):
        found = limits_on(date(2012, 8, 15))
    assert (found.green_min, found.yellow_min, found.grace_days, found.near_tol) == (
        Decimal("0.95"),
        Decimal("0.80"),
        15,
        Decimal("0.05"),
    )


def test_a_missing_plan_is_said_and_never_zero_percent(dept, plan):
    page = seen(dept, "/goals/progress/", year=2012, issuer="city")
    assert "2012年没有市总下达的目标：目标值未录入" in page
    assert "0%" not in page


def test_a_county_sees_its_own_line_only(client, plan, actuals):
    for child in decompose(plan.issued(480), weights(plan, 0), plan.dept):
        plan.issue(child.plan)
    client.force_login(user_with(Role.COUNTY, org=plan.counties["叶县"]))
    rows = lines_of(seen(client, "/goals/progress/", year=2012, **HALF))
    assert [row[0] for row in rows] == ["叶县总工会"]


def test_the_table_costs_the_same_for_few_and_many_targets(dept, plan, actuals):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    target = plan.issued(480)
    seen(dept, "/goals/progress/", year=2012, **HALF)
    with CaptureQueriesContext(connection) as few:
        seen(dept, "/goals/progress/", year=2012, **HALF)
    for child in decompose(target, weights(plan, 0), plan.dept):
        plan.issue(child.plan)
    with CaptureQueriesContext(connection) as many:
        seen(dept, "/goals/progress/", year=2012, **HALF)
    assert len(many) == len(few)


def test_administrators_have_no_plan_table(client, plan):
    client.force_login(user_with(Role.SYSTEM_ADMIN, org=plan.city))
    seen(client, "/goals/progress/", 404)


def test_odd_parameters_do_no_harm(dept, plan):
    seen(dept, "/goals/progress/", year="abcd", issuer="没有的", on="昨天", as_of="2012-13-01")
    assert "不是可用的日期" in seen(dept, "/goals/progress/", on="昨天")


# Splitting


def posted(plan, over=None):
    """The split of the table as the form sends it."""
    values = {f"share_{plan.counties[name].pk}": str(row[0]) for name, row in PLAN.items()}
    return {**values, "reserve": str(DIRECT[0]), "reason": "", **(over or {})}


def test_a_split_is_proposed_edited_and_saved(dept, plan, actuals):
    with clock.at(date(2013, 1, 10)):
        book = plan.book(year=2013)
        target = plan.target(book, 547, window_from=date(2013, 1, 1), due_on=date(2013, 12, 31))
        address = f"/goals/targets/{target.pk}/split/"
        page = seen(dept, address, weights="last_year", with_reserve="on")
        for name, row in PLAN.items():
            field = f'name="share_{plan.counties[name].pk}" value="{row[1]}"'
            assert field in page
        assert f'name="reserve" value="{DIRECT[1]}"' in page
        assert "<output data-difference>0</output>" in page
        assert shares_of(target) == []
        sent = posted(plan, {"reserve": str(547 - 480 + DIRECT[0])})
        response = dept.post(address, sent)
        assert response.status_code == 302
    assert {str(one.org).removesuffix("总工会"): one.value for one in shares_of(target)} == {
        name: row[0] for name, row in PLAN.items()
    }
    target.refresh_from_db()
    assert target.reserve == 94


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"reserve": "二十七"}, "本级预留的“二十七”不是数字"),
        ({"reserve": "-1"}, "不能为负数"),
        ({"first": "81"}, "请说明原因"),
        ({"first": "900", "reason": "争先"}, "涉嫌层层加码"),
    ],
)
def test_a_bad_split_is_refused_and_kept_on_the_form(dept, plan, over, message):
    target = plan.target(plan.book(), 453)
    if "first" in over:
        over[f"share_{plan.counties['汝州市'].pk}"] = over.pop("first")
    response = dept.post(f"/goals/targets/{target.pk}/split/", posted(plan, over))
    page = response.content.decode()
    assert response.status_code == 200
    assert message in page
    assert 'value="108"' not in page
    assert shares_of(target) == []


def test_weights_without_data_are_said(dept, plan):
    target = plan.target(plan.book(), 480)
    page = seen(dept, f"/goals/targets/{target.pk}/split/", weights="last_year")
    assert "不能据此测算" in page


def test_equal_weights_add_up(dept, plan):
    target = plan.target(plan.book(), 483)
    page = seen(dept, f"/goals/targets/{target.pk}/split/", weights="equal")
    assert page.count('value="49"') == 3
    assert page.count('value="48"') == 7


def test_only_who_may_split_gets_the_screen(client, plan):
    target = plan.issued(480)
    address = f"/goals/targets/{target.pk}/split/"
    for role, org in [
        (Role.LEADER, plan.city),
        (Role.COUNTY, plan.counties["叶县"]),
        (Role.FINANCE, plan.city),
    ]:
        client.force_login(user_with(role, org=org))
        seen(client, address, 404)
        assert client.post(address, posted(plan)).status_code == 404
    assert shares_of(target) == []


def test_a_target_that_is_no_number_is_not_split(dept, plan):
    target = plan.target(plan.book(), Decimal("0.95"), indicator="sample.good_rate", kind="ratio")
    seen(dept, f"/goals/targets/{target.pk}/split/", 404)
