"""The roster sheet: every fault at its cell, all rows or none, and the batch it makes on its way to the payees."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError
from gonghui.base.identity import make_id_number
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.imports import services
from gonghui.kernel.imports.corrected import corrected_sheet
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.people.models import Household, HouseholdMember, Person
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import KinDeclaration, PayBatch, PayeeAccount, PayLine
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services import bank, paying
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.kernel.excel.makers import workbook
from tests.shared.funds.conftest import account_of
from tests.shared.funds.test_bank import answer
from tests.shared.funds.test_money import lines_of, sums_agree

HEAD = (
    "序号",
    "姓名",
    "身份证号",
    "所在单位",
    "受益对象（本人/子女姓名）",
    "受益对象身份证号",
    "项目",
    "金额（元）",
    "开户行",
    "银行账号",
    "户名",
    "联系电话",
    "备注",
)
DAY = date(2012, 3, 15)
GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉萍红建国文辉"


def number_of(place: int) -> str:
    return make_id_number("410403", date(1965, 1, 1 + place % 28), 101 + place // 28)


def account_number(place: int) -> str:
    return f"6222{place:08d}1234"


@dataclass
class Payee:
    """A row of the sheet; whatever a test gives replaces its cells."""

    place: int
    cells: dict[str, object] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"职{GIVEN[self.place % 31]}{GIVEN[self.place // 31 % 31]}"

    def row(self) -> tuple[object, ...]:
        usual = {
            "序号": self.place,
            "姓名": self.name,
            "身份证号": number_of(self.place),
            "所在单位": "示例机械厂",
            "受益对象（本人/子女姓名）": "本人",
            "项目": "送温暖慰问困难职工",
            "金额（元）": 700,
            "开户行": "示例银行",
            "银行账号": account_number(self.place),
            "户名": self.name,
        }
        return tuple(self.cells.get(head, usual.get(head, "")) for head in HEAD)


def sheet_of(payees) -> bytes:
    return workbook([HEAD, *(each.row() for each in payees)])


@pytest.fixture
def homes(tree):
    """Records the payees' households, whose heads they are."""

    def make(places) -> dict[int, Household]:
        rows = [
            {"org": tree.county, "name": Payee(place).name, "id_no": number_of(place)}
            for place in places
        ]
        people = [outcome.record for outcome in create_many(Person, rows, by=SYSTEM)]
        now = clock.now()
        made = Household._unscoped.bulk_create(
            [
                Household(org=tree.county, head=each, created_at=now, changed_at=now)
                for each in people
            ]
        )
        return dict(zip(places, made, strict=True))

    return make


def member(household, person):
    now = clock.now()
    HouseholdMember(
        org=household.org,
        household=household,
        person=person,
        kinship="spouse",
        valid_from=date(2000, 1, 1),
        created_at=now,
        changed_at=now,
    ).save()


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

    def cap(line, day):
        return Cap(
            subject_key=f"H{line.household_id}",
            group="comfort",
            period=str(day.year),
            amount=Decimal(1000),
        )

    monkeypatch.setitem(programmes._caps, "SWN-H", cap)


COUNT = 600


class Planting:
    """600 rows, 40 of them with faults: the rows, whom they mean, and what is to be said of each."""

    def __init__(self, found: dict[int, Household]) -> None:
        self.homes = found
        self.person = {place: home.head for place, home in found.items()}
        self.rows = {place: Payee(place) for place in found}
        self.said: dict[int, list[tuple[str, str]]] = {}

    def __call__(self, place, label, text, **cells):
        """Spoil cells of a row, and note the cell and the words that are to be said."""
        heads = {"amount": "金额（元）", "child": "受益对象（本人/子女姓名）"}
        self.rows[place].cells |= {heads.get(name, name): value for name, value in cells.items()}
        self.said.setdefault(place + 1, []).append((label, text))


def plant_in_cells(plant):
    """Faults of single cells; and what is only written differently, which is none."""
    wrong = number_of(11)[:-1] + ("0" if number_of(11)[-1] != "0" else "1")
    plant(11, "身份证号", "身份证号第18位校验不符，请核对", 身份证号=wrong)
    damaged = "证件号码被Excel改成数字，请用模板（文本格式）重新填写"
    plant(12, "身份证号", damaged, 身份证号=4.10403196501130e17)
    plant(13, "身份证号", damaged, 身份证号="4.10403E+17")
    plant(14, "身份证号", "“身份证号”必填，不能为空。", 身份证号="")
    plant(15, "姓名", "“姓名”必填，不能为空。", 姓名="")
    plant(
        16,
        "姓名",
        f"该证件号码已登记为“{plant.person[16].name[0]}**”，与所填姓名不一致，请核对；如更名请走信息更正。",
        姓名="李四",
    )
    plant(
        17,
        "项目",
        "本批次的项目是“送温暖慰问困难职工”，这一行填的是“金秋助学”，请分开编表。",
        项目="金秋助学",
    )
    plant(18, "金额", "金额须大于0。", amount=0)
    plant(19, "金额", "金额须大于0。", amount=-700)
    plant(20, "金额", "金额“七百多”看不懂，请只填数字，例如1234.50", amount="七百多")
    # What is only written differently is no fault.
    plant.rows[51].cells["身份证号"] = f" {number_of(51)[:6]} {number_of(51)[6:]}".replace(
        "1", "１"
    )
    plant.rows[52].cells["姓名"] = "　".join(Payee(52).name)
    plant.rows[53].cells["金额（元）"] = "0.07万元"
    plant.rows[54].cells["银行账号"] = " ".join(
        account_number(54)[start : start + 4] for start in range(0, 20, 4)
    ).strip()
    plant.rows[55].cells["项目"] = "SWN-H"


def plant_in_city(plant, neighbour, festivals):
    """Twice in the sheet, twice in a household, twice in the city, more than the cap."""
    for place, first in ((21, 1), (22, 2), (23, 3)):
        plant(
            place,
            "业务编号",
            f"与第{first + 1}行是同一条（身份证号、受益对象身份证号、业务编号相同），请删去一行。",
            身份证号=number_of(first),
            姓名=Payee(first).name,
        )
    for place, first in ((24, 4), (25, 5), (26, 6)):
        Household._unscoped.filter(pk=plant.homes[place].pk).update(voided_at=clock.now())
        member(plant.homes[first], plant.person[place])
        plant(
            place,
            "身份证号",
            f"与序号{first}的“{Payee(first).name}”是同一户（人），不得重复。",
        )
        plant(
            place,
            "金额",
            "本期已享受700.00元，本次700.00元，超过上限1,000.00元（超400.00元）。",
        )
    theirs = open_batch(
        org=neighbour.org,
        fund=neighbour.fund(10_000, "SWN-H"),
        programme="SWN-H",
        campaign=festivals.code,
        title="邻县双节慰问",
        by=neighbour.maker,
        form="cash",
    )
    requests = [
        PaymentRequest(payee=plant.person[place], household=plant.homes[place], amount=Decimal(500))
        for place in (27, 28, 29, 30)
    ]
    assert [each.error for each in add_lines(theirs, requests, by=neighbour.maker)] == [None] * 4
    for place in (27, 28, 29, 30):
        plant(
            place,
            "身份证号",
            f"该户（人）已由{neighbour.org}于2012-03-15在《邻县双节慰问》列支500.00元，"
            "不得重复；确需叠加的，由领导批准叠加发放。",
        )
        plant(
            place,
            "金额",
            "本期已享受500.00元，本次700.00元，超过上限1,000.00元（超200.00元）。",
        )
    theirs.refresh_from_db()
    neighbour.submitted(theirs)


def plant_in_accounts(plant, county):
    """Accounts that were damaged, changed, shared, another's or not given."""
    lost = "银行账号疑被Excel改成数字，末几位已丢失，请设为文本格式后重填"
    plant(31, "银行账号", lost, 银行账号=6.2220000003112e15)
    plant(32, "银行账号", lost, 银行账号="6.22200E+15")
    for place in (33, 34):
        registered = account_of(plant.person[place])
        plant(
            place,
            "银行账号",
            f"与登记的收款账户（尾号{registered.last4}）不一致；已更换账号的，"
            "请先在收款账户中停用旧账户、登记新账户并由第二人核验。",
        )
    for place in (35, 36):
        old = account_of(plant.person[place])
        perform(old, "close", by=SYSTEM, valid_to=DAY)
        create(
            PayeeAccount,
            by=county.maker,
            org=county.org,
            person=plant.person[place],
            account_no=account_number(place),
            holder_name=plant.person[place].name,
            bank_name="示例银行",
            valid_from=DAY,
        )
        plant(place, "银行账号", "收款账号7天内变更过，须第二人核验。")
    for place in (37, 38):
        plant(
            place,
            "户名",
            f"户名“王不识”与收款人“{Payee(place).name}”不一致，请登记代收关系并附证明。",
            户名="王不识",
        )
    for place in (39, 40):
        plant(place, "银行账号", "账号尾号0099被2名收款人使用。", 银行账号="622200000000990099")
    for place in (41, 42):
        plant(
            place,
            "银行账号",
            f"{Payee(place).name}没有收款账户，不能银行转账。",
            银行账号="",
        )


def plant_in_people(plant, county, monkeypatch):
    """The dead, the relative, those without household or file, a child without number."""
    for place in (43, 44):
        change(plant.person[place], by=SYSTEM, deceased_on=date(2012, 2, 1))
        plant(place, "身份证号", f"{Payee(place).name}已于2012-02-01登记去世。")
    username = User.objects.get(pk=county.maker.user_id).username
    create(
        KinDeclaration,
        by=SYSTEM,
        org=county.org,
        username=username,
        person=plant.person[45],
        relation="sibling",
    )
    plant(45, "身份证号", "收款人与经办人是本人或亲属，须回避。")
    Household._unscoped.filter(pk=plant.homes[46].pk).update(voided_at=clock.now())
    plant(46, "身份证号", "本项目须登记受益家庭。")
    plant(
        47,
        "金额",
        "本期已享受0.00元，本次1,000.01元，超过上限1,000.00元（超0.01元）。",
        amount=1000.01,
    )

    def without_file(lines, day):
        return {
            position: ("F03", f"{line.person}无在档困难档案，本项目须先建档后帮扶。")
            for position, line in enumerate(lines)
            if line.person_id in {plant.person[48].pk, plant.person[49].pk}
        }

    monkeypatch.setitem(programmes._eligibility, "SWN-H", [without_file])
    for place in (48, 49):
        plant(place, "身份证号", f"{Payee(place).name}无在档困难档案，本项目须先建档后帮扶。")
    plant(
        50,
        "受益对象身份证号",
        "受益对象不是本人的，姓名和身份证号都要填写。",
        child="职小明",
    )


@pytest.fixture
def planted(county, neighbour, festivals, homes, at_most, monkeypatch):
    """The rows of the sheet, and what is to be said of which."""
    plant = Planting(homes(range(1, COUNT + 1)))
    plant_in_cells(plant)
    plant_in_city(plant, neighbour, festivals)
    plant_in_accounts(plant, county)
    plant_in_people(plant, county, monkeypatch)
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
