"""The line 工会干部与培训."""

from django.apps import AppConfig


class CadresConfig(AppConfig):
    """Training classes and who sits in them."""

    name = "gonghui.lines.cadres"
    label = "cadres"
    verbose_name = "工会干部"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.cadres import parameters, registers  # noqa: F401  they register
        from gonghui.web import cards

        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=30,
                tiles=("cadres.trained",),
                more=("cadres.classes",),
            )
        )
