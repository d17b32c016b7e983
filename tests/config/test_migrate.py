"""What `gonghui migrate` does before it changes a database."""

from __future__ import annotations

import argparse

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from gonghui.base.errors import DomainError
from gonghui.config import commands


def test_a_database_of_another_version_is_left_alone(db):
    MigrationRecorder(connection).record_applied("members", "0009_later")
    options = argparse.Namespace(command="migrate")
    with pytest.raises(DomainError, match=r"另一版本.*members\.0009_later"):
        commands.run(options)
