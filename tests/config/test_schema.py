"""How the structure of the database comes about, and what is left alone."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys

import psycopg
import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from gonghui.base.errors import DomainError
from gonghui.config import commands

# Everything but the order of columns, which migrations cannot keep and nothing depends on.
STRUCTURE = {
    "columns": """
        SELECT table_name, column_name, data_type, character_maximum_length, numeric_precision,
          numeric_scale, is_nullable, column_default, is_identity
        FROM information_schema.columns WHERE table_schema = 'public'""",
    "constraints": """
        SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
        FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'""",
    "indexes": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "triggers": "SELECT tgrelid::regclass::text, tgname FROM pg_trigger WHERE NOT tgisinternal",
    "migrations": "SELECT app, name FROM django_migrations",
}


def test_a_database_of_another_version_is_left_alone(db):
    MigrationRecorder(connection).record_applied("members", "0009_later")
    options = argparse.Namespace(command="migrate")
    with pytest.raises(DomainError, match=r"另一版本.*members\.0009_later"):
        commands.run(options)


@pytest.fixture
def empty_database(django_db_setup, django_db_blocker):
    """Makes empty databases on the tests' server and gives their addresses."""
    made = []

    def make(name):
        full = f"{connection.settings_dict['NAME']}_{name}"
        administer(f'DROP DATABASE IF EXISTS "{full}"')
        administer(f'CREATE DATABASE "{full}"')
        made.append(full)
        address, _, query = os.environ["DATABASE_URL"].partition("?")
        return f"{address.rpartition('/')[0]}/{full}" + (f"?{query}" if query else "")

    def administer(statement):
        with connection._nodb_cursor() as cursor:
            cursor.execute(statement)

    with django_db_blocker.unblock():
        yield make
        for full in made:
            administer(f'DROP DATABASE "{full}"')


def structure_after(url, *command):
    given = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "gonghui.config.settings"}
    subprocess.run([sys.executable, *command], env=given, check=True, capture_output=True)
    with psycopg.connect(url) as found:
        return {name: sorted(found.execute(text), key=str) for name, text in STRUCTURE.items()}


@pytest.mark.slow
def test_an_empty_database_gets_at_once_what_the_migrations_make_step_by_step(empty_database):
    built = structure_after(
        empty_database("built"),
        *(
            "-c",
            "from gonghui.config.command_line import main; raise SystemExit(main(['migrate']))",
        ),
    )
    migrated = structure_after(empty_database("migrated"), "-m", "django", "migrate")
    assert len(built["columns"]) > 1000
    for name in STRUCTURE:
        assert built[name] == migrated[name], name
