"""The app 女职工."""

from django.apps import AppConfig


class WomenConfig(AppConfig):
    """Women workers: lectures, posts, inspections, screening, facilities."""

    name = "gonghui.lines.women"
    label = "women"
    verbose_name = "女职工"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.women import parameters, registers  # noqa: F401  they register
