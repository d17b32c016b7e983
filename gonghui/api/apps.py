"""The app of the REST interface."""

from django.apps import AppConfig


class ApiConfig(AppConfig):
    """Keeps the answers to repeated calls."""

    name = "gonghui.api"
    label = "api"
    verbose_name = "接口"
