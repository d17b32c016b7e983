"""The app of the line."""

from django.apps import AppConfig


class OrgsConfig(AppConfig):
    """Union organisations as a line of work; the organisations themselves are the kernel's."""

    name = "gonghui.lines.orgs"
    label = "orgs"
    verbose_name = "工会组织"

    def ready(self) -> None:
        """Declare the parameters and the registers."""
        from gonghui.lines.orgs import parameters, registers  # noqa: F401  importing declares them
