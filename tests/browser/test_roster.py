"""A roster on its whole way: faults told, mended in the returned sheet, approved, paid, failed, paid again."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import Page, expect

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.accounts.models import User
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import create
from gonghui.shared.campaigns.models import Campaign
from gonghui.shared.funds.models import PayBatch, PayeeAccount, PayLine
from gonghui.shared.funds.services.moving import account_number
from tests.browser.driving import (
    PHONE,
    act,
    check_accessible,
    check_not_sideways,
    control,
    fill,
    follow,
    number_of,
    press,
    shot,
)
from tests.browser.scene import fresh
from tests.browser.test_founding import SHEET
from tests.shared.funds.conftest import Office
from tests.shared.funds.planting import HEAD, Payee, homes_at, planted_roster, sheet_of
from tests.support import money
from tests.support.people import user_with

ROWS, FAULTS, FAILURES = 240, 40, 14
# Whom no other cell can help: had already, dead, a relative, without a home or a file.
LEFT_OUT = (*range(21, 31), *range(43, 47), 48, 49)
# Whose account was changed a moment ago: a second person verifies it.
UNVERIFIED = (35, 36)
PAID = ROWS - len(LEFT_OUT)


@dataclass
class Desk:
    """The accounts of the county's office."""

    maker: User
    reviewer: User
    finance: User
    cashier: User
    leader: User


@pytest.fixture
def desk(city) -> Desk:
    """Five people, none of whom may take two steps."""
    return Desk(
        maker=user_with(Role.COUNTY, city.county, "张编表"),
        reviewer=user_with(Role.COUNTY, city.county, "李审核"),
        finance=user_with(Role.FINANCE, city.county, "王会计"),
        cashier=user_with(Role.FINANCE, city.county, "赵出纳"),
        leader=user_with(Role.LEADER, city.county, "钱主席"),
    )


def office_of(org, desk: Desk) -> Office:
    people = {name: actor_of(user) for name, user in vars(desk).items()}
    return Office(org=org, **people)


def neighbours_office(city) -> Office:
    roles = (Role.COUNTY, Role.COUNTY, Role.FINANCE, Role.FINANCE, Role.LEADER)
    users = [user_with(role, city.neighbour) for role in roles]
    return office_of(city.neighbour, Desk(*users))


def festivals_of(city) -> Campaign:
    today = clock.today()
    return create(
        Campaign,
        by=SYSTEM,
        org=city.city,
        code="SJ",
        name="双节送温暖",
        kind="festivals",
        window_from=today - timedelta(days=40),
        window_to=today + timedelta(days=40),
        counts_in_service=True,
    )


def open_batch_page(page: Page, batch: PayBatch) -> None:
    page.goto(f"/r/funds.pay_batch/{batch.pk}/")


def upload_roster(page: Page, batch: PayBatch, name: str, content: bytes) -> None:
    open_batch_page(page, batch)
    page.locator("main a[href*='/r/funds.pay_line/import/']").first.click()
    page.locator("input[type=file]").set_input_files(
        {"name": name, "mimeType": SHEET, "buffer": content}
    )
    press(page, "上传并检查")


def mended(returned: bytes, registered: dict[int, str]) -> bytes:
    """The returned sheet as an office mends it: cells put right, rows taken out whom nothing helps."""
    book = load_workbook(io.BytesIO(returned))
    sheet = book.active
    heads = [cell.value for cell in sheet[1]]
    reason = heads.index("错误原因") + 1
    assert sheet.max_row == ROWS + 1
    for row in range(sheet.max_row, 1, -1):
        place = row - 1
        if not sheet.cell(row, reason).value or place in UNVERIFIED:
            continue
        if place in LEFT_OUT:
            sheet.delete_rows(row)
            continue
        right = dict(zip(HEAD, Payee(place).row(), strict=True))
        right["银行账号"] = registered.get(place, right["银行账号"])
        for column, head in enumerate(heads, 1):
            if head in right:
                sheet.cell(row, column).value = right[head] or None
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def bank_answer(file: bytes, failures: int) -> bytes:
    """What the bank says to the file that it was given; the first so many payments fail."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(("序号", "账号", "金额（元）", "结果", "原因"))
    for place, row in enumerate(csv.DictReader(io.StringIO(file.decode("gb18030")))):
        told = ("失败", "户名不符") if place < failures else ("成功", "")
        writer.writerow((row["序号"], row["账号"], row["金额（元）"], *told))
    return out.getvalue().encode("gb18030")


def downloaded(page: Page, label: str, tmp_path: Path, *, button: bool = False) -> bytes:
    with page.expect_download() as download:
        if button:
            press(page, label)
        else:
            follow(page, label)
    target = tmp_path / download.value.suggested_filename
    download.value.save_as(target)
    return target.read_bytes()


def give_in_answer(page: Page, batch: PayBatch, content: bytes, name: str) -> None:
    open_batch_page(page, batch)
    follow(page, "导入银行回盘")
    fill(page, value_on=clock.today().isoformat())
    control(page, "file").set_input_files({"name": name, "mimeType": "text/csv", "buffer": content})
    press(page, "导入回盘")


def paid_figures(org) -> tuple[int, int]:
    """The sum that was paid in the year, and the households that got it, by the ledger."""
    year = Period(date(clock.today().year, 1, 1), date(clock.today().year, 12, 31))
    with acting(SYSTEM):
        total = int(figure("funds.paid", org, year).value or 0)
        homes = int(figure("aid.swn_households", org, year).value or 0)
    return total, homes


def test_a_roster_with_every_fault_is_mended_paid_and_its_failures_paid_again(
    city, desk, visitor, tmp_path: Path, monkeypatch
):
    with acting(SYSTEM):
        county = office_of(city.county, desk)
        homes = homes_at(city.county, range(1, ROWS + 1))
        plant = planted_roster(
            homes, county, neighbours_office(city), festivals_of(city), monkeypatch
        )
        assert len(plant.said) == FAULTS
        fund = county.fund(200_000, "SWN-H")
    maker = visitor(desk.maker)

    # The office opens a batch and gives in its sheet: each fault is told at its cell, nothing is written.
    maker.goto("/r/funds.pay_batch/new/")
    fill(
        maker,
        title="双节送温暖花名册",
        fund=fund.code,
        programme_code="送温暖慰问困难职工（SWN-H）",
        campaign_code="双节送温暖（SJ）",
        form="银行转账",
        opened_on=clock.today().isoformat(),
    )
    press(maker, "保存")
    expect(maker.locator("h1")).to_contain_text("双节送温暖花名册")
    batch = PayBatch(pk=number_of(maker))
    upload_roster(maker, batch, "花名册.xlsx", sheet_of(plant.rows.values()))
    counts = maker.locator("dl.counts dd")
    expect(counts).to_have_text([str(ROWS - FAULTS), "0", "0", str(FAULTS)])
    expect(maker.locator("main")).to_contain_text("本表须整份写入")
    expect(maker.get_by_role("button", name="写入")).to_have_count(0)
    check_accessible(maker)
    shot(maker, "roster-faults")
    returned = downloaded(maker, "下载错误原因表", tmp_path)
    with acting(SYSTEM):
        assert not PayLine.objects.filter(batch=batch).exists()

    # A second person verifies the changed accounts; the returned sheet is mended and comes in whole.
    reviewer = visitor(desk.reviewer)
    with acting(SYSTEM):
        accounts = {
            place: PayeeAccount.objects.get(person=plant.person[place], valid_to=None)
            for place in (33, 34, *UNVERIFIED)
        }
    for place in UNVERIFIED:
        reviewer.goto(f"/r/funds.payee_account/{accounts[place].pk}/")
        act(reviewer, "核验")
    registered = {place: account_number(accounts[place]) for place in (33, 34)}
    content = mended(returned, registered)
    upload_roster(maker, batch, "花名册（改好）.xlsx", content)
    expect(counts).to_have_text([str(PAID), "0", "0", "0"])
    press(maker, f"写入 {PAID} 行")
    expect(maker.locator("main [role=status]").first).to_have_text(
        f"已写入：新增{PAID}条，修改0条。"
    )
    upload_roster(maker, batch, "花名册（改好）.xlsx", content)
    expect(maker.locator("main [role=alert]")).to_contain_text("不能重复导入")

    # It is checked and claimed, reviewed, approved at a telephone, and sent; nobody takes two steps.
    open_batch_page(maker, batch)
    act(maker, "校验")
    act(maker, "提交")
    expect(maker.get_by_role("link", name="部门审核通过", exact=True)).to_have_count(0)
    assert fresh(fund).reserved == PAID * 700
    finance, leader = visitor(desk.finance), visitor(desk.leader, PHONE)
    for page, step in ((reviewer, "部门审核通过"), (finance, "财务审核通过"), (leader, "批准")):
        open_batch_page(page, batch)
        if page is leader:
            check_not_sideways(page)
            check_accessible(page)
            shot(page, "roster-approve")
        act(page, step)
    cashier = visitor(desk.cashier)
    open_batch_page(cashier, batch)
    act(cashier, "生成银行文件（领款）")
    file = downloaded(cashier, "下载银行代发文件", tmp_path, button=True)
    assert downloaded(cashier, "下载银行代发文件", tmp_path, button=True) == file
    assert fresh(fund).in_transit == PAID * 700

    # The bank answers; the same answer again has no effect.
    answer = bank_answer(file, FAILURES)
    give_in_answer(cashier, batch, answer, "回盘.csv")
    expect(cashier.locator("main [role=status]").first).to_have_text(
        f"已登记：成功{PAID - FAILURES}笔，失败{FAILURES}笔。"
    )
    expect(cashier.get_by_role("link", name="导入银行回盘")).to_have_count(0)
    shot(cashier, "roster-answered")
    cashier.goto(f"/funds/batches/{batch.pk}/answer/")
    fill(cashier, value_on=clock.today().isoformat())
    control(cashier, "file").set_input_files(
        {"name": "回盘.csv", "mimeType": "text/csv", "buffer": answer}
    )
    press(cashier, "导入回盘")
    expect(cashier.locator("main")).to_contain_text("不能重复导入")
    assert paid_figures(city.city) == ((PAID - FAILURES) * 700, PAID - FAILURES)

    # What failed is paid in a batch of its own; small, it ends with finance.
    open_batch_page(maker, batch)
    press(maker, f"重发失败的{FAILURES}笔")
    expect(maker.locator("h1")).to_contain_text("（重发）")
    again = PayBatch(pk=number_of(maker))
    act(maker, "校验")
    act(maker, "提交")
    for page, step in (
        (reviewer, "部门审核通过"),
        (finance, "财务批准"),
        (cashier, "生成银行文件（领款）"),
    ):
        open_batch_page(page, again)
        act(page, step)
    file = downloaded(cashier, "下载银行代发文件", tmp_path, button=True)
    give_in_answer(cashier, again, bank_answer(file, 0), "回盘2.csv")
    for each in (batch, again):
        open_batch_page(maker, each)
        act(maker, "归档")
    open_batch_page(maker, batch)
    expect(maker.get_by_role("button", name="重发失败的")).to_have_count(0)

    # Every household once, every yuan in its place; audit sees all of it and changes nothing.
    assert paid_figures(city.city) == (PAID * 700, PAID)
    fund = fresh(fund)
    assert (fund.received, fund.reserved, fund.in_transit) == (200_000, 0, 0)
    assert (fund.paid, fund.available) == (PAID * 700, 200_000 - PAID * 700)
    assert money.troubles() == []
    auditor = visitor(user_with(Role.AUDIT, city.city, "孙经审"))
    open_batch_page(auditor, batch)
    expect(auditor.locator("h1")).to_contain_text("已归档")
    for button in ("修改", "归档", "从 Excel 导入"):
        expect(auditor.get_by_role("link", name=button)).to_have_count(0)
    with acting(SYSTEM):
        line = PayLine.objects.filter(batch=again).first()
    auditor.goto(f"/r/funds.pay_line/{line.pk}/")
    follow(auditor, "看这笔钱的来路")
    expect(auditor.locator("main")).to_contain_text("示例单位")
    shot(auditor, "roster-trace")
