"""`gonghui bench`: what the system costs, each measure beside what one would do otherwise.

All of it happens on a server of its own in a temporary home, never on the user's data.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from gonghui.config import embedded_postgres

ROOT = Path(__file__).resolve().parents[2]
_NEEDED = {"duckdb": "DuckDB", "openpyxl": "openpyxl", "python_calamine": "calamine"}


def main(out: Path, *, quick: bool, parts: Sequence[str] = ()) -> int:
    """Measure and write the table to `out`; `quick` takes a tenth of the data, `parts` some of them.

    The exit code.
    """
    missing = [name for module, name in _NEEDED.items() if importlib.util.find_spec(module) is None]
    if missing:
        print(
            f"缺少对照用的软件包：{'、'.join(missing)}。"
            "请运行 tools/install.sh dev.lock 装齐开发用的软件包，再运行 make bench。",
            file=sys.stderr,
        )
        return 1
    with tempfile.TemporaryDirectory(prefix="gonghui-bench-") as folder:
        home = Path(folder) / "home"
        try:
            return _measure(home, out.resolve(), quick=quick, parts=parts)
        finally:
            embedded_postgres.stop(home)


def _measure(home: Path, out: Path, *, quick: bool, parts: Sequence[str]) -> int:
    """In a process of its own, because this one has settings that lead to the user's data."""
    server = embedded_postgres.ensure_running(home)
    environment = {
        **os.environ,
        "DATABASE_URL": server.url,
        "GONGHUI_HOME": str(home),
        "GONGHUI_EMBEDDED": "1",
        "GONGHUI_LOG_LEVEL": "ERROR",
        "GONGHUI_HOSTS": "127.0.0.1",
        "GONGHUI_DEBUG": "",
        "GONGHUI_HTTPS": "",
        "DJANGO_SETTINGS_MODULE": "gonghui.config.settings",
    }
    command = [sys.executable, "-m", "tools.bench.run", str(out), *(["--quick"] if quick else [])]
    command += ["--parts", *parts] if parts else []
    return subprocess.run(command, check=False, cwd=ROOT, env=environment).returncode
