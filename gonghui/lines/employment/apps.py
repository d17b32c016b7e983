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
        from gonghui.web import cards, menu

        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=60,
                tiles=(
                    "employment.trainees",
                    "employment.training_placed",
                    "employment.fair_intents",
                    "employment.loan_out",
                ),
                more=(
                    "employment.sessions",
                    "employment.sustained_rate",
                    "employment.loan_overdue_rate",
                ),
                compared=(
                    "employment.trainees",
                    "employment.training_placed",
                    "employment.loan_out",
                ),
            )
        )
        menu.ENTRIES += [
            menu.Entry(
                "培训成效", "employment:outcomes", "fa-user-graduate", menu.holders(*VIEWERS)
            ),
            menu.Entry("就业疑点", "employment:oddities", "fa-magnifying-glass", sees_oddities),
        ]
