"""What has happened in the city before a test begins, and what stands in its database afterwards."""

from __future__ import annotations

from datetime import date, timedelta
from io import BytesIO

from openpyxl import Workbook

from gonghui.base import clock
from gonghui.base.identity import make_id_number
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.members.models import Membership
from gonghui.lines.members.roster import write_roster
from gonghui.lines.orgs.models import FormationEmployer, UnionFormation
from tests.lines.members.making import id_number
from tests.lines.orgs.making import an_election, an_employer, meeting

SPRING, SUMMER = date(2012, 3, 20), date(2012, 6, 12)
SURNAMES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗"
GIVEN = "建国秀英志强桂兰海燕春梅红军丽华晓东玉珍"
HEADINGS = [
    "序号",
    "姓名",
    "证件类型",
    "身份证号",
    "手机",
    "用工形式",
    "农民工",
    "入会日期",
    "工会小组",
]


def name_of(number: int) -> str:
    """A made-up name, another for each number below some hundred."""
    at = number * 2 % len(GIVEN)
    return SURNAMES[number % len(SURNAMES)] + GIVEN[at : at + 2]


def found_union(
    superior: Org, name: str, on: date, *, number: int, members: int = 25
) -> UnionFormation:
    """A union founded on a day, as it was recorded that day."""
    with clock.at(on), acting(SYSTEM):
        formation = create(
            UnionFormation,
            by=SYSTEM,
            org=superior,
            proposed_name=name,
            kind="single",
            contact="李示例 13800000000",
        )
        employer = an_employer(superior, number, name=name.removesuffix("工会委员会"))
        create(FormationEmployer, by=SYSTEM, formation=formation, employer=employer)
        formation = perform(formation, "apply_prep", by=SYSTEM)
        formation = perform(
            formation, "approve_prep", by=SYSTEM, prep_doc_no=f"工筹〔2012〕{number}号"
        )
        outcomes = write_roster([person_row(n) for n in range(members)], SYSTEM, formation.org)
        assert [outcome.error for outcome in outcomes] == [None] * members
        hold_election(formation.org, members)
        formation = perform(formation, "report_result", by=SYSTEM)
        return perform(formation, "establish", by=SYSTEM, approval_doc_no=f"工组〔2012〕{number}号")


def person_row(number: int) -> dict[str, object]:
    """A row of a roster as the import reads it."""
    return {
        "person__name": name_of(number),
        "person__id_no": id_number(),
        "employ_kind": "contract",
        "joined_on": clock.today(),
    }


def roster_sheet(members: int, *, joined_on: date) -> bytes:
    """A cadre's own sheet: a title over merged cells, spaces in names, groups merged, one bad number."""
    book = Workbook()
    sheet = book.active
    sheet.title = "首批会员"
    sheet.append(["昆阳食品有限公司工会首批会员花名册"])
    sheet.append(["填报单位：昆阳食品有限公司"])
    sheet.merge_cells("A1:I1")
    sheet.merge_cells("A2:I2")
    sheet.append(HEADINGS)
    for number in range(members + 1):
        person = name_of(number)
        born_on = date(1970, 1, 1) + timedelta(days=137 * number)
        paper = make_id_number("410422", born_on, 101 + number)
        if number == members:
            paper = paper[:-1] + ("1" if paper[-1] != "1" else "2")
        spaced = f" {person[0]}　{person[1:]} " if number % 4 == 0 else person
        day = f"{joined_on.year}.{joined_on.month}.{joined_on.day}"
        group = "一车间" if number == 0 else "二车间" if number == 10 else None
        sheet.append(
            [
                number + 1,
                spaced,
                "身份证",
                paper,
                f"1380375{number:04d}",
                "合同制",
                "是",
                day,
                group,
            ]
        )
    sheet.merge_cells("I4:I13")
    sheet.merge_cells(f"I14:I{members + 4}")
    sheet.append(["合计", None, None, members + 1])
    kept = BytesIO()
    book.save(kept)
    return kept.getvalue()


def hold_election(org: Org, members: int) -> None:
    """The founding election of a draft union, held today and reported."""
    with acting(SYSTEM):
        case = an_election(org, members=members)
        case = perform(case, "hold", by=SYSTEM, **meeting(members))
        perform(case, "report", by=SYSTEM)


def fresh(record):
    """A record as it stands in the database."""
    with acting(SYSTEM):
        return type(record).objects.get(pk=record.pk)


def value(code: str, org: Org, period: Period) -> int:
    """A figure as whole number."""
    with acting(SYSTEM):
        return int(figure(code, org, period).value or 0)


def members_of(org: Org) -> list[Membership]:
    """The memberships of a union."""
    with acting(SYSTEM):
        return list(Membership.objects.filter(org=org, voided_at=None).order_by("pk"))
