"""`kill -9` of `gonghui serve`, started again on the same home."""

from __future__ import annotations

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from http.cookies import SimpleCookie
from pathlib import Path
from urllib.parse import urlencode

import pytest

from gonghui.config import embedded_postgres
from gonghui.config import postgres_process as system
from tests.fault import city
from tests.fault.processes import Nursery, main_processes

pytestmark = pytest.mark.fault

ROOT = Path(__file__).parents[2]
PATIENCE = 60.0
PROGRAM = "import sys; from gonghui.config.command_line import main; sys.exit(main(sys.argv[1:]))"


class Service:
    """`gonghui serve` on a home and a port, and a browser that stays logged in to it."""

    def __init__(self, home: Path) -> None:
        self.home = home
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.cookies: SimpleCookie = SimpleCookie()
        self.programs: list[subprocess.Popen[bytes]] = []

    def start(self) -> None:
        """Start it and wait until it answers."""
        environment = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        environment |= {
            "GONGHUI_HOME": str(self.home),
            "DJANGO_SETTINGS_MODULE": "tests.fault.served_settings",
            "GONGHUI_LOG_LEVEL": "ERROR",
        }
        command = [sys.executable, "-c", PROGRAM, "serve", "--port", str(self.port)]
        program = subprocess.Popen(
            [*command, "--workers", "1"],
            cwd=ROOT,
            env=environment,
            stdout=subprocess.PIPE,
            start_new_session=True,
        )
        self.programs.append(program)
        assert program.stdout is not None
        lines = iter(program.stdout.readline, b"")
        assert any("已启动" in line.decode() for line in lines), "it ended before it had started"
        assert system.wait_for(self.answers, PATIENCE)

    def answers(self) -> bool:
        """Whether it shows the page to log in."""
        try:
            return self.get("/login/")[0] in {200, 302}
        except OSError:
            return False

    def kill_all(self) -> None:
        """The command and the programs it has started, all at once; PostgreSQL goes on."""
        os.killpg(self.programs[-1].pid, signal.SIGKILL)
        self.programs[-1].wait()
        assert system.wait_for(lambda: not self.is_listening(), PATIENCE)

    def is_listening(self) -> bool:
        """Whether anybody takes connections at its port."""
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def get(self, path: str) -> tuple[int, str]:
        """What a page answers."""
        return self._call("GET", path, b"", {})

    def post(self, path: str, body: bytes, kind: str, **headers: str) -> tuple[int, str]:
        """What sending a form or a call answers."""
        token = self.cookies["csrftoken"].value
        given = {"X-CSRFToken": token, "Content-Type": kind, **headers}
        return self._call("POST", path, body, given)

    def log_in(self, username: str) -> None:
        """Log in with the password of the fault tests' users."""
        self.get("/login/")
        form = urlencode({"username": username, "password": city.PASSWORD}).encode()
        status, _ = self.post("/login/", form, "application/x-www-form-urlencoded")
        assert status == 302

    def create(self, title: str, org_id: int, key: str) -> tuple[int, str]:
        """Register a visit through the interface; the same key has effect once."""
        body = json.dumps({"title": title, "org": org_id, "visited_on": "2012-03-01"}).encode()
        headers = {"Idempotency-Key": key}
        return self.post("/api/v1/sample.visit/", body, "application/json", **headers)

    def _call(
        self, method: str, path: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str]:
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in self.cookies.items())
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {**headers, "Cookie": cookies})
            answer = connection.getresponse()
            for name, value in answer.getheaders():
                if name.lower() == "set-cookie":
                    self.cookies.load(value)
            return answer.status, answer.read().decode()
        finally:
            connection.close()


@pytest.fixture
def service(home: Path, nursery: Nursery) -> Iterator[Service]:
    made = Service(home)
    yield made
    for program in made.programs:
        try:
            os.killpg(program.pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
        finally:
            program.wait()
            if program.stdout is not None:
                program.stdout.close()


def test_a_killed_service_comes_back_with_sessions_and_records(
    service: Service, home: Path, nursery: Nursery
) -> None:
    here = nursery.ask(city.union).pk
    service.start()
    service.log_in("station")
    server = embedded_postgres.status(home)
    made = [service.create(f"走访{number}", here, f"key-{number}") for number in range(5)]
    assert [status for status, _ in made] == [201] * 5
    numbers = [json.loads(text)["number"] for _, text in made]
    assert numbers == [f"走访-2012-{number:04d}" for number in range(1, 6)]
    service.kill_all()
    service.start()
    assert embedded_postgres.status(home) == server
    assert len(main_processes(home)) == 1
    status, page = service.get("/r/sample.visit/")
    assert status == 200
    assert re.findall(r"走访-2012-\d{4}", page) == numbers[::-1]
    # Whoever did not get the answer asks again with the same key and gets the same one.
    assert service.create("走访4", here, "key-4") == made[4]
    assert service.create("走访5", here, "key-5")[0] == 201
    found = nursery.ask(city.look)
    assert found.troubles == []
    assert found.states == {f"走访{number}": "draft" for number in range(6)}
