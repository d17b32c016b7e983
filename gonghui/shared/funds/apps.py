"""The app 专项资金."""

from django.apps import AppConfig


class FundsConfig(AppConfig):
    """Special-purpose money: raised, allotted down, reserved, paid, with proof."""

    name = "gonghui.shared.funds"
    label = "funds"
    verbose_name = "专项资金"

    def ready(self) -> None:
        """Declare the parameters, programmes and registers."""
        from gonghui.shared.funds import parameters, programmes, registers  # noqa: F401  they register
