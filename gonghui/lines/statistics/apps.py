"""The line 统计."""

from django.apps import AppConfig


class StatisticsConfig(AppConfig):
    """Statistical periods, submissions, sealed sets and the rules that figures must keep."""

    name = "gonghui.lines.statistics"
    label = "statistics"
    verbose_name = "统计"

    def ready(self) -> None:
        """Declare the parameters, registers and jobs."""
        from gonghui.kernel.ledger import contradictions, past, versions
        from gonghui.lines.statistics import jobs, parameters, registers  # noqa: F401  they register
        from gonghui.lines.statistics.services import checking, dictionary

        past.provide(past.Keeper(dictionary.starts_on, dictionary.past_figures))
        versions.provide(dictionary.published_versions)
        contradictions.provide(checking.open_errors)
