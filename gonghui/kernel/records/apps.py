"""The app of the record's own tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """History, links, numbering and reveal log."""

    name = "gonghui.kernel.records"
    label = "records"
    verbose_name = "记录"

    def ready(self) -> None:
        """Long lists go to the database as arrays, moments come from it in one step."""
        from gonghui.kernel.records import lookups, moments

        lookups.register()
        moments.register()
