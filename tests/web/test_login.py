from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import LoginEvent
from gonghui.web.address import client_address
from tests.support.people import PASSWORD, client_for, user_with


def log_in(user, password=PASSWORD, *, client=None, address="10.0.0.1", **more):
    return (client or Client()).post(
        "/login/",
        {"username": user.username, "password": password, **more},
        REMOTE_ADDR=address,
    )


def kinds():
    return list(LoginEvent.objects.order_by("pk").values_list("kind", flat=True))


def test_whoever_is_not_logged_in_gets_the_login_page_and_then_goes_on(clerk):
    client = Client()
    answer = client.get("/r/sample.visit/?state=draft")
    assert answer.url == "/login/?next=/r/sample.visit/%3Fstate%3Ddraft"
    answer = log_in(clerk, client=client, next="/r/sample.visit/?state=draft")
    assert answer.url == "/r/sample.visit/?state=draft"
    assert client.get("/login/").url == "/"
    event = LoginEvent.objects.get()
    assert (event.kind, event.user_id, event.address) == ("login", clerk.pk, "10.0.0.1")


@pytest.mark.parametrize(
    "asked", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"]
)
def test_the_login_leads_to_no_other_site(clerk, asked):
    assert log_in(clerk, next=asked).url == "/"


def test_a_wrong_password_is_told_without_telling_which_part_was_wrong(clerk):
    wrong = log_in(clerk, "wrong").content.decode()
    nobody = Client().post("/login/", {"username": "nobody", "password": "x"}).content.decode()
    for text in (wrong, nobody):
        assert "用户名或口令不正确" in text
    assert kinds() == ["failed", "failed"]
    assert "请填写口令。" in Client().post("/login/", {"username": "x"}).content.decode()


def test_five_wrong_passwords_lock_the_name_for_that_address_only(clerk):
    for _ in range(4):
        assert log_in(clerk, "wrong").status_code == 200
    assert log_in(clerk, "wrong").status_code == 429
    answer = log_in(clerk)
    assert answer.status_code == 429
    assert "账号已暂时锁定，请30分钟后再试" in answer.content.decode()
    assert log_in(clerk, address="10.0.0.2").status_code == 302
    assert "locked" in kinds()


def test_twenty_wrong_passwords_lock_the_name_everywhere_for_a_while(clerk, settings):
    settings.USER_FAILURE_LIMIT = 6
    for n in range(6):
        log_in(clerk, "wrong", address=f"10.0.1.{n}")
    assert log_in(clerk, address="10.0.2.1").status_code == 429
    with clock.at(clock.now() + timedelta(minutes=31)):
        assert log_in(clerk, address="10.0.2.1").status_code == 302


def test_a_login_clears_the_count_of_wrong_passwords(clerk, settings):
    settings.USER_FAILURE_LIMIT = 3
    moment = clock.now()
    for n, password in enumerate(["wrong", "wrong", PASSWORD, "wrong", "wrong", PASSWORD]):
        with clock.at(moment + timedelta(seconds=n)):
            answer = log_in(clerk, password, address=f"10.0.3.{n}")
        assert answer.status_code == (302 if password == PASSWORD else 200)


def test_an_account_that_ended_or_is_off_does_not_log_in(city):
    ended = user_with(Role.STATION, city.township, valid_to=date(2012, 1, 1))
    off = user_with(Role.STATION, city.township, is_active=False)
    for user in (ended, off):
        assert "用户名或口令不正确" in log_in(user).content.decode()
    assert kinds() == ["failed", "failed"]


def test_logging_out_ends_the_session_and_is_noted(clerk):
    client = client_for(clerk)
    assert client.get("/logout/").status_code == 405
    assert client.post("/logout/").url == "/login/"
    assert client.get("/").status_code == 302
    assert kinds() == ["logout"]


def test_an_ended_account_that_is_still_logged_in_sees_no_rows(visit, clerk):
    visit(title="看不到了")
    client = client_for(clerk)
    clerk.valid_to = date(2012, 1, 1)
    clerk.save()
    assert client.get("/r/sample.visit/").status_code == 403


def test_the_own_page_shows_roles_and_recent_logins(clerk):
    client = Client()
    log_in(clerk, client=client)
    text = client.get("/me/").content.decode()
    assert "乡镇（街道）工会（昆阳镇工会）" in text
    assert "来自 10.0.0.1" in text


def test_a_given_password_must_be_changed_first(city):
    user = user_with(Role.STATION, city.township, must_change_password=True)
    client = client_for(user)
    assert client.get("/").url == "/password/"
    assert client.get("/r/sample.visit/").url == "/password/"
    assert "初始口令" in client.get("/password/").content.decode()
    sent = {"old": PASSWORD, "new": "liang-ma-guan-tian-7", "again": "liang-ma-guan-tian-7"}
    assert client.post("/password/", sent).url == "/"
    assert client.get("/").status_code == 200
    user.refresh_from_db()
    assert user.check_password("liang-ma-guan-tian-7")
    assert kinds() == ["password_changed"]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"old": "wrong"}, "原口令不正确。"),
        ({"again": "another-one-9"}, "两次输入的新口令不一致。"),
        ({"new": PASSWORD, "again": PASSWORD}, "新口令不能与原口令相同。"),
        ({"new": "Ab1-xyz", "again": "Ab1-xyz"}, "10"),
        ({"new": "20120315201203", "again": "20120315201203"}, "数字"),
    ],
)
def test_a_weak_or_mistyped_password_is_refused(clerk, change, told):
    sent = {"old": PASSWORD, "new": "liang-ma-guan-tian-7", "again": "liang-ma-guan-tian-7"}
    text = client_for(clerk).post("/password/", {**sent, **change}).content.decode()
    assert told in text.split("field-error")[1].split("</p>")[0]
    clerk.refresh_from_db()
    assert clerk.check_password(PASSWORD)


def test_the_address_behind_proxies_is_not_what_the_browser_claims(rf, settings):
    def address(**headers):
        return client_address(rf.get("/", REMOTE_ADDR="10.9.9.9", headers=headers))

    assert address(**{"X-Forwarded-For": "1.1.1.1"}) == "10.9.9.9"
    settings.TRUSTED_PROXIES = 1
    assert address(**{"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}) == "2.2.2.2"
    assert address() == "10.9.9.9"
    settings.TRUSTED_PROXIES = 2
    assert address(**{"X-Forwarded-For": "1.1.1.1, 2.2.2.2"}) == "1.1.1.1"
