"""The line 困难职工帮扶."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """Aid stations, files of households in hardship, and the help that they get."""

    name = "gonghui.lines.aid"
    label = "aid"
    verbose_name = "困难帮扶"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.aid import gates, indicators, parameters, registers  # noqa: F401  importing declares
