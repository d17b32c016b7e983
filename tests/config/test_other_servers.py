"""The kernel's tests on every real PostgreSQL this machine has (Debian's, 15 or newer)."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from gonghui.config import postgres_process as system

ROOT = Path(__file__).resolve().parents[2]
OLDEST = 15
SERVERS = [
    folder
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if int(folder.parent.name) >= OLDEST and (folder / "initdb").exists()
]


@pytest.fixture
def server(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """The address of a throw-away cluster of Debian's server; it listens on a socket only."""
    programs: Path = request.param
    home = tmp_path_factory.mktemp("pg")
    home.parent.chmod(0o755)
    home.chmod(0o777)
    prefix = [] if os.geteuid() else list(system.IN_NAMESPACE.prefix)

    def run(name: str, *arguments: str) -> None:
        command = [*prefix, str(programs / name), *arguments]
        subprocess.run(command, check=True, capture_output=True, cwd="/")

    data = str(home / "data")
    run(
        "initdb",
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale=C.UTF-8",
    )
    options = f"-c listen_addresses= -c unix_socket_directories={home} -c fsync=off -c jit=off"
    run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
    try:
        run(
            "psql",
            "-h",
            str(home),
            "-U",
            "postgres",
            "-d",
            "postgres",
            "-c",
            "CREATE ROLE gonghui LOGIN CREATEDB",
        )
        run("createdb", "-h", str(home), "-U", "postgres", "-O", "gonghui", "gonghui")
        yield f"postgresql://gonghui@/gonghui?host={home}"
    finally:
        run("pg_ctl", "-D", data, "-m", "immediate", "stop")


@pytest.mark.slow
@pytest.mark.parametrize("server", SERVERS, ids=lambda p: p.parent.name, indirect=True)
def test_the_kernel_holds_on_a_server_of_the_system(server: str) -> None:
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "tests/kernel/registers",
            "tests/kernel/ledger",
            "-p",
            "no:cacheprovider",
        ],
        check=False,
        capture_output=True,
        text=True,
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": server,
            "GONGHUI_TEST_DATABASE": "test_other",
            "PYTEST_ADDOPTS": "",
        },
    )
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-2000:]
