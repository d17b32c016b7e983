"""A roster in which every kind of fault is planted, and what is to be said of each faulty row."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from gonghui.base import clock
from gonghui.base.identity import make_id_number
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.accounts.models import User
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Household, HouseholdMember, Person
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.shared.campaigns.models import Campaign
from gonghui.shared.funds import programmes
from gonghui.shared.funds.models import KinDeclaration, PayeeAccount
from gonghui.shared.funds.programmes import Cap
from gonghui.shared.funds.services.requests import PaymentRequest, add_lines, open_batch
from tests.kernel.excel.makers import workbook
from tests.shared.funds.conftest import Office, account_of

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


def homes_at(org: Org, places: Iterable[int]) -> dict[int, Household]:
    """The payees' households, whose heads they are."""
    places = list(places)
    rows = [{"org": org, "name": Payee(place).name, "id_no": number_of(place)} for place in places]
    people = [outcome.record for outcome in create_many(Person, rows, by=SYSTEM)]
    now = clock.now()
    made = Household._unscoped.bulk_create(
        [Household(org=org, head=each, created_at=now, changed_at=now) for each in people]
    )
    return dict(zip(places, made, strict=True))


def limit_comforts(monkeypatch) -> None:
    """Every household may have 1,000 yuan of a year's comforts."""

    def cap(line, day):
        return Cap(
            subject_key=f"H{line.household_id}",
            group="comfort",
            period=str(day.year),
            amount=Decimal(1000),
        )

    monkeypatch.setitem(programmes._caps, "SWN-H", cap)


def member(household: Household, person: Person) -> None:
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


class Planting:
    """Rows, 40 of them with faults: the rows, whom they mean, and what is to be said of each."""

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


def plant_in_cells(plant: Planting) -> None:
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


def plant_in_city(plant: Planting, neighbour: Office, festivals: Campaign) -> None:
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
            f"该户（人）已由{neighbour.org}于{clock.today()}在《邻县双节慰问》列支500.00元，"
            "不得重复；确需叠加的，由领导批准叠加发放。",
        )
        plant(
            place,
            "金额",
            "本期已享受500.00元，本次700.00元，超过上限1,000.00元（超200.00元）。",
        )
    theirs.refresh_from_db()
    neighbour.submitted(change(theirs, by=neighbour.maker, cash_reason="老人没有银行卡"))


def plant_in_accounts(plant: Planting, county: Office) -> None:
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
        perform(old, "close", by=SYSTEM, valid_to=clock.today())
        create(
            PayeeAccount,
            by=county.maker,
            org=county.org,
            person=plant.person[place],
            account_no=account_number(place),
            holder_name=plant.person[place].name,
            bank_name="示例银行",
            valid_from=clock.today(),
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


def plant_in_people(plant: Planting, county: Office, monkeypatch) -> None:
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


def planted_roster(
    homes: dict[int, Household], county: Office, neighbour: Office, festivals: Campaign, monkeypatch
) -> Planting:
    """Forty faults of every kind among the payees of these households."""
    limit_comforts(monkeypatch)
    plant = Planting(homes)
    plant_in_cells(plant)
    plant_in_city(plant, neighbour, festivals)
    plant_in_accounts(plant, county)
    plant_in_people(plant, county, monkeypatch)
    return plant
