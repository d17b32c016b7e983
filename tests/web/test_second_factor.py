from __future__ import annotations

import re
from base64 import b32decode

import pytest
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import LoginEvent
from tests.support.people import client_for, user_with

PAGE = "/second-factor/"


@pytest.fixture(autouse=True)
def _required(settings):
    settings.SECOND_FACTOR_ROLES = ("dept", "leader")


def code_of(secret):
    return f"{totp(b32decode(secret)):06d}"


def enrol(client):
    text = client.get(f"{PAGE}?next=/me/").content.decode()
    secret = re.search(r"<code>([A-Z2-7]+)</code>", text)[1]
    return text, secret


def test_a_role_that_needs_it_binds_a_telephone_first(leader):
    client = client_for(leader, verified=False)
    assert client.get("/me/").url == f"{PAGE}?next=/me/"
    text, secret = enrol(client)
    assert "<svg" in text
    assert enrol(client)[1] == secret
    assert client.post(PAGE, {"code": code_of(secret), "next": "/me/"}).url == "/me/"
    assert client.get("/me/").status_code == 200
    assert TOTPDevice.objects.get().confirmed
    kinds = list(LoginEvent.objects.order_by("pk").values_list("kind", flat=True))
    assert kinds == ["second_factor_enrolled", "second_factor_passed"]


def test_a_bound_telephone_never_shows_its_secret_again(leader):
    device = TOTPDevice.objects.create(user=leader, name="手机", confirmed=True)
    client = client_for(leader, verified=False)
    text = client.get(PAGE).content.decode()
    assert "密钥" not in text
    assert "<svg" not in text
    code = f"{totp(device.bin_key):06d}"
    assert client.post(PAGE, {"code": code}).url == "/"


def test_a_wrong_code_lets_nobody_in(leader):
    device = TOTPDevice.objects.create(user=leader, name="手机", confirmed=True)
    client = client_for(leader, verified=False)
    wrong = f"{(totp(device.bin_key) + 1) % 10**6:06d}"
    assert "动态口令不对或已过期" in client.post(PAGE, {"code": wrong}).content.decode()
    assert "动态口令是6位数字。" in client.post(PAGE, {"code": "abc"}).content.decode()
    assert client.get("/me/").status_code == 302
    assert LoginEvent.objects.get().kind == "second_factor_failed"


def test_a_code_is_good_for_one_login(leader):
    device = TOTPDevice.objects.create(user=leader, name="手机", confirmed=True)
    code = f"{totp(device.bin_key):06d}"
    assert client_for(leader, verified=False).post(PAGE, {"code": code}).status_code == 302
    assert client_for(leader, verified=False).post(PAGE, {"code": code}).status_code == 200


def test_other_roles_are_not_asked(city):
    basic = user_with(Role.BASIC, city.basic)
    assert client_for(basic, verified=False).get("/me/").status_code == 200
