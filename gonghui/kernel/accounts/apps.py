"""The app of the accounts."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Users, grants and login events."""

    name = "gonghui.kernel.accounts"
    label = "accounts"
    verbose_name = "账号"
