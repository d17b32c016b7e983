"""What was measured, and the table that is made of it."""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import connection

_QUICK = " with --quick: the aims are meant for ten times these data."


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """One measure at one size of the data: the median of several runs, and what it is held against."""

    seconds: float
    runs: int
    beside: tuple[float, ...] = ()
    queries: int | None = None


@dataclass(slots=True, kw_only=True)
class Line:
    """One line of the table; `aim` tells in words what `is_met` decides."""

    part: str
    name: str
    aim: str = ""
    beside: tuple[str, ...] = ()
    is_met: Callable[[Line], bool] | None = None
    taken: list[Taken] = field(default_factory=list)

    @property
    def growth(self) -> float | None:
        """How much dearer it became at ten times the data."""
        if len(self.taken) < 2 or not self.taken[0].seconds:
            return None
        return self.taken[-1].seconds / self.taken[0].seconds

    @property
    def last(self) -> Taken:
        """At the largest size."""
        return self.taken[-1]

    def ratio(self, position: int = 0) -> float:
        """How many times as long a comparator takes, at the largest size."""
        return self.last.beside[position] / self.last.seconds


class Table:
    """The lines in order; a measure taken again at another size joins its line."""

    def __init__(self) -> None:
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self.loads: list[float] = []

    def add(self, part: str, name: str, taken: Taken, **about: Any) -> None:
        """Note one measure."""
        self.loads.append(os.getloadavg()[0])
        for line in self.lines:
            if (line.part, line.name) == (part, name):
                line.taken.append(taken)
                break
        else:
            line = Line(part=part, name=name, taken=[taken], **about)
            self.lines.append(line)
        beside = "、".join(
            f"{name} {_time(seconds)}"
            for name, seconds in zip(line.beside, taken.beside, strict=True)
        )
        print(
            f"  {part} {name}：{_time(taken.seconds)}{'；' if beside else ''}{beside}", flush=True
        )

    def written(self, sizes: list[str], seconds: float, *, quick: bool) -> str:
        """The page of documentation."""
        heads = [
            "part", "measure", "aim", *sizes, "growth", "queries", "beside it", "runs", "aim met",
        ]  # fmt: skip
        rows = [f"| {' | '.join(heads)} |", f"|{' --- |' * len(heads)}"]
        rows += [f"| {' | '.join(_cells(line, len(sizes)))} |" for line in self.lines]
        return "\n".join(
            [
                "# Benchmark",
                "",
                "Made by `make bench` (`gonghui bench`); do not edit. Every measure stands beside its",
                "comparator, taken in the same run on the same data. A time is the median of the runs.",
                "",
                *_machine(self.loads),
                f"- It took {seconds / 60:.1f} minutes{_QUICK if quick else '.'}",
                "",
                *rows,
                "",
                "## What was measured",
                "",
                *(f"- {note}" for note in self.notes),
                "",
            ]
        )


def _cells(line: Line, sizes: int) -> list[str]:
    times = [_time(taken.seconds) for taken in line.taken]
    times = ["-"] * (sizes - len(times)) + times
    beside = "; ".join(
        f"{name}: {' → '.join(_time(taken.beside[position]) for taken in line.taken)}"
        f" ({_times(line.ratio(position))})"
        for position, name in enumerate(line.beside)
    )
    queries = {str(taken.queries) for taken in line.taken if taken.queries is not None}
    met = "" if line.is_met is None else ("yes" if line.is_met(line) else "**no**")
    growth = "" if line.growth is None else f"{line.growth:.2f}×"
    runs = str(line.last.runs)
    return [
        line.part, line.name, line.aim, *times, growth, " / ".join(sorted(queries)), beside, runs, met,
    ]  # fmt: skip


def _times(ratio: float) -> str:
    return f"{ratio:,.0f}×" if ratio >= 10 else f"{ratio:.2g}×"


def _time(seconds: float) -> str:
    if seconds >= 10:
        return f"{seconds:.1f} s"
    if seconds >= 1:
        return f"{seconds:.2f} s"
    return f"{seconds * 1000:.3g} ms"


def _machine(loads: list[float]) -> list[str]:
    import django
    import duckdb

    with connection.cursor() as cursor:
        cursor.execute("SELECT split_part(version(), ' on ', 1), current_setting('shared_buffers')")
        server, buffers = cursor.fetchone()
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 1024**3
    return [
        f"- {time.strftime('%Y-%m-%d %H:%M')}, {os.cpu_count()} cores ({_processor()}), {memory:.0f} GB,"
        f" {platform.system()} {platform.release()}; load average of the machine meanwhile {min(loads):.1f} to {max(loads):.1f}",
        f"- {server} (shared_buffers {buffers}), Python {platform.python_version()},"
        f" Django {django.__version__}, DuckDB {duckdb.__version__}",
    ]


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines():
        if line.startswith("model name"):
            return line.partition(":")[2].strip()
    return platform.machine()


def median(work: Callable[[], Any], runs: int, *, warm: bool = True) -> float:
    """The median of the seconds that some work takes; by default once before it without counting."""
    if warm:
        work()
    return statistics.median(_seconds(work) for _ in range(runs))


def _seconds(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


class Queries:
    """Counts statements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Any, sql: Any, params: Any, many: Any, context: Any) -> Any:
        self.count += 1
        return execute(sql, params, many, context)


@contextmanager
def counted() -> Iterator[Queries]:
    """The statements of what runs inside."""
    queries = Queries()
    with connection.execute_wrapper(queries):
        yield queries
