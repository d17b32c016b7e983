"""A roster of payments from the sheet to the bank's answer, beside just reading the sheet."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import xlsxwriter
from django.db import connection, transaction

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import Grant, User
from gonghui.kernel.imports import services
from gonghui.kernel.imports.corrected import corrected_sheet
from gonghui.kernel.imports.models import RunState
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import create, perform
from gonghui.shared.campaigns.models import Campaign, CampaignKind
from gonghui.shared.funds.models import Fund, FundPurpose, FundReceipt, PayBatch, PayLine
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.requests import open_batch
from tools.bench.data import FOUNDED, City, id_number_of
from tools.bench.results import Line, Table, Taken, median
from tools.bench.sheets import _calamine, _openpyxl

ROWS, MOST_ROWS = 24_036, 150_000
FAULTS, FAILURES = 200, 137
GROWTH = 1.5
# What needs neither a hardship file nor a record of another line behind it.
PROGRAMME = "ZFWW"
GIFT = Decimal(700)
_HEADS = ("序号", "姓名", "身份证号", "所在单位", "项目", "金额（元）", "开户行", "银行账号")

NOTES = (
    f"(f) A roster of payments to households of the city, as a county's office: {FAULTS} of its rows are"
    " faulty (identity numbers, repeated rows, other names, no amount), the sheet is judged as a whole,"
    " given back with the reasons, mended, judged again and written in one transaction with payees'"
    f" accounts; the batch is checked, claimed, approved, sent; the bank's answer has {FAILURES} failures,"
    " which are paid in a batch of their own. Beside the import the same bytes only read, every cell of"
    f" every row. The longer roster has {MOST_ROWS:,} rows,"
    f" at the larger city alone; a step may take {GROWTH} times as long a row as with the usual one there.",
)


@dataclass(slots=True)
class Office:
    """Who handles money at the first county, each with one task."""

    org: Org
    fund: Fund
    people: dict[str, Actor] = field(default_factory=dict)


_office: list[Office] = []


def measure(table: Table, city: City, size: int, *, quick: bool) -> None:
    """Take part (f): the usual roster at both sizes of the city, the longest at the larger one."""
    with acting(SYSTEM):
        if not _office:
            _office.append(_found(city))
    usual = ROWS // 10 if quick else ROWS
    pace = _measure(table, city, usual, {})
    if len(next(line for line in table.lines if line.part == "f").taken) > 1:
        _measure(table, city, MOST_ROWS // 10 if quick else MOST_ROWS, pace)


def _measure(table: Table, city: City, rows: int, usual: Mapping[str, float]) -> dict[str, float]:
    """Seconds a row by step; with those of the usual roster given, each step must not be much dearer."""
    office = _office[0]
    payees = _payees(rows)
    # A visit is paid once per round: every roster is a round of its own.
    round_no = f"{city.size}-{rows}"
    batch = _batch(office, f"花名册{round_no}")
    spoilt, mended = (roster(payees, round_no, faults=count) for count in (FAULTS, 0))
    reading = (
        median(lambda: _openpyxl(mended), 1, warm=False),
        median(lambda: _calamine(mended), 3),
    )

    pace: dict[str, float] = {}

    def note(name: str, seconds: float, *, least: int = 0, **about: Any) -> None:
        pace[name] = seconds / rows
        beside = about.pop("reading", ())
        aims = [f"≥ {least} rows/s"] if least else []
        aims += [f"≤ {GROWTH}× a row of the usual roster"] if name in usual else []

        def is_met(line: Line) -> bool:
            now = line.last.seconds / rows
            return now * least <= 1 and now <= GROWTH * usual.get(name, now)

        table.add(
            "f",
            f"{rows:,} payees: {name}",
            Taken(seconds=seconds, runs=1, beside=beside),
            aim=", ".join(aims),
            is_met=is_met if aims else None,
            **about,
        )

    def taken(name: str, work: Callable[[], Any]) -> Any:
        begun = time.perf_counter()
        with acting(office.people["maker"]):
            result = work()
        note(name, time.perf_counter() - begun)
        return result

    run = taken(f"judged, with {FAULTS} faults", lambda: _checked(office, batch, spoilt))
    _expect(run.refused_count == FAULTS, f"{run.state} {run.failure} {run.refused_count}")
    taken("given back with the reasons", lambda: corrected_sheet(run))
    begun = time.perf_counter()
    with acting(office.people["maker"]):
        run = _checked(office, batch, mended)
        run = services.write_run(run, by=office.people["maker"], in_background=False)
    seconds = time.perf_counter() - begun
    _expect(run.state == RunState.DONE and run.new_count == rows, f"{run.state} {run.failure}")
    note(
        "mended, judged and written",
        seconds,
        least=500,
        reading=reading,
        beside=("openpyxl reads", "calamine reads"),
    )
    sent = taken("checked, claimed, approved and sent", lambda: _sent(office, batch))
    answer = _answer(sent)
    taken(f"the bank's answer with {FAILURES} failures", lambda: _take(office, sent, answer))
    begun = time.perf_counter()
    with acting(office.people["maker"]):
        again = _again(office, sent)
    # As many fail of a short roster as of a long one: nothing to reckon by the row.
    seconds = time.perf_counter() - begun
    name = f"{rows:,} payees: the failed ones paid again"
    table.add("f", name, Taken(seconds=seconds, runs=1))
    _expect(again.state == "settled", again.state)
    paid = unscoped(PayLine).filter(batch_id=sent.pk, state="paid").count()
    _expect(paid == rows - FAILURES, f"{paid} paid")
    return pace


def _expect(holds: bool, told: object) -> None:
    if not holds:
        raise SystemExit(f"花名册没有办完：{told}")


def _found(city: City) -> Office:
    """The county's people, campaign and fund."""
    org = city.counties[0]
    wanted = {
        "maker": Role.COUNTY,
        "reviewer": Role.COUNTY,
        "finance": Role.FINANCE,
        "cashier": Role.FINANCE,
        "leader": Role.LEADER,
    }
    people = {}
    for name, role in wanted.items():
        user = User.objects.create_user(f"bench-{name}", "口令-bench-2012", name=name, org=org)
        Grant.objects.create(user=user, role=role, org=org, valid_from=FOUNDED)
        people[name] = actor_of(user)
    create(
        Campaign,
        by=SYSTEM,
        org=city.city,
        code="BENCH",
        name="送温暖",
        kind=CampaignKind.FESTIVALS,
        window_from=date(2012, 1, 1),
        window_to=date(2012, 12, 31),
        counts_in_service=True,
    )
    fund = create(
        Fund,
        by=SYSTEM,
        org=org,
        code="SWN",
        name="送温暖资金",
        fund_year=2012,
        kind="grant",
        primary_source="own_union",
    )
    create(FundPurpose, by=SYSTEM, fund=fund, programme_code=PROGRAMME)
    receipt = create(
        FundReceipt,
        by=SYSTEM,
        org=org,
        fund=fund,
        kind="external",
        source="own_union",
        payer_name="市财政局",
        amount=GIFT * 2 * MOST_ROWS,
        received_on=clock.today(),
        evidence_no="收1",
    )
    perform(receipt, "confirm", by=SYSTEM)
    return Office(org=org, fund=fund, people=people)


_HOMES = """
INSERT INTO people_household (number, state, version, created_at, changed_at, void_reason, org_id, head_id, address)
SELECT '', '', 1, %(now)s, %(now)s, '', p.org_id, p.id, '' FROM people_person p
WHERE p.id <= %(last)s AND NOT EXISTS (SELECT FROM people_household h WHERE h.head_id = p.id)
"""


def _payees(rows: int) -> list[tuple[int, str]]:
    """The first persons of the city, each the head of a household."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_HOMES, {"now": clock.now(), "last": rows})
        cursor.execute("SELECT id, name FROM people_person WHERE id <= %s ORDER BY id", [rows])
        return list(cursor.fetchall())


def _batch(office: Office, title: str) -> PayBatch:
    with acting(office.people["maker"]):
        return open_batch(
            org=office.org,
            fund=office.fund,
            programme=PROGRAMME,
            title=title,
            by=office.people["maker"],
        )


def roster(payees: Sequence[tuple[int, str]], round_no: str, *, faults: int) -> bytes:
    """The office's workbook; so many rows spread over it are faulty, of four kinds in turn."""
    step = len(payees) // faults if faults else 0
    with TemporaryDirectory() as folder:
        path = Path(folder) / "roster.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True})
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, (*_HEADS, "业务编号"))
        for place, (key, name) in enumerate(payees):
            row = [place + 1, name, id_number_of(key), "示例厂", PROGRAMME, 700, "示例银行"]
            row += [f"62220000{key:08d}", round_no]
            if step and place % step == step - 1 and place // step < faults:
                _spoil(row, place // step, payees[place - 1])
            sheet.write_row(place + 1, 0, row)
        book.close()
        return path.read_bytes()


def _spoil(row: list[Any], which: int, before: tuple[int, str]) -> None:
    if which % 4 == 0:
        row[2] = row[2][:-1] + ("1" if row[2][-1] == "0" else "0")
    elif which % 4 == 1:
        row[1], row[2] = before[1], id_number_of(before[0])
    elif which % 4 == 2:
        row[1] = "欧阳别人"
    else:
        row[5] = 0


def _checked(office: Office, batch: PayBatch, content: bytes) -> Any:
    maker = office.people["maker"]
    run = services.upload(
        register_of(PayLine), "花名册.xlsx", content, by=maker, org=office.org, parent=batch
    )
    return services.check(run, by=maker, in_background=False)


def _sent(office: Office, batch: PayBatch) -> PayBatch:
    people = office.people
    batch = unscoped(PayBatch).get(pk=batch.pk)
    batch = perform(perform(batch, "check", by=people["maker"]), "submit", by=people["maker"])
    batch = perform(batch, "dept_review", by=people["reviewer"])
    if batch.tier == 1:
        batch = perform(batch, "finance_approve", by=people["finance"])
    else:
        batch = perform(batch, "finance_review", by=people["finance"])
        batch = perform(batch, "approve", by=people["leader"], minutes="纪要1号")
    return perform(batch, "send", by=people["cashier"])


def _answer(batch: PayBatch) -> bytes:
    with acting(SYSTEM):
        rows = list(csv.DictReader(io.StringIO(bank.content(batch).decode("gb18030"))))
    step = max(len(rows) // FAILURES, 1)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("序号", "账号", "金额（元）", "结果", "原因"))
    for place, row in enumerate(rows):
        fails = place % step == 0 and place // step < FAILURES and len(rows) > FAILURES
        told = ("失败", f"户名不符（{batch.number}）") if fails else ("成功", batch.number)
        writer.writerow((row["序号"], row["账号"], row["金额（元）"], *told))
    return out.getvalue().encode("gb18030")


def _take(office: Office, batch: PayBatch, answer: bytes) -> None:
    taken = bank.take_answer(
        batch,
        answer,
        file_name="回盘.csv",
        value_on=clock.today(),
        by=office.people["cashier"],
    )
    if batch.line_count > FAILURES:
        _expect(taken.failed_count == FAILURES, taken.failed_count)


def _again(office: Office, batch: PayBatch) -> PayBatch:
    fresh = _sent(office, paying.reissue(batch, by=office.people["maker"]))
    _take(office, fresh, _answer(fresh))
    return unscoped(PayBatch).get(pk=fresh.pk)
