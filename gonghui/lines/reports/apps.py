"""The app of the reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Templates, documents and their figures."""

    name = "gonghui.lines.reports"
    label = "reports"
    verbose_name = "统计与汇报"

    def ready(self) -> None:
        """The registers are declared."""
        from gonghui.lines.reports import registers  # noqa: F401  declares the registers
