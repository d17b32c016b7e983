"""Parameters and holidays on screens."""

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.parameters import services
from gonghui.kernel.parameters.models import Holiday, Parameter
from gonghui.kernel.parameters.values import value_of
from tests.support.orgs import user_with

TODAY = date(2012, 8, 15)
CODE = "sample.review_days"
PAGE = f"/parameters/{CODE}/"


@pytest.fixture(autouse=True)
def clock_stands(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(TODAY):
        yield


@pytest.fixture
def admin(client, tree):
    user = user_with(Role.SYSTEM_ADMIN, org=tree.city)
    client.force_login(user)
    return user


@pytest.fixture
def worker(client, tree):
    user = user_with(Role.COUNTY, org=tree.county)
    client.force_login(user)
    return user


def seen(client, path, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def sent(client, path, status=302, **values):
    response = client.post(path, values)
    assert response.status_code == status
    return response.content.decode()


def given(**over):
    return {
        "value": "8",
        "org": "",
        "valid_from": "2012-09-01",
        "source": "平工〔2012〕9号",
        **over,
    }


def test_everybody_reads_the_parameters(client, worker, tree):
    services.set_value(CODE, 7, by=SYSTEM, valid_from=TODAY, source="平工〔2012〕8号")
    services.set_value(CODE, 8, by=SYSTEM, valid_from=date(2012, 9, 1), source="平工〔2012〕9号")
    services.set_value(CODE, 3, by=SYSTEM, valid_from=TODAY, source="甲县", org=tree.county)
    found = seen(client, "/parameters/", q=CODE)
    for text in ("审核期限", "<strong>7</strong>", "平工〔2012〕8号", "2012-09-01起改为8", "1个县"):
        assert text in found
    assert "共1项" in found
    found = seen(client, PAGE)
    for text in ("生效中", "未起用", "甲县总工会", "系统预置值"):
        assert text in found
    assert "设定新值" not in found
    assert "撤回" not in found
    assert "没有符合“没有的”的参数" in seen(client, "/parameters/", q="没有的")


def test_a_preset_that_must_be_verified_is_marked(client, worker):
    assert "待核实" in seen(client, "/parameters/", q="workflow.climb_days")
    assert "待核实" in seen(client, "/parameters/workflow.climb_days/")


def test_only_the_systems_administrator_sets_values(client, worker):
    sent(client, PAGE, 200, **given())
    sent(client, "/parameters/holidays/", 200, day="2012-10-01", kind="off", name="国庆节")
    assert Parameter.objects.count() == 0
    assert Holiday.objects.count() == 0
    row = services.set_value(CODE, 8, by=SYSTEM, valid_from=date(2012, 9, 1), source="依据")
    sent(client, f"{PAGE}withdraw/{row.pk}/", 403)
    assert Parameter.objects.count() == 1


def test_a_new_value_is_set_from_a_day_on(client, admin, tree):
    assert "设定新值" in seen(client, PAGE)
    sent(client, PAGE, **given())
    sent(client, PAGE, **given(value="3", org=str(tree.county.pk)))
    assert value_of(CODE, on=date(2012, 8, 31)) == 5
    assert value_of(CODE, on=date(2012, 9, 1)) == 8
    assert value_of(CODE, on=date(2012, 9, 1), org=tree.union) == 3
    assert [row.set_by for row in Parameter.objects.all()] == [admin.pk, admin.pk]


@pytest.mark.parametrize(
    ("over", "message"),
    [
        ({"valid_from": "2012-08-14"}, "已过去"),
        ({"valid_from": ""}, "请填写起用日期"),
        ({"value": "八"}, "不是可用的数字"),
        ({"value": ""}, "请填写新值"),
        ({"source": ""}, "请填写依据"),
        ({"org": "999999"}, "选择一个有效的选项"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_set(client, admin, over, message):
    assert message in sent(client, PAGE, 200, **given(**over))
    assert Parameter.objects.count() == 0


def test_what_is_no_date_is_refused_at_the_field_of_a_date(client, admin):
    page = "/parameters/reports.system_start/"
    assert '<input type="date" name="value"' in seen(client, page)
    found = sent(client, page, 200, **given(value="去年六月"))
    of_value = found.split('name="value"')[1].split('name="org"')[0]
    assert "“去年六月”不是可用的日期，请照“2012-06-01”的样子填写。" in of_value
    assert Parameter.objects.count() == 0
    sent(client, page, **given(value="2012-06-01"))
    assert Parameter.objects.get().value == "2012-06-01"


def test_a_value_not_yet_in_force_is_withdrawn(client, admin):
    sent(client, PAGE, **given())
    assert "撤回" in seen(client, PAGE)
    row = Parameter.objects.get()
    sent(client, f"{PAGE}withdraw/{row.pk}/")
    assert Parameter.objects.count() == 0
    sent(client, f"{PAGE}withdraw/{row.pk}/", 404)


def test_an_unknown_parameter_is_not_found(client, admin):
    seen(client, "/parameters/sample.nothing/", 404)


def test_holidays_are_shown_by_year_and_set(client, admin):
    services.seed_holidays()
    found = seen(client, "/parameters/holidays/")
    assert "2012年节假日" in found
    assert "国庆节调休上班" in found
    assert "还没有录入" in seen(client, "/parameters/holidays/", year="2035")
    sent(client, "/parameters/holidays/", day="2012-12-31", kind="off", name="调休放假")
    assert not Holiday.objects.get(day=date(2012, 12, 31)).is_working
    found = sent(client, "/parameters/holidays/", 200, day="2011-10-01", kind="off", name="国庆")
    assert "以往年度的节假日不能更改" in found
