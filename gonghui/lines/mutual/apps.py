"""The line 职工互助保障."""

from django.apps import AppConfig


class MutualConfig(AppConfig):
    """Products, group enrolment with its rosters, claims."""

    name = "gonghui.lines.mutual"
    label = "mutual"
    verbose_name = "互助保障"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.mutual import parameters, registers  # noqa: F401  they register
        from gonghui.web import cards

        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=70,
                tiles=(
                    "mutual.enrollments",
                    "mutual.fees",
                    "mutual.benefit_paid",
                    "mutual.solvency",
                ),
                more=("mutual.active", "mutual.renew_rate", "mutual.claim_days"),
                compared=("mutual.enrollments", "mutual.fees", "mutual.benefit_paid"),
            )
        )
