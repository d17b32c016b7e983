"""Setting parameters from a day on, and the calendar of holidays."""

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.workdays import china_calendar
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.parameters import services, values
from gonghui.kernel.parameters.models import Holiday, Parameter
from gonghui.kernel.parameters.values import value_of
from gonghui.kernel.workflow.deadlines import calendar
from tests.support.orgs import actor_with

TODAY = date(2012, 8, 15)
CODE = "sample.review_days"


@pytest.fixture(autouse=True)
def clock_stands(db):
    with clock.at(TODAY):
        yield


@pytest.fixture
def admin(tree):
    return actor_with(Role.SYSTEM_ADMIN, org=tree.city)


@pytest.fixture
def declared():
    """Declarations of every shape, gone again afterwards."""
    before = dict(values._declared)
    values.declare("sample.rate", "比例", "0.05")
    values.declare("sample.is_open", "是否开放", True)
    values.declare("sample.steps", "提前天数", [60, 30, 7], "天")
    values.declare("sample.rows", "人数分段", [[0, 24, 3], [25, None, 7]])
    values.declare("sample.quota", "名额", {"sixgood": 2})
    values.declare("sample.free", "任意", {})
    values.declare("sample.word", "称谓", "同志")
    yield
    values._declared.clear()
    values._declared.update(before)


def test_a_value_holds_from_its_day_on(admin):
    row = services.set_value(
        CODE, 8, by=admin, valid_from=date(2012, 9, 1), source=" 平工〔2012〕9号 "
    )
    assert (row.set_by, row.source, row.set_at) == (admin.user_id, "平工〔2012〕9号", clock.now())
    assert value_of(CODE, on=date(2012, 8, 31)) == 5
    assert value_of(CODE, on=date(2012, 9, 1)) == 8


def test_a_countys_own_value_goes_before_the_citys(tree, admin):
    services.set_value(CODE, 8, by=admin, valid_from=TODAY, source="全市")
    services.set_value(CODE, 3, by=admin, valid_from=TODAY, source="甲县", org=tree.county)
    assert value_of(CODE, org=tree.union) == 3
    assert value_of(CODE, org=tree.neighbour_union) == 8
    with pytest.raises(DomainError, match="只能为全市或某个县"):
        services.set_value(CODE, 3, by=admin, valid_from=TODAY, source="甲镇", org=tree.township)


def test_the_past_is_never_edited(admin):
    with pytest.raises(DomainError, match="起用日期2012-08-14已过去"):
        services.set_value(CODE, 8, by=admin, valid_from=date(2012, 8, 14), source="依据")
    row = services.set_value(CODE, 8, by=admin, valid_from=TODAY, source="依据")
    with pytest.raises(Conflict, match="2012-08-15起用的值已经设定"):
        services.set_value(CODE, 9, by=admin, valid_from=TODAY, source="依据")
    with pytest.raises(Conflict, match="已于2012-08-15起用，不能撤回"):
        services.withdraw_value(row, by=admin)
    assert value_of(CODE) == 8


def test_a_value_that_has_not_begun_can_be_withdrawn(admin):
    row = services.set_value(CODE, 8, by=admin, valid_from=date(2012, 9, 1), source="依据")
    services.withdraw_value(row, by=admin)
    assert Parameter.objects.count() == 0


def test_a_value_needs_its_source(admin):
    with pytest.raises(DomainError, match="请填写依据"):
        services.set_value(CODE, 8, by=admin, valid_from=TODAY, source=" ")
    with pytest.raises(DomainError, match="没有参数“sample"):
        services.set_value("sample.nothing", 8, by=admin, valid_from=TODAY, source="依据")


@pytest.mark.parametrize(
    "role", [Role.DEPT, Role.LEADER, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN, Role.COUNTY]
)
def test_only_the_citys_system_administrator_sets_anything(tree, role):
    actor = actor_with(role, org=tree.county if role is Role.COUNTY else tree.city)
    with pytest.raises(NotAllowed, match="由市总系统管理员设定"):
        services.set_value(CODE, 8, by=actor, valid_from=TODAY, source="依据")
    with pytest.raises(NotAllowed, match="由市总系统管理员设定"):
        services.set_holiday(TODAY, is_working=False, name="试", by=actor)
    assert not services.may_set(actor_with(Role.SYSTEM_ADMIN, org=tree.county))
    assert services.may_set(SYSTEM)


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("code", "text", "value"),
    [
        (CODE, " 8 ", 8),
        ("sample.rate", "0.10", "0.10"),
        ("sample.is_open", "否", False),
        ("sample.steps", "[90, 30]", [90, 30]),
        ("sample.rows", "[[0, 99, 5], [100, null, 9]]", [[0, 99, 5], [100, None, 9]]),
        ("sample.quota", '{"model": 3}', {"model": 3}),
        ("sample.free", '{"x": [1]}', {"x": [1]}),
        ("sample.word", "朋友", "朋友"),
        ("reports.system_start", " 2012-06-01 ", "2012-06-01"),
        ("statistics.union_year_from", "10-01", "10-01"),
    ],
)
def test_a_typed_value_takes_the_shape_of_the_declared_one(code, text, value):
    assert services.read_value(code, text) == value
    assert services.read_value(code, services.written(value)) == value


@pytest.mark.usefixtures("declared")
@pytest.mark.parametrize(
    ("code", "text", "message"),
    [
        (CODE, "八", "不是可用的数字"),
        (CODE, "-1", "不是可用的数字"),
        (CODE, "1.5", "请填写整数"),
        (CODE, "1e30", "不是可用的数字"),
        ("sample.rate", "NaN", "不是可用的数字"),
        ("sample.is_open", "也许", "请填写“是”或“否”"),
        ("sample.steps", "[90", "格式看不懂"),
        ("sample.steps", '["九十"]', "格式与声明不一致"),
        ("sample.steps", "90", "格式与声明不一致"),
        ("sample.rows", "[[true]]", "格式与声明不一致"),
        ("sample.quota", '{"model": "三"}', "格式与声明不一致"),
        ("sample.word", "", "请填写1至200个字"),
        ("reports.system_start", "去年六月", "“去年六月”不是可用的日期"),
        ("reports.system_start", "2012-06-31", "不是可用的日期"),
        ("reports.system_start", "20120601", "不是可用的日期"),
        ("statistics.union_year_from", "10-1", "不是可用的月日"),
        ("statistics.union_year_from", "02-29", "不是可用的月日"),
    ],
)
def test_a_value_of_another_shape_is_refused(code, text, message):
    with pytest.raises(DomainError, match=message) as refused:
        services.read_value(code, text)
    assert refused.value.field == "value"


def test_a_day_that_is_none_is_not_set_by_any_way():
    with pytest.raises(DomainError, match="不是可用的日期"):
        services.set_value(
            "reports.system_start", "待定", by=SYSTEM, valid_from=TODAY, source="依据"
        )
    assert Parameter.objects.count() == 0


@pytest.mark.usefixtures("declared")
def test_the_overview_tells_what_holds_and_what_comes(tree, admin, django_assert_num_queries):
    now = services.set_value(CODE, 8, by=admin, valid_from=TODAY, source="一")
    later = services.set_value(CODE, 9, by=admin, valid_from=date(2012, 9, 1), source="二")
    own = services.set_value(CODE, 3, by=admin, valid_from=TODAY, source="三", org=tree.county)
    with django_assert_num_queries(1):
        found = {one.declared.code: one for one in services.overview()}
        assert [str(row.org) for row in found[CODE].of_orgs] == ["甲县总工会"]
    one = found[CODE]
    assert (one.value, one.row, one.of_orgs, one.upcoming) == (8, now, (own,), (later,))
    untouched = found["sample.rate"]
    assert (untouched.value, untouched.row, untouched.upcoming) == ("0.05", None, ())
    earlier = {one.declared.code: one for one in services.overview(date(2012, 8, 1))}[CODE]
    assert (earlier.value, earlier.row) == (5, None)
    assert services.history_of(CODE) == [later, own, now]
    assert services.counties() == [tree.county, tree.neighbour]


def test_the_announced_holidays_are_entered_once():
    made = services.seed_holidays()
    assert made == Holiday.objects.count() > 400
    assert services.seed_holidays() == 0
    assert services.years_known()[0] == 2010
    day = Holiday.objects.get(day=date(2012, 10, 1))
    assert (day.name, day.is_working) == ("国庆节", False)
    worked = Holiday.objects.get(day=date(2012, 9, 29))
    assert (worked.name, worked.is_working) == ("国庆节调休上班", True)
    kept, known = calendar(), china_calendar()
    assert (kept.holidays, kept.make_up_days) == (known.holidays, known.make_up_days)


def test_a_day_that_was_changed_by_hand_stays_when_seeded_again(admin):
    services.seed_holidays()
    services.set_holiday(date(2012, 10, 5), is_working=True, name="照常上班", by=admin)
    services.seed_holidays()
    assert Holiday.objects.get(day=date(2012, 10, 5)).name == "照常上班"
    assert calendar().is_working_day(date(2012, 10, 5))


def test_holidays_of_past_years_stay_as_they_are(admin):
    with pytest.raises(DomainError, match="以往年度的节假日不能更改"):
        services.set_holiday(date(2011, 10, 1), is_working=False, name="国庆节", by=admin)
    with pytest.raises(DomainError, match="请填写名称"):
        services.set_holiday(date(2012, 10, 1), is_working=False, name=" ", by=admin)
    services.set_holiday(date(2012, 1, 23), is_working=False, name="春节", by=admin)
    assert [row.name for row in services.holidays_of(2012)] == ["春节"]
