"""The app of the reports."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Templates, documents and their figures."""

    name = "gonghui.lines.reports"
    label = "reports"
    verbose_name = "统计与汇报"

    def ready(self) -> None:
        """The registers are declared; the menu gets the line's own pages."""
        from gonghui.lines.reports import registers, views  # noqa: F401  declares the registers
        from gonghui.web import menu

        menu.ENTRIES += [
            menu.Entry("公文体检", "reports:check", "fa-stethoscope", views.sees_check),
            menu.Entry("标签手册", "reports:tags", "fa-tags", views.sees_check),
        ]
