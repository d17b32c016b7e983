"""What each command of the command line does; Django is set up when this is imported."""

from __future__ import annotations

import argparse
import csv
import ctypes
import os
import secrets
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from datetime import date, datetime
from datetime import time as time_of_day
from decimal import Decimal
from pathlib import Path
from types import FrameType

from django.conf import settings
from django.core.management import execute_from_command_line
from django.db import connection

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.config import database, embedded_postgres, schema
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger import catalogue, rebuilding
from gonghui.kernel.ledger.declare import Figure, Indicator
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.parameters.services import seed_holidays


def run(options: argparse.Namespace) -> int:
    """Run the command that was parsed; the exit code."""
    return _COMMANDS[options.command](options)


def _say(text: str) -> None:
    print(text, flush=True)


def _migrate(_: argparse.Namespace) -> int:
    _say("正在建立或升级数据库结构……")
    schema.bring_up_to_date()
    seed_holidays()
    _say("数据库结构已是最新。")
    return 0


def secret_key() -> str:
    """The key that signs sessions: made once, kept in the data folder."""
    path = Path(settings.HOME) / "session.key"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_urlsafe(50))
    return path.read_text().strip()


def _serve(options: argparse.Namespace) -> int:
    """Web server and worker as two child processes; whichever ends by itself is started again."""
    _migrate(options)
    os.environ.setdefault("GONGHUI_SECRET_KEY", secret_key())
    workers = str(getattr(options, "workers", 2))
    web = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", options.host]
    web += ["--port", str(options.port), "--workers", workers, "--no-ws"]
    web += ["gonghui.config.wsgi:application"]
    worker = [sys.executable, "-P", "-c", _CHILD, "worker"]
    return _supervise(
        {"网页服务": web, "后台作业": worker}, f"http://{options.host}:{options.port}/"
    )


_CHILD = "import sys; from gonghui.config.command_line import main; sys.exit(main(sys.argv[1:]))"


def _begin(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a program of ours; it is asked to end when this one dies, however it dies."""

    def end_with_parent() -> None:
        _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)

    return subprocess.Popen(command, preexec_fn=end_with_parent)  # noqa: S603  # our own programs


def _supervise(programs: dict[str, list[str]], address: str) -> int:
    ended = threading.Event()

    def stop(_: int, __: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    if settings.EMBEDDED:
        keep = embedded_postgres.keep_running
        threading.Thread(target=keep, args=(database.home(), ended), daemon=True).start()
    running = {name: _begin(command) for name, command in programs.items()}
    _say(f"已启动：{address}（按 Ctrl+C 停止）")
    while not ended.wait(0.5):
        for name, command in programs.items():
            if running[name].poll() is not None:
                _say(f"{name}已退出，正在重新启动。")
                time.sleep(1)
                running[name] = _begin(command)
    for process in running.values():
        process.terminate()
    for process in running.values():
        process.wait()
    return 0


def _worker(_: argparse.Namespace) -> int:
    from gonghui.kernel.jobs.worker import work

    return work()


def _demo(options: argparse.Namespace) -> int:
    from demo.loading import accounts_to_show, is_loaded, load

    _migrate(options)
    if is_loaded():
        _say("演示城市已在库中。")
    else:
        load(scale=options.scale, members=options.members, seed=options.seed, say=_say)
    if options.step == "load":
        return 0
    for line in accounts_to_show():
        _say(line)
    # The programs started from here live in the demonstration's days, so deadlines look as they did.
    os.environ["GONGHUI_DEMO"] = "1"
    shift = clock.shift_to(datetime.combine(DEMO_DAY, time_of_day(9), clock.ZONE))
    os.environ["GONGHUI_CLOCK_SHIFT"] = str(int(shift.total_seconds()))
    return _serve(options)


DEMO_DAY = date(2012, 8, 22)
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)


def _city() -> Org:
    found = unscoped(Org).filter(level=OrgLevel.CITY).first()
    if found is None:
        raise DomainError("库中还没有市总工会；请先运行 gonghui demo load 或导入工会组织。")
    return found


def _window(indicator: Indicator, on: date) -> Period:
    """The period a figure is printed for by default: the day for stocks, the year so far otherwise."""
    return Period(on, on) if indicator.is_stock else Period.year_to_date(on)


def _printed(indicator: Indicator, figure: Figure) -> str:
    if figure.value is None:
        return ""
    if indicator.unit == "%":
        return str(figure.value.quantize(Decimal("0.0001")))
    value = figure.value
    return str(value.quantize(Decimal(1)) if value == value.to_integral_value() else value)


def _figures(options: argparse.Namespace) -> int:
    with acting(SYSTEM):
        city = _city()
        indicators = catalogue.all_indicators()
        windows = {i.code: _window(i, options.on) for i in indicators}
        found: dict[str, Figure] = {}
        for window in set(windows.values()):
            codes = [code for code, of in windows.items() if of == window]
            read = figures(codes, [city], window, options.as_of)
            found |= {code: read[code, city.pk] for code in codes}
    rows = [
        (i.code, city.code, w.start, w.end, _printed(i, found[i.code]))
        for i in indicators
        for w in [windows[i.code]]
    ]
    if options.format == "csv":
        writer = csv.writer(sys.stdout)
        writer.writerow(["code", "org", "period_from", "period_to", "value"])
        writer.writerows(rows)
    else:
        for row, i in zip(rows, indicators, strict=True):
            _say(f"{i.code:32}{row[4] or found[i.code].note:>14} {i.unit}  {i.name}")
    return 0


def _units(city: Org) -> Iterable[Org]:
    """The organisations directly below the city, counties first."""
    below = unscoped(Org).filter(superior=city).exclude(state="dissolved")
    return sorted(below, key=lambda org: (org.level != OrgLevel.COUNTY, org.code))


def _figure(options: argparse.Namespace) -> int:
    indicator = catalogue.indicator(options.code)
    start = options.start or (options.to if indicator.is_stock else date(options.to.year, 1, 1))
    period = Period(start, options.to)
    with acting(SYSTEM):
        city = _city()
        orgs = [*(_units(city) if options.by else ()), city]
        found = figures([indicator.code], orgs, period, options.as_of)
    _say(f"{indicator.name}（{indicator.unit}），{period.label()}")
    for org in orgs:
        figure = found[indicator.code, org.pk]
        name = "全市" if org == city else str(org)
        _say(f"  {name}\t{_printed(indicator, figure) or figure.note}")
    return 0


def _report(options: argparse.Namespace) -> int:
    """A draft is written whatever is missing in it; a tag that is wrong makes the command fail."""
    from gonghui.lines.reports.services import write_report

    with acting(SYSTEM):
        made = write_report(
            options.template,
            options.as_of,
            options.out,
            options.edition,
            title=options.title.replace("/", "\n"),
            meeting=options.meeting,
            speaker=options.speaker,
            speak_on=options.speak_on or options.as_of,
        )
    _say(f"已写入{options.out}：{len(made.figures)}个数字，待补{len(made.missing)}处。")
    for error in made.errors:
        print(error, file=sys.stderr)
    return 1 if made.errors else 0


def _import(options: argparse.Namespace) -> int:
    from gonghui.kernel.imports.services import import_file

    with acting(SYSTEM):
        summary = import_file(
            options.register,
            options.file,
            username=options.username,
            org_code=options.org,
            dry_run=options.dry_run,
        )
    _say(summary.text)
    return 0 if summary.refused == 0 else 1


def _ledger(options: argparse.Namespace) -> int:
    with acting(SYSTEM):
        if options.step == "fold":
            _say(f"已归并{fold()}条差额。")
            return 0
        if options.step == "rebuild":
            rebuilding.rebuild(options.code)
            _say("账本已按台账重建。")
        report = verify([options.code] if options.code else None)
    if report.differing:
        for differing in report.differing:
            print(differing, file=sys.stderr)
        print(
            f"已复核{report.checked}个数字，{len(report.differing)}个与台账不一致。",
            file=sys.stderr,
        )
        return 1
    _say(f"已复核{report.checked}个数字，全部与台账一致。")
    return 0


def _pg(name: str, *arguments: str) -> None:
    if settings.EMBEDDED:
        name = str(embedded_postgres.program(name))
    done = subprocess.run([name, *arguments], check=False, capture_output=True, text=True)  # noqa: S603  # our own arguments
    if done.returncode:
        raise DomainError(f"{Path(name).name}没有成功：{done.stderr.strip()[:500]}")


def _backup(options: argparse.Namespace) -> int:
    target: Path = options.file
    _pg("pg_dump", "-Fc", "-d", os.environ["DATABASE_URL"], "-f", str(target))
    _say(f"数据库已备份到{target}（{target.stat().st_size:,}字节）。")
    key = Path(settings.HOME) / "sealing.key"
    if key.exists():
        _say(f"密钥文件{key}须另行妥善保管：没有它，证件号码等密文无法解开。")
    return 0


def _restore(options: argparse.Namespace) -> int:
    if not options.file.exists():
        raise DomainError(f"找不到备份文件{options.file}。")

    if connection.introspection.table_names():
        raise DomainError("库不是空的，恢复会覆盖现有数据；请换一个空的 GONGHUI_HOME 或数据库。")
    connection.close()
    _pg(
        "pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
        "-d", os.environ["DATABASE_URL"], str(options.file),
    )  # fmt: skip
    _say("已恢复，正在复核账本……")
    return _ledger(argparse.Namespace(step="verify", code=None))


def _doctor(_: argparse.Namespace) -> int:
    from django.db.migrations.executor import MigrationExecutor

    from gonghui.kernel.records.triggers import broken_links

    troubles: list[str] = []
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version")
        _say(
            f"数据库：PostgreSQL {cursor.fetchone()[0]}（{'内嵌' if settings.EMBEDDED else '外部'}）"
        )
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        troubles.append(f"有{len(waiting)}项数据库结构升级未执行，请运行 gonghui migrate。")
    else:
        broken = broken_links()
        if broken:
            troubles.append(f"历史记录校验链断开：{broken[:5]}")
        with acting(SYSTEM):
            report = verify()
        _say(f"账本：已复核{report.checked}个数字")
        if report.differing:
            troubles.append(
                f"账本有{len(report.differing)}处与台账不一致，请运行 gonghui ledger verify。"
            )
    key = Path(settings.HOME) / "sealing.key"
    if key.exists() and key.stat().st_mode & 0o077:
        troubles.append(f"密钥文件{key}的权限过宽，应为0600。")
    for trouble in troubles:
        print(f"问题：{trouble}", file=sys.stderr)
    _say("未发现问题。" if not troubles else f"发现{len(troubles)}个问题。")
    return 1 if troubles else 0


def _account(options: argparse.Namespace) -> int:
    from gonghui.kernel.access.roles import Role
    from gonghui.kernel.accounts.models import Grant, User

    if options.role not in Role.values:
        raise DomainError(f"没有角色“{options.role}”；可用：{'、'.join(Role.values)}。")
    org = unscoped(Org).filter(code=options.org).first()
    if org is None:
        raise DomainError(f"没有代码为“{options.org}”的工会。")
    password = secrets.token_urlsafe(9)
    user = User.objects.create_user(
        options.username, password, name=options.name, org=org, must_change_password=True
    )
    Grant.objects.create(user=user, role=options.role, org=org, valid_from=clock.today())
    _say(f"账号{user.username}已建立，初始密码：{password}（首次登录须修改）")
    return 0


def _bench(options: argparse.Namespace) -> int:
    from tools.bench import main as bench

    return int(bench(options.out, quick=options.quick, parts=options.parts))


def _django(options: argparse.Namespace) -> int:
    execute_from_command_line(["gonghui django", *options.arguments])
    return 0


_COMMANDS: dict[str, Callable[[argparse.Namespace], int]] = {
    "serve": _serve,
    "worker": _worker,
    "migrate": _migrate,
    "demo": _demo,
    "figures": _figures,
    "figure": _figure,
    "report": _report,
    "import": _import,
    "ledger": _ledger,
    "backup": _backup,
    "restore": _restore,
    "doctor": _doctor,
    "account": _account,
    "bench": _bench,
    "django": _django,
}
