"""The line 女职工."""

from django.apps import AppConfig


class WomenConfig(AppConfig):
    """The few registers that the women workers' department keeps itself."""

    name = "gonghui.lines.women"
    label = "women"
    verbose_name = "女职工"

    def ready(self) -> None:
        """Declare parameters and registers and put the view into the menu."""
        from gonghui.lines.women import parameters, registers  # noqa: F401  they register
        from gonghui.web import cards, menu

        menu.ENTRIES.append(
            menu.Entry("女职工工作", "women:board", "fa-person-dress", menu.workers, at_top=True)
        )
        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=80,
                tiles=("women.screened", "women.lectures", "women.committee_coverage"),
                more=("women.hardship_files", "women.facilities", "women.violations_fixed_rate"),
                compared=("women.screened", "women.lectures", "women.committee_coverage"),
            )
        )
