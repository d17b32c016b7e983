"""Delegated administration: who may look after whom, and what each act does."""

from datetime import date

import pytest
from axes.models import AccessAttempt
from django_otp.plugins.otp_totp.models import TOTPDevice

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.kernel.access.roles import ADMINISTRATORS, Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts import authority, services
from gonghui.kernel.accounts.actors import actor_of, departments_with
from gonghui.kernel.accounts.models import ApiToken, Grant, LoginEvent, User
from gonghui.kernel.accounts.tokens import user_of_token
from tests.support.orgs import actor_with, user_with

TODAY = date(2012, 8, 15)


@pytest.fixture(autouse=True)
def clock_stands(db):
    with clock.at(TODAY):
        yield


@pytest.fixture
def city_admin(tree):
    return actor_with(Role.SECURITY_ADMIN, org=tree.city)


@pytest.fixture
def county_admin(tree):
    return actor_with(Role.SECURITY_ADMIN, org=tree.county)


@pytest.fixture
def clerk(tree):
    return user_with(Role.COUNTY, org=tree.county, username="clerk")


def events(user):
    found = LoginEvent.objects.filter(user=user).order_by("pk")
    return [(event.kind, event.actor_id, event.detail) for event in found]


def test_a_new_account_has_no_role_and_must_change_its_password(tree, county_admin):
    user, password = services.make_account(
        "zhang.san",
        " 张三 ",
        tree.township,
        by=county_admin,
        phone="13800000000",
        address="10.0.0.1",
    )
    assert user.check_password(password)
    assert (user.name, user.phone, user.org, user.must_change_password, user.is_active) == (
        "张三",
        "13800000000",
        tree.township,
        True,
        True,
    )
    assert actor_of(user).held == ()
    assert events(user) == [("account_made", county_admin.user_id, "张三，甲镇工会")]
    assert LoginEvent.objects.get(user=user).address == "10.0.0.1"


@pytest.mark.parametrize(
    ("username", "name", "message"),
    [
        ("ab", "张三", "用户名须为3至40位"),
        ("1abc", "张三", "用户名须为3至40位"),
        ("张三三", "张三", "用户名须为3至40位"),
        ("CLERK", "张三", "用户名“CLERK”已被使用"),
        ("fresh", "  ", "请填写姓名"),
    ],
)
def test_a_bad_name_makes_no_account(tree, county_admin, clerk, username, name, message):
    before = User.objects.count()
    with pytest.raises(DomainError, match=message):
        services.make_account(username, name, tree.county, by=county_admin)
    assert User.objects.count() == before


def test_nobody_makes_accounts_outside_his_reach(tree, county_admin):
    others = [
        actor_with(role, org=tree.city)
        for role in (Role.SYSTEM_ADMIN, Role.AUDIT_ADMIN, Role.DEPT, Role.LEADER)
    ]
    for actor, org in [(county_admin, tree.neighbour), *((one, tree.county) for one in others)]:
        with pytest.raises(NotAllowed, match="不在您的管理范围内"):
            services.make_account("fresh", "张三", org, by=actor)


def test_a_county_sees_the_accounts_of_its_subtree_only(tree, county_admin, clerk):
    mine = user_with(Role.BASIC, org=tree.union)
    foreign = user_with(Role.COUNTY, org=tree.neighbour)
    found = set(authority.accounts_in_reach(county_admin))
    assert {clerk, mine} <= found
    assert foreign not in found
    assert set(authority.orgs_in_reach(county_admin)) == {tree.county, tree.township, tree.union}
    assert set(authority.orgs_in_reach(actor_with(Role.COUNTY, org=tree.county))) == set()


def test_a_role_is_given_from_a_day_to_the_day_before_another(tree, county_admin, clerk):
    grant = services.give_role(
        clerk,
        Role.STATION,
        tree.township,
        by=county_admin,
        valid_from=date(2012, 9, 1),
        valid_to=date(2012, 10, 1),
    )
    assert (grant.given_by, grant.valid_from, grant.valid_to) == (
        county_admin.user_id,
        date(2012, 9, 1),
        date(2012, 10, 1),
    )
    for day, held in [(date(2012, 8, 31), 1), (date(2012, 9, 1), 2), (date(2012, 10, 1), 1)]:
        with clock.at(day):
            assert len(actor_of(clerk).held) == held
    assert events(clerk) == [
        (
            "grant_given",
            county_admin.user_id,
            "乡镇（街道）工会，甲镇工会，2012-09-01至2012-10-01前",
        )
    ]


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ({"valid_from": date(2012, 8, 14)}, "授权不能追溯"),
        ({"valid_to": TODAY}, "终止日期须晚于起始日期"),
    ],
)
def test_a_role_is_not_given_for_the_past(tree, county_admin, clerk, dates, message):
    with pytest.raises(DomainError, match=message):
        services.give_role(clerk, Role.STATION, tree.township, by=county_admin, **dates)
    assert Grant.objects.filter(user=clerk).count() == 1


def test_a_county_gives_no_role_above_or_beside_itself(tree, county_admin, clerk):
    refused = [
        (Role.COUNTY, tree.neighbour, "不在您的管理范围内"),
        (Role.DEPT, tree.city, "不在您的管理范围内"),
        (Role.DEPT, tree.county, "只能在市总工会授予"),
        (Role.COUNTY, tree.township, "只能在县（市、区）总工会授予"),
        (Role.SECURITY_ADMIN, tree.county, "由市总安全管理员授予"),
        (Role.AUDIT_ADMIN, tree.county, "由市总安全管理员授予"),
        (Role.SYSTEM_ADMIN, tree.county, "只能在市总工会授予"),
    ]
    for role, org, message in refused:
        with pytest.raises(NotAllowed, match=message):
            services.give_role(clerk, role, org, by=county_admin)
    assert Grant.objects.filter(user=clerk).count() == 1
    assert set(authority.givable_roles(county_admin)) == {
        Role.COUNTY,
        Role.STATION,
        Role.BASIC,
        Role.FINANCE,
        Role.AUDIT,
    }


def test_the_city_gives_every_role(tree, city_admin):
    assert authority.givable_roles(city_admin) == list(Role)
    user, _ = services.make_account("auditor", "审计", tree.county, by=city_admin)
    services.give_role(user, Role.AUDIT_ADMIN, tree.county, by=city_admin)
    assert [held.role for held in actor_of(user).held] == [Role.AUDIT_ADMIN]


def test_nobody_acts_on_his_own_account(tree):
    user = user_with(Role.SECURITY_ADMIN, org=tree.city)
    actor = actor_of(user)
    acts = [
        lambda: services.give_role(user, Role.DEPT, tree.city, by=actor),
        lambda: services.reset_password(user, by=actor),
        lambda: services.disable(user, by=actor, reason="试"),
        lambda: services.change_account(user, by=actor, name="新名"),
        lambda: services.make_token(user, "试", by=actor),
    ]
    for act in acts:
        with pytest.raises(NotAllowed, match="不能管理自己的账号"):
            act()
    assert events(user) == []


@pytest.mark.parametrize("administrator", sorted(ADMINISTRATORS))
def test_an_administrator_holds_no_other_role(tree, city_admin, administrator):
    user = user_with(administrator, org=tree.city)
    for role, org in [
        (Role.DEPT, tree.city),
        (Role.COUNTY, tree.county),
        (Role.FINANCE, tree.city),
    ]:
        with pytest.raises(NotAllowed, match="三类管理员须分设"):
            services.give_role(user, role, org, by=city_admin)
    for other in ADMINISTRATORS - {administrator}:
        with pytest.raises(NotAllowed, match="三类管理员须分设"):
            services.give_role(user, other, tree.city, by=city_admin)
    assert Grant.objects.filter(user=user).count() == 1


def test_a_worker_becomes_an_administrator_only_after_his_roles_have_ended(tree, city_admin, clerk):
    with pytest.raises(NotAllowed, match="三类管理员须分设"):
        services.give_role(clerk, Role.AUDIT_ADMIN, tree.county, by=city_admin)
    services.end_role(clerk.grants.get(), by=city_admin, on=date(2012, 9, 1))
    with pytest.raises(NotAllowed, match="三类管理员须分设"):
        services.give_role(clerk, Role.AUDIT_ADMIN, tree.county, by=city_admin)
    services.give_role(
        clerk, Role.AUDIT_ADMIN, tree.county, by=city_admin, valid_from=date(2012, 9, 1)
    )
    with clock.at(date(2012, 9, 1)):
        assert [held.role for held in actor_of(clerk).held] == [Role.AUDIT_ADMIN]


def test_the_same_role_at_the_same_org_is_not_given_twice(tree, county_admin, clerk):
    with pytest.raises(Conflict, match="已有“县（市、区）总工会”角色"):
        services.give_role(clerk, Role.COUNTY, tree.county, by=county_admin)


def test_an_ended_role_is_kept_and_ends_once(tree, county_admin, clerk):
    grant = clerk.grants.get()
    services.end_role(grant, by=county_admin)
    assert Grant.objects.get(pk=grant.pk).valid_to == TODAY
    assert actor_of(clerk).held == ()
    with pytest.raises(Conflict, match="已于2012-08-15终止"):
        services.end_role(grant, by=county_admin)
    with pytest.raises(DomainError, match="终止日期不能早于今天"):
        services.end_role(grant, by=county_admin, on=date(2012, 8, 1))
    services.give_role(clerk, Role.COUNTY, tree.county, by=county_admin)
    assert len(actor_of(clerk).held) == 1


def test_a_role_taken_back_before_it_began_never_holds(tree, county_admin, clerk):
    grant = services.give_role(
        clerk, Role.STATION, tree.township, by=county_admin, valid_from=date(2012, 9, 1)
    )
    services.end_role(grant, by=county_admin)
    with clock.at(date(2012, 9, 1)):
        assert [held.role for held in actor_of(clerk).held] == [Role.COUNTY]
    assert [one.role for one in authority.open_grants(clerk)] == [Role.COUNTY]


def test_an_account_with_a_role_above_is_out_of_a_countys_hands(tree, county_admin, city_admin):
    user = user_with(Role.DEPT, org=tree.city)
    User.objects.filter(pk=user.pk).update(org=tree.county)
    user.refresh_from_db()
    password = user.password
    for act in (services.reset_password, services.unlock, services.remove_second_factor):
        with pytest.raises(NotAllowed, match="须由市总安全管理员管理"):
            act(user, by=county_admin)
    user.refresh_from_db()
    assert user.password == password
    services.reset_password(user, by=city_admin)


def test_a_countys_security_administrator_is_managed_by_the_city_only(
    tree, county_admin, city_admin
):
    peer = user_with(Role.SECURITY_ADMIN, org=tree.county)
    with pytest.raises(NotAllowed, match="须由市总安全管理员管理"):
        services.disable(peer, by=county_admin, reason="争权")
    services.disable(peer, by=city_admin, reason="调离")
    assert actor_of(User.objects.get(pk=peer.pk)).held == ()


def test_a_disabled_account_can_do_nothing_until_enabled(tree, county_admin, clerk):
    key = services.make_token(clerk, "取数", by=county_admin)
    with pytest.raises(DomainError, match="请填写停用原因"):
        services.disable(clerk, by=county_admin, reason=" ")
    services.disable(clerk, by=county_admin, reason="调离")
    clerk.refresh_from_db()
    assert (clerk.is_active, actor_of(clerk).held, user_of_token(key)) == (False, (), None)
    with pytest.raises(Conflict, match="已经停用"):
        services.disable(clerk, by=county_admin, reason="调离")
    services.enable(clerk, by=county_admin)
    clerk.refresh_from_db()
    assert len(actor_of(clerk).held) == 1
    with pytest.raises(Conflict, match="没有停用"):
        services.enable(clerk, by=county_admin)


def test_enabling_lifts_a_day_of_ending_that_has_passed(county_admin, clerk):
    services.change_account(clerk, by=county_admin, valid_to=TODAY)
    clerk.refresh_from_db()
    assert actor_of(clerk).held == ()
    services.enable(clerk, by=county_admin)
    clerk.refresh_from_db()
    assert (clerk.valid_to, len(actor_of(clerk).held)) == (None, 1)


def test_a_change_names_what_changed_and_stays_within_reach(tree, county_admin, clerk):
    services.change_account(clerk, by=county_admin, name="李四", phone="", org=tree.township)
    clerk.refresh_from_db()
    assert (clerk.name, clerk.org) == ("李四", tree.township)
    assert events(clerk) == [("account_changed", county_admin.user_id, "姓名、所属工会")]
    services.change_account(clerk, by=county_admin, name="李四")
    assert len(events(clerk)) == 1
    with pytest.raises(NotAllowed, match="不在您的管理范围内"):
        services.change_account(clerk, by=county_admin, org=tree.neighbour)
    with pytest.raises(DomainError, match="停用日期不能早于今天"):
        services.change_account(clerk, by=county_admin, valid_to=date(2012, 8, 1))
    with pytest.raises(DomainError, match="请填写姓名"):
        services.change_account(clerk, by=county_admin, name="")
    with pytest.raises(ValueError, match="is_active"):
        services.change_account(clerk, by=county_admin, is_active=False)


def test_a_reset_password_is_new_and_must_be_changed(county_admin, clerk):
    first = services.reset_password(clerk, by=county_admin, address="10.0.0.1")
    second = services.reset_password(clerk, by=county_admin)
    clerk.refresh_from_db()
    assert first != second
    assert (clerk.check_password(first), clerk.check_password(second)) == (False, True)
    assert clerk.must_change_password
    assert len(second) == 14
    assert [kind for kind, _, _ in events(clerk)] == ["password_reset", "password_reset"]
    assert not LoginEvent.objects.filter(detail__contains=second).exists()


def test_unlocking_forgets_wrong_passwords(county_admin, clerk):
    AccessAttempt.objects.create(
        username="clerk", ip_address="10.0.0.1", user_agent="x", failures_since_start=9
    )
    services.unlock(clerk, by=county_admin)
    assert AccessAttempt.objects.count() == 0
    assert events(clerk) == [("unlocked", county_admin.user_id, "")]


def test_a_lost_telephone_is_unbound(county_admin, clerk):
    with pytest.raises(Conflict, match="没有绑定动态口令"):
        services.remove_second_factor(clerk, by=county_admin)
    TOTPDevice.objects.create(user=clerk, name="手机", confirmed=True)
    assert services.has_second_factor(clerk)
    services.remove_second_factor(clerk, by=county_admin)
    assert not services.has_second_factor(clerk)
    assert [kind for kind, _, _ in events(clerk)] == ["second_factor_removed"]


def test_a_key_opens_the_account_until_it_is_ended(tree, county_admin, clerk, city_admin):
    key = services.make_token(clerk, " 取数 ", by=county_admin)
    assert user_of_token(key) == clerk
    token = ApiToken.objects.get()
    assert (token.name, token.made_by) == ("取数", county_admin.user_id)
    services.end_token(token, by=county_admin)
    assert user_of_token(key) is None
    with pytest.raises(Conflict, match="已经停用"):
        services.end_token(token, by=county_admin)
    with pytest.raises(DomainError, match="请填写用途"):
        services.make_token(clerk, "", by=county_admin)
    with pytest.raises(NotAllowed, match="管理员账号不能建立接口密钥"):
        services.make_token(user_with(Role.AUDIT_ADMIN, org=tree.city), "试", by=city_admin)
    assert [(kind, detail) for kind, _, detail in events(clerk)] == [
        ("token_made", "取数"),
        ("token_ended", "取数"),
    ]


def test_the_system_itself_may_do_everything(tree, clerk):
    services.reset_password(clerk, by=SYSTEM)
    services.give_role(clerk, Role.STATION, tree.neighbour_township, by=SYSTEM)
    assert [(kind, actor) for kind, actor, _ in events(clerk)] == [
        ("password_reset", None),
        ("grant_given", None),
    ]


def test_the_departments_in_which_somebody_holds_a_role_today(tree, city_admin):
    def clerk_of(department, *, role=Role.DEPT, org=tree.city):
        user = user_with(role, org=org)
        return services.change_account(user, by=city_admin, department=department)

    dated, disabled = clerk_of("财务部"), clerk_of("办公室")
    clerk_of("组织部")
    clerk_of("女职工部", role=Role.LEADER)
    elsewhere = user_with(Role.DEPT, org=tree.neighbour)
    elsewhere.department = "宣教部"
    elsewhere.save()
    services.change_account(dated, by=city_admin, valid_to=TODAY)
    services.disable(disabled, by=city_admin, reason="调离")
    dated.refresh_from_db()
    assert actor_of(clerk_of("法律保障部")).department == "法律保障部"
    assert departments_with(Role.DEPT, tree.city) == {"组织部", "法律保障部"}
    assert departments_with(Role.DEPT, tree.neighbour) == {"组织部", "法律保障部", "宣教部"}
    assert departments_with(Role.DEPT, tree.county) == {"组织部", "法律保障部"}
