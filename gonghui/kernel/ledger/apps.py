"""The app of the figure ledger."""

from django.apps import AppConfig


class LedgerConfig(AppConfig):
    """Differences, balances and the indicators installed in the database."""

    name = "gonghui.kernel.ledger"
    label = "ledger"
    verbose_name = "数字账"

    def ready(self) -> None:
        """Declarations are looked at by `check`."""
        from gonghui.kernel.ledger import checks  # noqa: F401  registers the checks
