from __future__ import annotations

import os
from pathlib import Path

import pytest

from gonghui.config import embedded_postgres
from gonghui.config.database import database_settings, home, provide

COMMON = {
    "ENGINE": "django.db.backends.postgresql",
    "CONN_MAX_AGE": 60,
    "CONN_HEALTH_CHECKS": True,
}


def test_a_url_becomes_djangos_settings() -> None:
    url = "postgresql://g%40h:p%2Fw@db.example:6543/city?sslmode=verify-full"
    assert database_settings({"DATABASE_URL": url}) == {
        **COMMON,
        "NAME": "city",
        "USER": "g@h",
        "PASSWORD": "p/w",
        "HOST": "db.example",
        "PORT": "6543",
        "OPTIONS": {"sslmode": "verify-full"},
    }


def test_a_socket_and_several_hosts_are_understood() -> None:
    socket = database_settings({"DATABASE_URL": "postgresql://gonghui@/gonghui?host=%2Frun%2Fpg"})
    assert (socket["HOST"], socket["PORT"], socket["OPTIONS"]) == ("/run/pg", "", {})
    several = database_settings(
        {"DATABASE_URL": "postgresql://gonghui@a:1,b:2/gonghui?target_session_attrs=read-write"}
    )
    assert (several["HOST"], several["PORT"]) == ("a,b", "1,2")
    assert several["OPTIONS"] == {"target_session_attrs": "read-write"}


def test_without_an_address_nothing_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(home: Path) -> None:
        raise AssertionError(home)

    monkeypatch.setattr(embedded_postgres, "ensure_running", refuse)
    assert (
        database_settings({})
        == database_settings({"DATABASE_URL": ""})
        == {
            **COMMON,
            "NAME": "gonghui",
            "USER": "gonghui",
            "PASSWORD": "",
            "HOST": "127.0.0.1",
            "PORT": "5432",
            "OPTIONS": {},
        }
    )


def test_an_address_that_is_set_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/city")
    provide()
    assert os.environ["DATABASE_URL"] == "postgresql://elsewhere/city"


def test_without_an_address_the_server_of_the_home_folder_is_provided(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    started: list[Path] = []

    def ensure_running(home: Path) -> embedded_postgres.Server:
        started.append(home)
        return embedded_postgres.Server(data=home, socket_folder=Path("/run/a b"), pid=1)

    monkeypatch.setattr(embedded_postgres, "ensure_running", ensure_running)
    monkeypatch.setenv("GONGHUI_HOME", str(tmp_path))
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("GONGHUI_EMBEDDED", "")
    provide()
    assert started == [tmp_path]
    assert os.environ["DATABASE_URL"] == "postgresql://gonghui@/gonghui?host=%2Frun%2Fa%20b"
    assert os.environ["GONGHUI_EMBEDDED"] == "1"


def test_the_home_folder_is_var_unless_another_is_named(tmp_path: Path) -> None:
    assert home({"GONGHUI_HOME": str(tmp_path)}) == tmp_path
    assert home({}) == Path.cwd() / "var"
