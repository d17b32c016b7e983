"""The app of the targets."""

from django.apps import AppConfig


class GoalsConfig(AppConfig):
    """Plan books, targets, practical matters and supervision."""

    name = "gonghui.lines.goals"
    label = "goals"
    verbose_name = "目标任务"

    def ready(self) -> None:
        """Registers and jobs are declared, the ledger learns where targets come from, the menu."""
        from gonghui.kernel.access.roles import Role
        from gonghui.kernel.ledger import targets
        from gonghui.lines.goals import jobs, registers  # noqa: F401  they register
        from gonghui.lines.goals.in_force import targets_in_force
        from gonghui.web import cards, menu, panels

        targets.provide(targets_in_force)
        menu.ENTRIES.append(
            menu.Entry("目标总表", "goals:board", "fa-traffic-light", menu.workers, at_top=True)
        )
        menu.ENTRIES.append(menu.Entry("目标进度", "goals:progress", "fa-bullseye", menu.workers))
        menu.ENTRIES.append(
            menu.Entry(
                "本单位考核",
                "goals:own_assessment",
                "fa-ranking-star",
                menu.holders(Role.COUNTY, Role.INDUSTRY),
            )
        )
        panels.ON_DASHBOARD.append("gonghui.lines.goals.panels.lights_on_dashboard")
        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=90,
                tiles=("goals.sup_overdue",),
                more=("goals.sup_issued", "goals.sup_on_time"),
                compared=("goals.sup_overdue", "goals.sup_on_time"),
            )
        )
