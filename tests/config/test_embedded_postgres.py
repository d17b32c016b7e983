from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from pathlib import Path

import psycopg
import pytest

from gonghui.config import embedded_postgres
from gonghui.config import postgres_process as system
from gonghui.config.embedded_postgres import DatabaseUnavailable, Server

pytestmark = pytest.mark.fault

ROOT = Path(__file__).parents[2]
MODULE = "gonghui.config.embedded_postgres"
HOLDER = f"""
import sys
from pathlib import Path
from {MODULE} import ensure_running
print(ensure_running(Path(sys.argv[1])).pid, flush=True)
sys.stdin.read()
"""
THROWAWAY_HOLDER = f"""
import sys
from {MODULE} import throwaway
with throwaway() as server:
    print(server.data, flush=True)
    sys.stdin.read()
"""
ORDINARY_USER = """
import os, sys
import psycopg
from pathlib import Path
from gonghui.config import embedded_postgres, postgres_process
home, binaries, uid = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
postgres_process.program = lambda name: binaries / name
if os.geteuid() == 0:
    os.setgroups([])
    os.setgid(uid)
    os.setuid(uid)
server = embedded_postgres.ensure_running(home)
with psycopg.connect(server.url) as connection:
    print(connection.execute("SELECT current_user").fetchone()[0])
print(Path(f"/proc/{server.pid}").stat().st_uid, (home / "postgres").stat().st_uid)
embedded_postgres.leave(home)
print(embedded_postgres.status(home))
"""


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    yield tmp_path / "home"
    embedded_postgres.stop(tmp_path / "home")


@pytest.fixture
def run(home: Path) -> Iterator[Callable[..., subprocess.Popen[str]]]:
    """Starts another program; those still alive at the end are killed."""
    started = []

    def start(*arguments: str | Path, **environment: str) -> subprocess.Popen[str]:
        program = subprocess.Popen(
            [sys.executable, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            env={**os.environ, **environment},
        )
        started.append(program)
        return program

    yield start
    for program in started:
        program.kill()
        program.communicate()


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that every user may enter; pytest's own may be entered by its user alone."""
    folder = Path(tempfile.mkdtemp(prefix="gonghui-open-"))
    folder.chmod(0o777)
    yield folder
    embedded_postgres.stop(folder / "home")
    shutil.rmtree(folder)


@pytest.fixture
def binaries(open_folder: Path) -> Path:
    """A copy of the server's programs and libraries that every user may run."""
    installed = system.program("postgres").parents[1]
    package = installed.parent
    libraries = f"{package.name}.libs"
    shutil.copytree(installed, open_folder / package.name / installed.name)
    shutil.copytree(package.with_name(libraries), open_folder / libraries)
    return open_folder / package.name / installed.name / "bin"


def kill(pid: int) -> None:
    os.kill(pid, signal.SIGKILL)


def value(url: str, query: str) -> object:
    with psycopg.connect(url, autocommit=True) as connection:
        row = connection.execute(query.encode()).fetchone()
    assert row is not None
    return row[0]


def main_processes(home: Path) -> list[int]:
    data = home / "postgres"
    return [pid for pid in system.processes(data) if system.is_server(pid, data)]


def said(program: subprocess.Popen[str]) -> str:
    assert program.stdout is not None
    return program.stdout.readline().strip()


def test_the_program_works_as_an_ordinary_role_over_a_private_socket(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    role = "SELECT rolname || ' ' || rolsuper || ' ' || rolcreatedb FROM pg_roles WHERE rolname = "
    assert value(server.url, role + "current_user") == "gonghui false true"
    assert value(server.superuser_url, role + "current_user") == "postgres true true"
    assert value(server.url, "SHOW listen_addresses") == ""
    assert value(server.url, "SHOW data_checksums") == "on"
    assert value(server.url, "SHOW fsync") == "on"
    assert value(server.url, "SELECT '工' < '会' COLLATE pg_c_utf8") is False
    assert (
        value(
            server.url,
            "SELECT datlocprovider::text || datlocale FROM pg_database WHERE datname = 'gonghui'",
        )
        == "bC.UTF-8"
    )
    assert server.socket_folder.stat().st_mode & 0o777 == 0o700
    assert server.data.stat().st_mode & 0o777 == 0o700


def test_leaving_stops_the_server_and_the_data_stay(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    assert embedded_postgres.ensure_running(home) == server
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
    embedded_postgres.leave(home)
    assert embedded_postgres.status(home) is None
    assert system.processes(server.data) == []
    assert not server.socket_folder.exists()
    again = embedded_postgres.ensure_running(home)
    assert again.url == server.url
    assert value(again.url, "SELECT seven FROM kept") == 7


def test_two_programs_at_once_share_one_server(
    home: Path, run: Callable[..., subprocess.Popen[str]]
) -> None:
    programs = [run("-m", MODULE, "start", home) for _ in range(2)]
    outputs = [program.communicate()[0] for program in programs]
    assert [program.returncode for program in programs] == [0, 0]
    server = embedded_postgres.status(home)
    assert server is not None
    assert outputs == [f"{server.url}\n进程 {server.pid}，数据 {server.data}\n"] * 2
    assert main_processes(home) == [server.pid]


def test_the_last_program_to_leave_stops_the_server(
    home: Path, run: Callable[..., subprocess.Popen[str]]
) -> None:
    other = run("-c", HOLDER, home)
    pid = int(said(other))
    assert embedded_postgres.ensure_running(home).pid == pid
    embedded_postgres.leave(home)
    server = embedded_postgres.status(home)
    assert server is not None
    assert value(server.url, "SELECT 1") == 1
    other.communicate()
    assert other.returncode == 0
    assert embedded_postgres.status(home) is None


def test_the_server_of_a_killed_program_is_taken_over(
    home: Path, run: Callable[..., subprocess.Popen[str]]
) -> None:
    other = run("-c", HOLDER, home)
    pid = int(said(other))
    other.kill()
    other.wait()
    server = embedded_postgres.ensure_running(home)
    assert server.pid == pid
    assert value(server.url, "SELECT 1") == 1
    embedded_postgres.leave(home)
    assert embedded_postgres.status(home) is None


def insert_until_cut_off(server: Server, acknowledged: list[int], hundred: threading.Event) -> None:
    with suppress(psycopg.OperationalError), psycopg.connect(server.url, autocommit=True) as conn:
        while True:
            number = len(acknowledged)
            conn.execute("INSERT INTO counted VALUES (%s)", [number])
            acknowledged.append(number)
            if number == 100:
                hundred.set()


def test_every_acknowledged_row_outlives_a_killed_server(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    with psycopg.connect(server.url) as connection:
        connection.execute("CREATE TABLE counted (number integer)")
    acknowledged: list[int] = []
    hundred = threading.Event()
    writer = threading.Thread(target=insert_until_cut_off, args=(server, acknowledged, hundred))
    writer.start()
    assert hundred.wait(30)
    kill(server.pid)
    after = embedded_postgres.ensure_running(home)
    writer.join(30)
    assert after.pid != server.pid
    assert after.url == server.url
    with psycopg.connect(after.url) as connection:
        stored = [row[0] for row in connection.execute("SELECT number FROM counted ORDER BY 1")]
    # The last one may have been stored without its writer having been told.
    assert stored in (acknowledged, [*acknowledged, len(acknowledged)])


def test_a_busy_session_of_a_killed_server_does_not_hold_up_the_next(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    with closing(psycopg.connect(server.url, autocommit=True)) as busy:
        busy.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000000000000)")
        kill(server.pid)
        after = embedded_postgres.ensure_running(home)
        assert value(after.url, "SELECT 1") == 1
        assert main_processes(home) == [after.pid]


def test_a_server_killed_while_others_use_it_comes_back(
    home: Path, run: Callable[..., subprocess.Popen[str]]
) -> None:
    other = run("-c", HOLDER, home)
    killed = int(said(other))
    kill(killed)
    after = embedded_postgres.ensure_running(home)
    assert after.pid != killed
    assert value(after.url, "SELECT 1") == 1
    assert main_processes(home) == [after.pid]


def test_the_watch_brings_a_killed_server_back(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    until = threading.Event()
    watch = threading.Thread(
        target=embedded_postgres.keep_running, args=(home, until), kwargs={"every": 0.05}
    )
    watch.start()
    kill(server.pid)
    assert system.wait_for(lambda: embedded_postgres.status(home) not in (None, server), 30)
    until.set()
    watch.join(30)
    assert value(server.url, "SELECT 1") == 1


def test_the_watch_goes_on_after_a_start_that_failed(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    server = embedded_postgres.ensure_running(home)
    own_settings = server.data / "postgresql.auto.conf"
    kept = own_settings.read_text()
    own_settings.write_text("no_such_setting = 1\n")
    until = threading.Event()
    watch = threading.Thread(
        target=embedded_postgres.keep_running, args=(home, until), kwargs={"every": 0.05}
    )
    watch.start()
    kill(server.pid)
    assert system.wait_for(lambda: "did not come back" in caplog.text, 30)
    own_settings.write_text(kept)
    assert system.wait_for(lambda: embedded_postgres.status(home) not in (None, server), 30)
    until.set()
    watch.join(30)
    assert value(server.url, "SELECT 1") == 1


def test_a_stranger_with_the_process_id_of_a_killed_server_is_no_obstacle(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    embedded_postgres.leave(home)
    (server.data / "postmaster.pid").write_text(
        f"{os.getpid()}\n{server.data}\n0\n5432\n{server.socket_folder}\n\n\nready\n"
    )
    assert embedded_postgres.status(home) is None
    assert value(embedded_postgres.ensure_running(home).url, "SELECT 1") == 1


def test_a_creation_that_was_cut_short_is_begun_again(home: Path) -> None:
    (home / "postgres.new/base").mkdir(parents=True)
    (home / "postgres.new/PG_VERSION").write_text("18\n")
    assert value(embedded_postgres.ensure_running(home).url, "SELECT 1") == 1
    assert not (home / "postgres.new").exists()


@pytest.mark.parametrize("name", ["工会 数据 'a\" $HOME;%41,b", "长" * 60])
def test_any_path_will_do(
    tmp_path: Path, name: str, run: Callable[..., subprocess.Popen[str]]
) -> None:
    home = tmp_path / name / name
    (tmp_path / name).mkdir()
    program = run("-m", MODULE, "start", home, TMPDIR=str(tmp_path / name))
    url = program.communicate()[0].splitlines()[0]
    assert program.returncode == 0
    assert value(url, "SELECT 1") == 1
    assert embedded_postgres.stop(home)
    assert embedded_postgres.status(home) is None


def test_what_start_began_runs_until_stop(home: Path) -> None:
    assert embedded_postgres.main(["status", str(home)]) == 3
    assert embedded_postgres.main(["start", str(home)]) == 0
    embedded_postgres.ensure_running(home)
    embedded_postgres.leave(home)
    assert embedded_postgres.main(["status", str(home)]) == 0
    assert embedded_postgres.main(["stop", str(home)]) == 0
    assert embedded_postgres.main(["status", str(home)]) == 3
    embedded_postgres.ensure_running(home)
    embedded_postgres.leave(home)
    assert embedded_postgres.status(home) is None


def test_a_folder_of_another_user_is_refused(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.mkdir()
    stranger = os.geteuid() + 424242
    monkeypatch.setattr(os, "geteuid", lambda: stranger)
    with pytest.raises(DatabaseUnavailable) as refused:
        embedded_postgres.ensure_running(home)
    assert f"{home} 属于用户" in refused.value.message
    assert f"当前用户是 {stranger}" in refused.value.message
    assert f"not to {stranger}: run as" in refused.value.message
    assert list(home.iterdir()) == []
    monkeypatch.undo()


def test_data_of_another_version_are_refused_untouched(home: Path) -> None:
    (home / "postgres").mkdir(parents=True)
    (home / "postgres/PG_VERSION").write_text("17\n")
    with pytest.raises(DatabaseUnavailable, match="是 PostgreSQL 17 的数据，内置数据库是 18"):
        embedded_postgres.ensure_running(home)
    assert [path.name for path in (home / "postgres").iterdir()] == ["PG_VERSION"]


def test_a_socket_folder_that_others_may_write_to_is_refused(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    embedded_postgres.leave(home)
    server.socket_folder.mkdir()
    server.socket_folder.chmod(0o777)
    with pytest.raises(DatabaseUnavailable, match="已被占用或权限不当"):
        embedded_postgres.ensure_running(home)
    server.socket_folder.rmdir()


def test_a_server_that_cannot_start_says_why(home: Path) -> None:
    server = embedded_postgres.ensure_running(home)
    embedded_postgres.leave(home)
    with (server.data / "postgresql.auto.conf").open("a") as settings:
        settings.write("no_such_setting = 1\n")
    with pytest.raises(DatabaseUnavailable, match='unrecognized configuration parameter "no_such'):
        embedded_postgres.ensure_running(home)
    assert embedded_postgres.status(home) is None


def test_a_throwaway_server_forgets_everything() -> None:
    with embedded_postgres.throwaway() as server:
        assert value(server.url, "SHOW fsync") == "off"
        assert value(server.url, "SELECT 1") == 1
    assert not server.data.parent.exists()
    assert system.processes(server.data) == []


def test_what_a_killed_test_run_left_is_cleared_away(
    run: Callable[..., subprocess.Popen[str]],
) -> None:
    other = run("-c", THROWAWAY_HOLDER)
    left = Path(said(other))
    other.kill()
    other.wait()
    assert system.processes(left) != []
    with embedded_postgres.throwaway():
        assert not left.parent.exists()
        assert system.processes(left) == []


def test_an_ordinary_user_has_a_server_of_his_own(
    open_folder: Path, binaries: Path, run: Callable[..., subprocess.Popen[str]]
) -> None:
    user = os.geteuid() or system.NOBODY
    program = run("-c", ORDINARY_USER, open_folder / "home", binaries, str(user))
    assert program.communicate()[0].splitlines() == ["gonghui", f"{user} {user}", "None"]
    assert program.returncode == 0


def test_where_user_namespaces_are_forbidden_root_hands_the_data_to_nobody_and_back(
    open_folder: Path, binaries: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """For an ordinary user both ways are the same, and the data stay his."""
    home = open_folder / "home"
    home.mkdir()
    monkeypatch.setattr(system, "program", lambda name: binaries / name)
    with monkeypatch.context() as forbidden:
        forbidden.setattr(system, "IN_NAMESPACE", system.Runner(("false",), 0))
        server = embedded_postgres.ensure_running(home)
        user = os.geteuid() or system.NOBODY
        assert Path(f"/proc/{server.pid}").stat().st_uid == user
        assert server.data.stat().st_uid == user
        with psycopg.connect(server.url) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS seven")
        kill(server.pid)
        again = embedded_postgres.ensure_running(home)
        assert value(again.url, "SELECT seven FROM kept") == 7
        embedded_postgres.leave(home)
    monkeypatch.setattr(system, "AS_NOBODY", system.Runner(("false",), system.NOBODY))
    assert value(embedded_postgres.ensure_running(home).url, "SELECT seven FROM kept") == 7
    assert (home / "postgres").stat().st_uid == os.geteuid()


def test_root_is_told_when_the_server_cannot_reach_the_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(system, "IN_NAMESPACE", system.Runner(("false",), 0))
    monkeypatch.setattr(system, "AS_NOBODY", system.Runner(("no-such-program",), 0))
    with pytest.raises(DatabaseUnavailable, match="不能以 root 身份使用"):
        system.runner(home)
    monkeypatch.undo()
