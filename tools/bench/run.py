"""The whole run, in a process whose settings lead to the server of the bench.

    python -m tools.bench.run OUT [--quick] [--parts statistics ...]

It is started by `tools.bench.main`, which makes the server.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import django


def _refuse_real_data() -> None:
    """Only a home that `tools.bench.main` made is ever written to."""
    home = os.environ.get("GONGHUI_HOME", "")
    if "gonghui-bench-" not in home:
        raise SystemExit("请用 gonghui bench 运行：基准测试只在临时数据库上进行。")


def run(out: Path, *, quick: bool, parts: list[str]) -> int:
    """Measure at 1x and at 10x and write the table."""
    from gonghui.base import clock
    from gonghui.config.schema import bring_up_to_date
    from tools.bench import data, figures, payments, posting, results, screens, sheets, statistics

    begun = time.monotonic()
    every = (figures, posting, screens, sheets, payments, statistics)
    chosen = [part for part in every if not parts or part.__name__.split(".")[-1] in parts]
    if not chosen:
        raise SystemExit(f"没有这些部分：{'、'.join(parts)}。")
    small, large = (10_000, 100_000) if quick else (100_000, 1_000_000)
    table = results.Table()
    # Everything happens in the middle of 2012, whenever it is run.
    with clock.at(datetime(2012, 7, 16, 2, tzinfo=UTC)):
        print("正在建立数据库……", flush=True)
        bring_up_to_date()
        city = data.found_city()
        for size in (small, large):
            made = data.grow(city, size, spare=data.BULK // 10 if quick else data.BULK)
            print(f"已有会籍 {size:,} 条（本次用 {made:.0f} 秒），开始测量……", flush=True)
            for measured in chosen:
                since = time.monotonic()
                measured.measure(table, city, size, quick=quick)
                print(f"  （{time.monotonic() - since:.0f} 秒）", flush=True)
    sizes = [f"{size:,} rows" for size in (small, large)]
    for part in (data, *chosen):
        table.notes += part.NOTES
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text(table.written(sizes, time.monotonic() - begun, quick=quick), "utf-8")
    missed = [line for line in table.lines if line.is_met is not None and not line.is_met(line)]
    print(f"已写入{out}：{len(table.lines)}项，其中{len(missed)}项没有达到目标。", flush=True)
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("out", type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--parts", nargs="*", default=[])
    chosen = parser.parse_args()
    _refuse_real_data()
    django.setup()
    from gonghui.config import garbage

    garbage.settle()
    sys.exit(run(chosen.out, quick=chosen.quick, parts=chosen.parts))
