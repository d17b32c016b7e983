"""A county's security administrator opens an account; its owner chooses a password of his own first."""

from __future__ import annotations

from playwright.sync_api import expect

from gonghui.kernel.access.roles import Role
from gonghui.kernel.accounts.models import User
from tests.browser.driving import fill, follow, log_in, press, shot
from tests.support.people import user_with

OWN = "昆阳-harvest-2012"


def test_a_new_user_must_change_the_password_he_was_given(city, visitor, stranger):
    page = visitor(user_with(Role.SECURITY_ADMIN, city.county, "周安全"))
    page.goto("/accounts/")
    follow(page, "新建账号")
    fill(page, username="kunyang.qian", name="钱经办", org="昆阳镇工会")
    shot(page, "account-new")
    press(page, "保存")
    given = page.locator(".secret-text").inner_text()
    follow(page, "已记下，返回账号")
    fill(page, role="乡镇（街道）工会", org="昆阳镇工会")
    press(page, "授予")
    expect(page.locator("main [role=status]").first).to_have_text("已授予。")
    shot(page, "account")

    user = User.objects.get(username="kunyang.qian")
    assert user.must_change_password
    own = stranger()
    log_in(own, user, given)
    expect(own.locator("h1")).to_have_text("修改口令")
    own.goto("/r/members.membership/")
    expect(own.locator("h1")).to_have_text("修改口令")
    expect(own.locator(".ribbon-note")).to_contain_text("初始口令")
    fill(own, old=given, new=OWN, again=OWN)
    press(own, "修改口令")
    expect(own.locator("main [role=status]").first).to_have_text("口令已修改。")
    own.goto("/r/members.membership/")
    expect(own.locator("h1")).to_have_text("会籍")
    user.refresh_from_db()
    assert not user.must_change_password
    assert user.check_password(OWN)
