"""Administration of accounts on screens: who gets in, what is shown once, what is refused."""

import re
from datetime import date

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import ApiToken, Grant, LoginEvent, User
from gonghui.kernel.accounts.tokens import user_of_token
from gonghui.kernel.records.models import RevealEvent
from tests.support.orgs import user_with

TODAY = date(2012, 8, 15)


@pytest.fixture(autouse=True)
def clock_stands(db, settings):
    settings.SECOND_FACTOR_ROLES = ()
    with clock.at(TODAY):
        yield


@pytest.fixture
def admin(client, tree):
    """The security administrator of the first county, logged in."""
    user = user_with(Role.SECURITY_ADMIN, org=tree.county, username="county-admin")
    client.force_login(user)
    return user


@pytest.fixture
def clerk(tree):
    return user_with(Role.STATION, org=tree.township, username="clerk")


@pytest.fixture
def foreign(tree):
    return user_with(Role.COUNTY, org=tree.neighbour, username="foreign")


def seen(client, path, status=200, **query):
    response = client.get(path, query)
    assert response.status_code == status
    return response.content.decode()


def sent(client, path, status=302, **values):
    response = client.post(path, values, REMOTE_ADDR="10.1.2.3")
    assert response.status_code == status
    return response.content.decode()


def secret(text):
    return re.search(r'<p class="secret-text">([^<]+)</p>', text).group(1)


def pages(pk):
    return [
        ("get", "/accounts/"),
        ("get", "/accounts/new/"),
        ("get", "/accounts/choose/org/"),
        ("get", f"/accounts/{pk}/"),
        ("get", f"/accounts/{pk}/edit/"),
        ("post", f"/accounts/{pk}/roles/"),
        ("post", f"/accounts/{pk}/roles/1/end/"),
        ("post", f"/accounts/{pk}/do/reset/"),
        ("post", f"/accounts/{pk}/do/token/"),
        ("post", f"/accounts/{pk}/keys/1/end/"),
    ]


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.SECURITY_ADMIN])
def test_the_pages_exist_for_security_administrators_alone(client, tree, clerk, role):
    client.force_login(user_with(role, org=tree.city))
    for method, path in pages(clerk.pk):
        assert getattr(client, method)(path).status_code == 404
    if role is not Role.AUDIT_ADMIN:
        seen(client, "/accounts/events/", 404)
        seen(client, "/accounts/reveals/", 404)
    clerk.refresh_from_db()
    assert not clerk.must_change_password


def test_a_security_administrator_reads_no_traces(client, admin):
    seen(client, "/accounts/events/", 404)
    seen(client, "/accounts/reveals/", 404)


def test_the_list_has_the_subtree_only(client, tree, admin, clerk, foreign):
    found = seen(client, "/accounts/")
    assert "共2个" in found
    assert ">clerk<" in found
    assert "乡镇（街道）工会（甲镇工会）" in found
    assert "foreign" not in found
    for method, path in pages(foreign.pk)[3:]:
        assert getattr(client, method)(path).status_code == 404


def test_the_list_is_searched_and_filtered(client, tree, admin, clerk):
    off = user_with(Role.BASIC, org=tree.union, username="left")
    User.objects.filter(pk=off.pk).update(is_active=False)
    for query, names in [
        ({"q": "cler"}, {"clerk"}),
        ({"state": "off"}, {"left"}),
        ({"state": "on"}, {"clerk", "county-admin"}),
        ({"unit.pk": tree.township.pk}, {"clerk", "left"}),
        ({"q": "nobody"}, set()),
    ]:
        found = seen(client, "/accounts/", **query)
        shown = {name for name in ("clerk", "left", "county-admin") if f">{name}</td>" in found}
        assert shown == names


def test_the_list_costs_the_same_for_few_and_many(client, tree, admin, clerk):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    seen(client, "/accounts/")
    with CaptureQueriesContext(connection) as few:
        seen(client, "/accounts/")
    for _ in range(5):
        user_with(Role.BASIC, Role.STATION, org=tree.union)
    with CaptureQueriesContext(connection) as many:
        seen(client, "/accounts/")
    assert len(many) == len(few)


def test_orgs_are_offered_from_the_subtree_only(client, tree, admin):
    found = seen(client, "/accounts/choose/org/", q="镇")
    assert "甲镇工会" in found
    assert "乙镇工会" not in found


def test_a_new_accounts_password_is_shown_once_and_works(client, tree, admin):
    response = client.post(
        "/accounts/new/",
        {"username": "li.si", "name": "李四", "phone": "", "org": "甲镇工会", "org.pk": ""},
        REMOTE_ADDR="10.1.2.3",
    )
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    user = User.objects.get(username="li.si")
    assert user.check_password(secret(response.content.decode()))
    assert (user.name, user.org, user.must_change_password) == ("李四", tree.township, True)
    event = LoginEvent.objects.get(user=user)
    assert (event.kind, event.actor_id, event.address) == ("account_made", admin.pk, "10.1.2.3")


def test_what_is_wrong_stands_at_its_field(client, tree, admin, clerk):
    found = sent(client, "/accounts/new/", 200, username="clerk", name="", org="乙镇工会")
    assert "请填写姓名。" in found
    assert "没有找到“乙镇工会”" in found
    found = sent(client, "/accounts/new/", 200, username="Clerk", name="李四", org="甲镇工会")
    assert "用户名“Clerk”已被使用" in found
    assert User.objects.filter(username__iexact="clerk").count() == 1


def test_an_account_is_changed(client, tree, admin, clerk):
    assert 'value="甲镇工会"' in seen(client, f"/accounts/{clerk.pk}/edit/")
    sent(
        client,
        f"/accounts/{clerk.pk}/edit/",
        name="王五",
        phone="13900000000",
        org="甲厂工会",
        valid_to="2012-12-31",
    )
    clerk.refresh_from_db()
    assert (clerk.name, clerk.phone, clerk.org, clerk.valid_to, clerk.username) == (
        "王五",
        "13900000000",
        tree.union,
        date(2012, 12, 31),
        "clerk",
    )
    assert "2012-12-31停用" in seen(client, f"/accounts/{clerk.pk}/")
    found = sent(
        client,
        f"/accounts/{clerk.pk}/edit/",
        200,
        name="王五",
        org="甲厂工会",
        valid_to="2012-01-01",
    )
    assert "停用日期不能早于今天" in found


def test_a_role_is_given_and_ended(client, tree, admin, clerk):
    address = f"/accounts/{clerk.pk}/"
    found = seen(client, address)
    assert '<option value="county">' in found
    assert '<option value="dept">' not in found
    assert '<option value="audit_admin">' not in found
    sent(client, f"{address}roles/", role="basic", org="甲厂工会", valid_from="", valid_to="")
    grant = Grant.objects.get(user=clerk, role=Role.BASIC)
    assert (grant.org, grant.valid_from, grant.given_by) == (tree.union, TODAY, admin.pk)
    sent(client, f"{address}roles/{grant.pk}/end/")
    assert [held.role for held in actor_of(clerk).held] == [Role.STATION]
    assert "已终止" in seen(client, address)


@pytest.mark.parametrize(
    ("role", "org", "message"),
    [
        ("county", "甲镇工会", "只能在县（市、区）总工会授予"),
        ("dept", "甲县总工会", "选择一个有效的选项"),
        ("basic", "乙厂工会", "没有找到“乙厂工会”"),
        ("", "甲厂工会", "请选择角色"),
        ("station", "甲镇工会", "已有“乡镇（街道）工会”角色"),
    ],
)
def test_a_role_out_of_reach_is_refused_in_words(client, admin, clerk, role, org, message):
    found = sent(client, f"/accounts/{clerk.pk}/roles/", 200, role=role, org=org)
    assert message in found
    assert Grant.objects.filter(user=clerk).count() == 1


def test_nobody_sees_a_button_on_his_own_account(client, admin):
    found = seen(client, f"/accounts/{admin.pk}/")
    assert "不能管理自己的账号" in found
    assert "重置口令" not in found
    assert "授予角色" not in found
    sent(client, f"/accounts/{admin.pk}/do/reset/", 403)
    found = sent(client, f"/accounts/{admin.pk}/roles/", 200, role="county", org="甲县总工会")
    assert Grant.objects.filter(user=admin).count() == 1


def test_an_account_with_a_role_above_is_shown_without_buttons(client, tree, admin):
    user = user_with(Role.DEPT, org=tree.city)
    User.objects.filter(pk=user.pk).update(org=tree.county)
    found = seen(client, f"/accounts/{user.pk}/")
    assert "须由市总安全管理员管理" in found
    assert "重置口令" not in found
    sent(client, f"/accounts/{user.pk}/do/reset/", 403)
    user.refresh_from_db()
    assert not user.must_change_password


def test_a_reset_password_is_shown_once(client, admin, clerk):
    password = secret(sent(client, f"/accounts/{clerk.pk}/do/reset/", 200))
    clerk.refresh_from_db()
    assert clerk.check_password(password)
    assert clerk.must_change_password
    assert "待改初始口令" in seen(client, f"/accounts/{clerk.pk}/")


def test_disabling_needs_a_reason_and_ends_the_session(client, admin, clerk):
    other = type(client)()
    other.force_login(clerk)
    assert other.get("/me/").status_code == 200
    sent(client, f"/accounts/{clerk.pk}/do/disable/", 400, reason="")
    sent(client, f"/accounts/{clerk.pk}/do/disable/", reason="调离")
    assert other.get("/me/").status_code == 302
    assert "启用账号" in seen(client, f"/accounts/{clerk.pk}/")
    sent(client, f"/accounts/{clerk.pk}/do/enable/")
    clerk.refresh_from_db()
    assert clerk.is_active


def test_a_locked_login_is_unlocked(client, admin, clerk, settings):
    for _ in range(settings.USER_FAILURE_LIMIT):
        LoginEvent.objects.create(username="clerk", kind="failed", at=clock.now())
    assert "正在锁定中" in seen(client, f"/accounts/{clerk.pk}/")
    sent(client, f"/accounts/{clerk.pk}/do/unlock/")
    assert "正在锁定中" not in seen(client, f"/accounts/{clerk.pk}/")


def test_a_key_is_shown_once_and_ended(client, admin, clerk):
    key = secret(sent(client, f"/accounts/{clerk.pk}/do/token/", 200, name="取数"))
    assert user_of_token(key) == clerk
    found = seen(client, f"/accounts/{clerk.pk}/")
    assert "取数" in found
    assert key not in found
    token = ApiToken.objects.get()
    sent(client, f"/accounts/{clerk.pk}/keys/{token.pk}/end/")
    assert user_of_token(key) is None
    sent(client, f"/accounts/{clerk.pk}/keys/{token.pk + 1}/end/", 404)


def test_an_unknown_act_is_not_found(client, admin, clerk):
    sent(client, f"/accounts/{clerk.pk}/do/promote/", 404)
    sent(client, f"/accounts/{clerk.pk}/roles/999999/end/", 404)


# Audit


@pytest.fixture
def traces(tree, clerk, foreign):
    LoginEvent.objects.create(user=clerk, username="clerk", kind="login", at=clock.now())
    LoginEvent.objects.create(
        user=clerk,
        username="clerk",
        kind="password_reset",
        actor_id=foreign.pk,
        address="10.9.9.9",
        at=clock.now(),
    )
    LoginEvent.objects.create(username="clerk", kind="failed", at=clock.now())
    LoginEvent.objects.create(user=foreign, username="foreign", kind="logout", at=clock.now())
    LoginEvent.objects.create(username="nobody", kind="failed", at=clock.now())
    for user, reason in [(clerk, "核对账号"), (foreign, "邻县的事")]:
        RevealEvent.objects.create(
            register="sample.visit",
            record_id=7,
            field="account",
            actor_id=user.pk,
            reason=reason,
            at=clock.now(),
        )


def test_the_citys_auditor_reads_everything(client, tree, traces, foreign):
    client.force_login(user_with(Role.AUDIT_ADMIN, org=tree.city))
    found = seen(client, "/accounts/events/")
    for text in ("clerk", "foreign", "nobody", "重置口令", "口令错误", "10.9.9.9", foreign.name):
        assert text in found
    found = seen(client, "/accounts/reveals/")
    for text in ("核对账号", "邻县的事", "走访", "账号", "第7号"):
        assert text in found


def test_a_countys_auditor_reads_what_concerns_his_accounts(client, tree, traces, clerk):
    client.force_login(user_with(Role.AUDIT_ADMIN, org=tree.county))
    found = seen(client, "/accounts/events/")
    assert found.count(">clerk</td>") == 3
    assert ">foreign</td>" not in found
    assert ">nobody</td>" not in found
    found = seen(client, "/accounts/reveals/")
    assert "核对账号" in found
    assert "邻县的事" not in found


def test_traces_are_narrowed_by_name_kind_and_day(client, tree, traces):
    client.force_login(user_with(Role.AUDIT_ADMIN, org=tree.city))
    for query, count in [
        ({"q": "foreign"}, 1),
        ({"kind": "failed"}, 2),
        ({"from": "2012-08-16"}, 0),
        ({"to": "2012-08-15"}, 5),
        ({"kind": "nothing"}, 5),
    ]:
        found = seen(client, "/accounts/events/", **query)
        assert found.count('<td class="head nowrap"') == count
    assert "不是可用的日期" in seen(client, "/accounts/events/", **{"from": "昨天"})
    assert "邻县的事" not in seen(client, "/accounts/reveals/", q="clerk")


def test_older_traces_are_on_the_next_page(client, tree):
    for number in range(101):
        LoginEvent.objects.create(username=f"u{number}", kind="failed", at=clock.now())
    client.force_login(user_with(Role.AUDIT_ADMIN, org=tree.city))
    found = seen(client, "/accounts/events/")
    assert ">u100</td>" in found
    assert ">u0</td>" not in found
    after = re.search(r"after=(\d+)", found).group(1)
    older = seen(client, "/accounts/events/", after=after)
    assert ">u0</td>" in older
    assert ">u100</td>" not in older


def test_the_department_is_one_of_those_that_answer_for_figures(client, admin, clerk):
    own = {"name": "张三", "org": "甲镇工会", "org.pk": clerk.org_id}
    assert "请" in sent(client, f"/accounts/{clerk.pk}/edit/", 200, **own, department="没有的部")
    sent(client, f"/accounts/{clerk.pk}/edit/", **own, department="组织部")
    assert User.objects.get(pk=clerk.pk).department == "组织部"
    assert "<dt>部室</dt><dd>组织部</dd>" in seen(client, f"/accounts/{clerk.pk}/")
