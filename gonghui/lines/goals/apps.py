"""The app of the targets."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Plan books, targets and their revisions."""

    name = "gonghui.lines.goals"
    label = "goals"
    verbose_name = "目标任务"

    def ready(self) -> None:
        """The registers are declared, the ledger learns where targets come from, the menu of the table."""
        from gonghui.kernel.ledger import targets
        from gonghui.lines.goals import registers  # noqa: F401  declares the registers
        from gonghui.lines.goals.in_force import targets_in_force
        from gonghui.web import menu

        targets.provide(targets_in_force)
        menu.ENTRIES.append(menu.Entry("目标进度", "goals:progress", "fa-bullseye", menu.workers))
