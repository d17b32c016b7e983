"""The app of the background jobs."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs on the queue in the same database."""

    name = "gonghui.kernel.jobs"
    label = "jobs"
    verbose_name = "后台作业"

    def ready(self) -> None:
        """Declare the kernel's own periodic work."""
        from gonghui.kernel.jobs import own  # noqa: F401  it declares
