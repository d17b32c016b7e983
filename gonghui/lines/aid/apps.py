"""The app 困难帮扶."""

from django.apps import AppConfig


class AidConfig(AppConfig):
    """Hardship files and the help that households get."""

    name = "gonghui.lines.aid"
    label = "aid"
    verbose_name = "困难帮扶"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.aid import parameters, registers  # noqa: F401  they register
