"""Which PostgreSQL the program works on: that of `DATABASE_URL`, otherwise the embedded one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg.conninfo import conninfo_to_dict

from gonghui.config import embedded_postgres

# Settings are also read by commands that need no database; for them nothing is started.
_NOT_STARTED = "postgresql://gonghui@127.0.0.1:5432/gonghui"
_NAMES = {"dbname": "NAME", "user": "USER", "password": "PASSWORD", "host": "HOST", "port": "PORT"}


def home(env: Mapping[str, str] = os.environ) -> Path:
    """The folder in which the program keeps what it stores: `GONGHUI_HOME`, otherwise `./var`."""
    return Path(env.get("GONGHUI_HOME") or "var").resolve()


def provide() -> None:
    """Set `DATABASE_URL` to the embedded server, started if need be, unless it is set already.

    Call it before Django is set up. Processes started afterwards find the same server.
    """
    if not os.environ.get("DATABASE_URL"):
        os.environ["DATABASE_URL"] = embedded_postgres.ensure_running(home()).url
        os.environ["GONGHUI_EMBEDDED"] = "1"


def database_settings(env: Mapping[str, str]) -> dict[str, Any]:
    """Django's settings for the database named by `DATABASE_URL`.

    It may be anything that libpq understands, several hosts included.
    """
    given = conninfo_to_dict(env.get("DATABASE_URL") or _NOT_STARTED)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        **{name: str(given.pop(key, "")) for key, name in _NAMES.items()},
        "OPTIONS": given,
    }
