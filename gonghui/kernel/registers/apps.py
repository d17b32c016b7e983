"""The app of the registers: declarations turn into triggers after every migration."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class RegistersConfig(AppConfig):
    """Installs what the declarations ask of the database."""

    name = "gonghui.kernel.registers"
    label = "registers"
    verbose_name = "台账"

    def ready(self) -> None:
        """Once per migrate run, after the last app, when every table is there."""
        from gonghui.kernel.registers.triggers import install

        last = list(apps.get_app_configs())[-1]
        post_migrate.connect(install, sender=last, dispatch_uid="gonghui.registers.triggers")
