"""A server of its own for each test, and the processes that work on it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from gonghui.config import embedded_postgres
from tests.fault.city import found_city
from tests.fault.processes import Nursery


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory, django_db_blocker: Any) -> Path:
    """A home with the small city in it, whose server is stopped; tests work on copies."""
    home = tmp_path_factory.mktemp("founded") / "home"
    nursery = Nursery(home, django_db_blocker.unblock)
    nursery.ask(found_city)
    embedded_postgres.stop(home)
    return home


@pytest.fixture
def home(founded: Path, tmp_path: Path) -> Iterator[Path]:
    """The home of a server with the small city; it writes through to the disk as in real use."""
    place = tmp_path / "home"
    shutil.copytree(founded, place, symlinks=True)
    yield place
    embedded_postgres.stop(place)


@pytest.fixture
def nursery(home: Path, django_db_blocker: Any) -> Iterator[Nursery]:
    """Starts processes on that server."""
    made = Nursery(home, django_db_blocker.unblock)
    yield made
    made.close()
