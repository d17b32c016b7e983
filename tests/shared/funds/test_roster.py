"""The roster sheet: every fault at its cell, all rows or none, and the batch it makes on its way to the payees."""

from __future__ import annotations

import csv
import io
from datetime import date
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gonghui.base.errors import Conflict, DomainError
from gonghui.base.identity import make_id_number
from gonghui.kernel.imports import services
from gonghui.kernel.imports.corrected import corrected_sheet
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.registry import register_of
from gonghui.shared.funds.models import PayBatch, PayLine
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.requests import open_batch
from tests.kernel.excel.makers import workbook
from tests.shared.funds.planting import (
    HEAD,
    Payee,
    account_number,
    homes_at,
    limit_comforts,
    planted_roster,
    sheet_of,
)
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_money import lines_of, sums_agree

DAY = date(2012, 3, 15)


@pytest.fixture
def homes(tree):
    """Records the payees' households, whose heads they are."""
    return partial(homes_at, tree.county)


@pytest.fixture
def festive(county, festivals):
    """A bank batch of the county for households in the festivals' campaign."""

    def make(amount=1_000_000, form="bank", programme="SWN-H") -> PayBatch:
        return open_batch(
            org=county.org,
            fund=county.fund(amount, programme),
            programme=programme,
            campaign=festivals.code,
            title="双节送温暖花名册",
            by=county.maker,
            form=form,
        )

    return make


def checked(batch, data, office):
    register = register_of(PayLine)
    run = services.upload(
        register, "花名册.xlsx", data, by=office.maker, org=batch.org, parent=batch
    )
    return services.check(run, by=office.maker, in_background=False)


def told(run) -> dict[int, list[tuple[str, str]]]:
    """The faults by row of the sheet."""
    rows = ImportRow.objects.filter(run=run, outcome="refused").order_by("number")
    return {row.number: [(label, text) for label, _, text in row.faults] for row in rows}


def written(batch, payees, office):
    run = checked(batch, sheet_of(payees), office)
    assert told(run) == {}
    run = services.write_run(run, by=office.maker, in_background=False)
    assert (run.state, run.failure) == ("done", "")
    batch.refresh_from_db()
    return run


@pytest.fixture
def at_most(monkeypatch):
    """Every household may have 1,000 yuan of a year's comforts, and some have no file."""
    limit_comforts(monkeypatch)


COUNT = 600


@pytest.fixture
def planted(county, neighbour, festivals, homes, monkeypatch):
    """The rows of the sheet, and what is to be said of which."""
    plant = planted_roster(homes(range(1, COUNT + 1)), county, neighbour, festivals, monkeypatch)
    return plant.rows, plant.said


def test_forty_faults_among_six_hundred_rows_are_told_at_their_cells(planted, festive, county):
    rows, said = planted
    assert len(said) == 40
    batch = festive()
    run = checked(batch, sheet_of(rows.values()), county)
    assert told(run) == said
    assert (run.new_count, run.refused_count) == (COUNT - 40, 40)
    assert not PayLine.objects.filter(batch=batch).exists()
    with pytest.raises(Conflict, match="现有40行有错误"):
        services.write_run(run, by=county.maker)
    _, data = corrected_sheet(run)
    reasons = {
        number: line[-1]
        for number, line in enumerate(load_workbook(io.BytesIO(data)).active.values, 1)
        if number > 1 and line[-1]
    }
    assert set(reasons) == set(said)
    assert "请登记代收关系并附证明" in reasons[38]
    good = [each for place, each in rows.items() if place + 1 not in said]
    written(batch, good, county)
    assert (batch.line_count, batch.total) == (COUNT - 40, 700 * (COUNT - 40))
    assert [line.seq for line in lines_of(batch)] == list(range(1, COUNT - 39))


def test_a_roster_is_paid_and_what_the_bank_could_not_pay_is_paid_again(
    tree, festive, county, homes
):
    homes(range(1, 41))
    batch = festive(100_000)
    written(batch, [Payee(place) for place in range(1, 41)], county)
    sent = county.sent(batch)
    results = ["失败" if place % 5 == 0 else "成功" for place in range(40)]
    data = answer(sent, *results)
    taken = bank.take_answer(sent, data, file_name="回盘.csv", value_on=DAY, by=county.cashier)
    assert (taken.paid_count, taken.failed_count) == (32, 8)
    again = county.sent(paying.reissue(sent, by=county.maker))
    bank.take_answer(
        again, answer(again, *["成功"] * 8), file_name="回盘2.csv", value_on=DAY, by=county.cashier
    )
    for each in (sent, again):
        each.refresh_from_db()
    assert (sent.state, again.state) == ("settled", "settled")
    paid = PayLine.objects.filter(state="paid")
    assert paid.values("household").distinct().count() == 40
    assert set(paid.values_list("workplace", flat=True)) == {"示例机械厂"}
    sent.fund.refresh_from_db()
    assert sent.fund.paid == 28_000
    assert sums_agree(sent.fund)


def test_the_same_roster_comes_in_once_and_is_taken_back_whole(festive, county, homes):
    homes(range(1, 4))
    batch = festive()
    data = sheet_of([Payee(place) for place in range(1, 4)])
    run = services.write_run(checked(batch, data, county), by=county.maker)
    assert run.new_count == 3
    with pytest.raises(Conflict, match="不能重复导入"):
        checked(batch, data, county)
    services.undo(run, by=county.maker, in_background=False)
    batch.refresh_from_db()
    assert (batch.line_count, batch.total) == (0, 0)
    again = services.write_run(checked(batch, data, county), by=county.maker)
    assert again.new_count == 3
    living = PayLine.objects.filter(batch=batch, voided_at=None)
    assert list(living.values_list("seq", flat=True).order_by("seq")) == [1, 2, 3]


def test_rows_that_are_in_the_batch_already_are_not_added_again(festive, county, homes):
    homes(range(1, 4))
    batch = festive()
    written(batch, [Payee(1), Payee(2)], county)
    run = checked(batch, sheet_of([Payee(2), Payee(3)]), county)
    assert told(run) == {2: [("身份证号", f"与序号2的“{Payee(2).name}”是同一户（人），不得重复。")]}


def test_children_are_counted_and_their_parents_are_paid(county, festive, festivals):
    batch = festive(programme="ET61")
    head = (*HEAD, "学年")
    child = make_id_number("410403", date(1994, 5, 1), 7)
    parent = Payee(1, {"项目": "ET61", "受益对象（本人/子女姓名）": "职小一"})
    other = make_id_number("410403", date(1996, 5, 1), 8)
    rows = [
        (*parent.row()[:5], child, *parent.row()[6:], "2012-2013"),
        (*parent.row()[:4], "职小二", other, *parent.row()[6:], "2012-2013"),
    ]
    run = checked(batch, workbook([head, *rows]), county)
    assert told(run) == {}
    services.write_run(run, by=county.maker)
    first, second = lines_of(batch)
    assert first.person_id == second.person_id
    assert [str(line.beneficiary) for line in (first, second)] == ["职小一", "职小二"]
    assert first.benefit_key == f"ET61|2012|{first.beneficiary_id}"
    assert Person.objects.filter(name__startswith="职小").count() == 2


def test_a_submitted_batch_takes_no_roster(festive, county, homes):
    homes(range(1, 3))
    batch = festive()
    written(batch, [Payee(1)], county)
    county.submitted(batch)
    run = checked(batch, sheet_of([Payee(2)]), county)
    assert (run.state, run.failure) == ("failed", "该批次已提交，不能再导入花名册；请先退回。")


def test_a_roster_of_employers_is_refused(festive, county):
    run = checked(festive(programme="SWN-E"), sheet_of([Payee(1)]), county)
    assert run.failure == "本项目付给单位，没有花名册，请逐笔登记。"


def test_a_neighbour_does_not_import_into_the_batch(festive, neighbour, homes):
    with pytest.raises(DomainError, match="没有导入"):
        checked(festive(), sheet_of([Payee(1)]), neighbour)


def test_judging_a_roster_asks_the_database_no_more_for_more_rows(festive, county, homes, at_most):
    homes(range(1, 81))
    asked = []
    for places in (range(1, 21), range(21, 81)):
        batch = festive()
        data = sheet_of([Payee(place) for place in places])
        with CaptureQueriesContext(connection) as queries:
            run = checked(batch, data, county)
        assert told(run) == {}
        asked.append(len(queries))
    assert asked[1] <= asked[0]  # the first run also fills what is kept in memory


def test_the_bank_file_of_a_roster_names_the_accounts_of_the_sheet(festive, county, homes):
    homes(range(1, 4))
    batch = festive()
    written(batch, [Payee(place) for place in range(1, 4)], county)
    rows = csv.DictReader(io.StringIO(bank.content(batch).decode("gb18030")))
    assert [row["账号"] for row in rows] == [account_number(place) for place in range(1, 4)]
