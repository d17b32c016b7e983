"""The app of the dated parameters."""

from django.apps import AppConfig


class ParametersConfig(AppConfig):
    """Parameters and the working calendar."""

    name = "gonghui.kernel.parameters"
    label = "parameters"
    verbose_name = "参数"
