"""The app of the line."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Union organisations as a line of work; the organisations themselves are the kernel's."""

    name = "gonghui.lines.orgs"
    label = "orgs"
    verbose_name = "工会组织"

    def ready(self) -> None:
        """Declare the parameters and the registers; the menu gets the line's own pages."""
        from gonghui.kernel.access.roles import Role
        from gonghui.lines.orgs import parameters, registers, views  # noqa: F401  importing declares
        from gonghui.web import cards, menu

        menu.ENTRIES += [
            menu.Entry(
                "我的工会", "orgs:own_union", "fa-house-flag", menu.holders(Role.BASIC), at_top=True
            ),
            menu.Entry("应建未建企业", "orgs:without_union", "fa-building", views.sees_employers),
            menu.Entry("换届雷达", "orgs:renewals", "fa-clock-rotate-left", views.sees_renewals),
            menu.Entry("建会漏斗", "orgs:funnel", "fa-filter", views.sees_funnel),
        ]
        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=10,
                tiles=(
                    "orgs.new_unions",
                    "orgs.covered_units",
                    "orgs.term_due_90",
                    "orgs.term_overdue",
                ),
                more=("orgs.basic_unions", "orgs.area_coverage", "orgs.over25_coverage"),
                compared=("orgs.new_unions", "orgs.covered_units", "orgs.term_overdue"),
            )
        )
