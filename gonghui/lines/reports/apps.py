"""The app of the reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Templates, documents and their figures."""

    name = "gonghui.lines.reports"
    label = "reports"
    verbose_name = "统计与汇报"

    def ready(self) -> None:
        """The registers are declared; the menu gets the line's own page."""
        from gonghui.lines.reports import registers, views  # noqa: F401  declares the registers
        from gonghui.web import menu

        menu.ENTRIES.append(
            menu.Entry("公文体检", "reports:check", "fa-stethoscope", views.sees_check)
        )
