"""The app 就业服务."""

from django.apps import AppConfig


class EmploymentConfig(AppConfig):
    """Training, placement, job fairs and micro-loans."""

    name = "gonghui.lines.employment"
    label = "employment"
    verbose_name = "就业服务"

    def ready(self) -> None:
        """Declare the parameters and registers."""
        from gonghui.lines.employment import parameters, registers  # noqa: F401  they register
