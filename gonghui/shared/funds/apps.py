"""The app 专项资金."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Special-purpose money: raised, allotted down, reserved, paid, with proof."""

    name = "gonghui.shared.funds"
    label = "funds"
    verbose_name = "专项资金"

    def ready(self) -> None:
        """Declare the parameters, programmes and registers."""
        from gonghui.kernel.access.roles import Role
        from gonghui.shared.funds import parameters, programmes, registers  # noqa: F401  they register
        from gonghui.web import cards, menu, panels

        overseers = menu.holders(Role.AUDIT, Role.LEADER, Role.FINANCE)
        panels.EVERY_RECORD.append((self.name, "gonghui.shared.funds.panels.given_to"))
        menu.ENTRIES.append(menu.Entry("资金疑点", "funds:red_flags", "fa-flag", overseers))
        cards.SECTIONS.append(
            cards.Section(
                line=self.label,
                order=40,
                tiles=("funds.raised", "funds.paid", "funds.disposable", "funds.receipt_rate"),
                more=("funds.allotted", "funds.execution_rate", "funds.bounced"),
                compared=("funds.paid", "funds.disposable", "funds.receipt_rate"),
            )
        )
