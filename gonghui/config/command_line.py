"""The command `gonghui`: serving, loading, figures, reports and care of the data.

Every command says what it does, and exits with 1 and a sentence when it fails.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from gonghui.base.errors import DomainError
from gonghui.config import database, garbage


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"日期“{text}”应写成2012-06-30的形式") from None


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="gonghui", description="市总工会业务系统")
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令")

    serve = commands.add_parser("serve", help="启动服务（含后台作业）")
    serve.add_argument("--host", default="127.0.0.1")
    serve.add_argument("--port", type=int, default=8000)
    serve.add_argument("--workers", type=int, default=2)

    commands.add_parser("worker", help="只运行后台作业")
    commands.add_parser("migrate", help="建立或升级数据库结构")

    demo = commands.add_parser("demo", help="演示城市")
    steps = demo.add_subparsers(dest="step", required=True)
    load = steps.add_parser("load", help="把演示数据装入空库")
    show = steps.add_parser("serve", help="装入演示数据（如尚未装入）并启动服务")
    for step in (load, show):
        step.add_argument("--scale", type=int, default=1, help="数据放大倍数")
        step.add_argument("--members", type=int, default=0, help="另加实名会员人数")
        step.add_argument("--seed", type=int, default=2012, help="随机种子")
    show.add_argument("--host", default="127.0.0.1")
    show.add_argument("--port", type=int, default=8000)

    figures = commands.add_parser("figures", help="打印全市全部指标")
    figures.add_argument("--on", type=_day, required=True, help="截至日期")
    figures.add_argument("--as-of", type=_day, help="按哪一天已登记的数据")
    figures.add_argument("--format", choices=("csv", "table"), default="table")

    figure = commands.add_parser("figure", help="打印一个指标")
    figure.add_argument("code")
    figure.add_argument("--to", type=_day, required=True)
    figure.add_argument("--from", dest="start", type=_day, help="默认当年1月1日")
    figure.add_argument("--as-of", type=_day)
    figure.add_argument("--by", choices=("county",), help="按县（市、区）分列")

    report = commands.add_parser("report", help="生成工作报告")
    report.add_argument("--template", default="half-year")
    report.add_argument("--as-of", type=_day, required=True)
    report.add_argument("--out", type=Path, required=True)
    report.add_argument("--edition", choices=("final", "review"), default="final")
    report.add_argument("--title", default="", help="题目，分行用“/”隔开")
    report.add_argument("--meeting", default="", help="会议名称")
    report.add_argument("--speaker", default="", help="报告人职务和姓名")
    report.add_argument("--speak-on", type=_day, help="会议日，默认取数日")

    sheet = commands.add_parser("import", help="导入表格")
    sheet.add_argument("register")
    sheet.add_argument("file", type=Path)
    sheet.add_argument("--as", dest="username", required=True, help="以哪个账号的权限导入")
    sheet.add_argument("--org", help="所属工会代码，默认账号所在工会")
    sheet.add_argument("--dry-run", action="store_true", help="只检查不写入")

    ledger = commands.add_parser("ledger", help="数字账本")
    ledger.add_argument("step", choices=("verify", "fold", "rebuild"))
    ledger.add_argument("code", nargs="?", help="只处理一个指标")

    backup = commands.add_parser("backup", help="备份数据库和密钥")
    backup.add_argument("file", type=Path)
    restore = commands.add_parser("restore", help="从备份恢复到空库")
    restore.add_argument("file", type=Path)

    commands.add_parser("doctor", help="检查运行环境和数据")
    account = commands.add_parser("account", help="建立账号")
    account.add_argument("username")
    account.add_argument("--name", required=True)
    account.add_argument("--role", required=True)
    account.add_argument("--org", required=True, help="工会代码")
    bench = commands.add_parser("bench", help="运行基准测试")
    bench.add_argument("--out", type=Path, default=Path("docs/dev/benchmark.md"))
    bench.add_argument("--quick", action="store_true")
    bench.add_argument(
        "--parts", nargs="+", default=[], help="只量其中几部分，如 statistics figures"
    )
    django = commands.add_parser("django", help="Django管理命令", add_help=False)
    django.add_argument("arguments", nargs=argparse.REMAINDER)
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; the exit code is 0 when it did what it says."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "gonghui.config.settings")
    try:
        database.provide()
        import django

        django.setup()
        from gonghui.config import commands

        garbage.settle()
        code = commands.run(options)
        sys.stdout.flush()
        return code
    except DomainError as error:
        print(f"失败：{error.message}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("已停止。", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # Whoever reads, such as `head`, has seen enough; the rest of the output goes nowhere.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
