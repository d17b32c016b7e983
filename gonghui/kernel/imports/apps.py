"""The app of the imports."""

from django.apps import AppConfig


class ImportsConfig(AppConfig):
    """Uploaded sheets and what became of their rows."""

    name = "gonghui.kernel.imports"
    label = "imports"
    verbose_name = "表格导入"

    def ready(self) -> None:
        """Declare the parameters and the background work."""
        from gonghui.kernel.imports import jobs, parameters  # noqa: F401  they declare
