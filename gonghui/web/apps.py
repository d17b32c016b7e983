"""The app of the generic screens."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Lists, forms and record pages of every register."""

    name = "gonghui.web"
    label = "web"
    verbose_name = "界面"
