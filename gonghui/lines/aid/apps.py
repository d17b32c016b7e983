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
        from gonghui.web import cards

        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=50,
                tiles=(
                    "aid.files",
                    "aid.files_new",
                    "aid.township_stations",
                    "aid.station_coverage",
                ),
                more=("aid.review_rate", "aid.grants_done"),
                compared=("aid.files", "aid.station_coverage", "aid.review_rate"),
            )
        )
