"""The structure of the database: built from the models where there is none, migrated where there is."""

from __future__ import annotations

from collections.abc import Iterable

from django.apps import AppConfig, apps
from django.core.management import call_command
from django.db import connection, transaction
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from gonghui.base.errors import DomainError


def bring_up_to_date() -> None:
    """Make the structure that this program needs; refuses a database that another program has been at."""
    loader = MigrationLoader(connection)
    _refuse_other_versions(loader)
    if not _of_ours(loader.applied_migrations):
        _build(loader)
    call_command("migrate", verbosity=0, interactive=False)


def _refuse_other_versions(loader: MigrationLoader) -> None:
    """A database that a later program, or one of before the first release, has been at is left alone."""
    unknown = _of_ours(loader.applied_migrations) - set(loader.disk_migrations)
    if unknown:
        raise DomainError(
            f"数据库是由另一版本的程序建立的（多出结构变更{'、'.join(map('.'.join, sorted(unknown)[:3]))}等"
            f"{len(unknown)}项），本程序不能使用，数据未作任何改动。请换用那一版本的程序；"
            "如果只是演示数据，请把GONGHUI_HOME改到新的文件夹再装入。"
        )


def _build(loader: MigrationLoader) -> None:
    """The tables of our apps straight from their models, with all their migrations noted as done.

    Step by step through the migrations Django pictures every model anew for each step, which takes
    many times as long as the database itself. No migration of ours does more than follow the models,
    and none of our tables refers to one of a library's.
    """
    ours = [config for config in _ours() if config.label in loader.migrated_apps]
    with transaction.atomic():
        with connection.schema_editor(atomic=False) as editor:
            for config in ours:
                for model in config.get_models(include_auto_created=True):
                    editor.create_model(model)
        recorder = MigrationRecorder(connection)
        recorder.ensure_schema()
        for app, name in sorted(_of_ours(loader.disk_migrations)):
            recorder.record_applied(app, name)


def _ours() -> list[AppConfig]:
    return [config for config in apps.get_app_configs() if config.name.startswith("gonghui.")]


def _of_ours(steps: Iterable[tuple[str, str]]) -> set[tuple[str, str]]:
    labels = {config.label for config in _ours()}
    return {step for step in steps if step[0] in labels}
