"""The app of the targets."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Plan books, targets and their revisions."""

    name = "gonghui.lines.goals"
    label = "goals"
    verbose_name = "目标任务"

    def ready(self) -> None:
        """The registers are declared, and the ledger learns where targets come from."""
        from gonghui.kernel.ledger import targets
        from gonghui.lines.goals import registers  # noqa: F401  declares the registers
        from gonghui.lines.goals.in_force import targets_in_force

        targets.provide(targets_in_force)
