"""The line 就业服务."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    """From a course to a job that is kept."""

    name = "gonghui.lines.employment"
    label = "employment"
    verbose_name = "就业服务"

    def ready(self) -> None:
        """Declare the parameters and registers and put its pages into the menu."""
        from gonghui.lines.employment import (  # noqa: F401  they register
            jobs,
            parameters,
            registers,
        )
        from gonghui.lines.employment.registers.access import VIEWERS
        from gonghui.lines.employment.views.oddities import sees_oddities
        from gonghui.web import menu

        menu.ENTRIES += [
            menu.Entry(
                "培训成效", "employment:outcomes", "fa-user-graduate", menu.holders(*VIEWERS)
            ),
            menu.Entry("就业疑点", "employment:oddities", "fa-magnifying-glass", sees_oddities),
        ]
