"""The half-year of 2012 as the counties certified it, the departments verified it and the leader sealed it.

What was recorded later for a day of the half-year is listed as late; a county has told why of some.
The half-year's statutory form is filled from the seal, signed and sent.
The names of those who sign are invented.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal

from demo import accounts
from demo.acting import Timeline, moment
from demo.places import COUNTIES
from demo.world import World
from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.files.services import attach
from gonghui.kernel.orgs.models import OrgLevel
from gonghui.kernel.parameters.services import set_value
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import change, create, perform, perform_many
from gonghui.lines.statistics import jobs
from gonghui.lines.statistics.models import (
    CheckResult,
    DataSubmission,
    FormReturn,
    HistoricalFigure,
    HistoricalSource,
    LateChange,
    ReturnValue,
    StatPeriod,
)
from gonghui.lines.statistics.models.forms import Channel
from gonghui.lines.statistics.models.period import PeriodKind
from gonghui.lines.statistics.services.shipped import ship_rules
from gonghui.lines.statistics.services.shipped_forms import ship_forms

FIRST, LAST = date(2012, 1, 1), date(2012, 6, 30)
_SIGNERS = [
    "马建军",
    "王学工",
    "李志强",
    "张卫东",
    "刘春生",
    "陈国庆",
    "杨新民",
    "赵援朝",
    "孙爱国",
    "周立业",
]
_START = "台账自2011年10月起登记"
_GROUPS = "基层工会上报的工会小组花名册，2012年6月"
_WHY = "去年下半年业务数据自十月起登记，两期不可比；本期数已与台账逐笔核对。"


def _open(world: World) -> None:
    """The office sets the period up for the counties and asks them to report."""
    office, city = world.cast["bangongshi"], world.orgs["city"]
    ship_rules(city)
    ship_forms(city)
    set_value(
        "reports.system_start", "2011-10-01", by=SYSTEM, valid_from=clock.today(), source=_START
    )
    period = create(
        StatPeriod,
        by=office,
        org=city,
        kind=PeriodKind.HALF,
        start_on=FIRST,
        end_on=LAST,
        levels=[OrgLevel.COUNTY],
    )
    perform(period, "start", by=office)


def _period() -> StatPeriod:
    return StatPeriod.objects.get(kind=PeriodKind.HALF, end_on=LAST)


def _sheets(world: World) -> Iterator[tuple[str, DataSubmission]]:
    """Each county's sheet with the county's code."""
    by_org = {world.orgs[unit.code].pk: unit.code for unit in COUNTIES}
    for sheet in DataSubmission.objects.filter(period=_period()).order_by("org__code"):
        yield by_org[sheet.org_id], sheet


def _prepare(world: World) -> None:
    """The clerks say why figures moved so much, and that the figures are theirs."""
    for code, sheet in _sheets(world):
        clerk = world.cast[accounts.handler(code)]
        asked = CheckResult.objects.filter(org=sheet.org_id, severity="query", state="open")
        must(perform_many(list(asked.order_by("pk")), "explain", by=clerk, explanation=_WHY))
        perform(sheet, "prepare", by=clerk)


def _certify(world: World) -> None:
    for (code, sheet), signer in zip(_sheets(world), _SIGNERS, strict=True):
        perform(sheet, "certify", by=world.cast[accounts.approver(code)], signer=signer)


def _verify(world: World) -> None:
    sheets = [sheet for _, sheet in _sheets(world)]
    must(perform_many(sheets, "verify", by=world.cast["zuzhibu"]))


def _close(world: World) -> None:
    office = world.cast["bangongshi"]
    period = perform(_period(), "close", by=office)
    asked = CheckResult.objects.filter(org=period.org_id, severity="query", state="open")
    must(perform_many(list(asked.order_by("pk")), "explain", by=office, explanation=_WHY))


def _seal(world: World) -> None:
    perform(_period(), "seal", by=world.cast["lingdao"])


# Before the records


def _enter_past(world: World) -> None:
    """What the city had in the first half of 2011, from the sheet of that year; invented."""
    office, city = world.cast["bangongshi"], world.orgs["city"]
    sheet = create(HistoricalSource, by=office, org=city, title="2011年上半年工会统计报表")
    attach(sheet, "2011年上半年工会统计报表.pdf", b"%PDF-1.4 2011", by=office)
    for code, value in (("orgs.new_unions", 463), ("members.new", 21_870)):
        made = create(
            HistoricalFigure,
            by=office,
            org=city,
            indicator=code,
            days="2011年上半年",
            value=Decimal(value),
            source=sheet,
        )
        perform(made, "check", by=world.cast["zuzhibu"])


# Statutory forms


def _returns(world: World) -> Iterator[tuple[str, FormReturn]]:
    """Each return of the half-year with the code of its union, `city` for the city's own."""
    by_org = {world.orgs[unit.code].pk: unit.code for unit in COUNTIES}
    found = FormReturn.objects.filter(period=_period()).select_related("form", "period", "org")
    for each in found.order_by("org__code"):
        yield by_org.get(each.org_id, "city"), each


def _clerk(world: World, code: str) -> Actor:
    return world.cast["bangongshi" if code == "city" else accounts.handler(code)]


def _fill(world: World) -> None:
    """The clerks fill in what no register has, and say that the form is theirs."""
    for number, (code, found) in enumerate(_returns(world)):
        clerk = _clerk(world, code)
        for value in ReturnValue.objects.filter(form_return=found, state="manual").order_by("pk"):
            groups = 2_640 if code == "city" else 180 + 13 * number
            change(value, by=clerk, value=Decimal(groups), basis=_GROUPS)
        perform(found, "prepare", by=clerk)


def _sign(world: World) -> None:
    signers = iter(_SIGNERS)
    for code, found in _returns(world):
        leads = code == "city"
        signer = "郑国栋" if leads else next(signers)
        words = _WHY if found.checks_open else ""
        by = world.cast["lingdao" if leads else accounts.approver(code)]
        perform(found, "certify", by=by, signer=signer, explanation=words)


def _send(world: World) -> None:
    for code, found in _returns(world):
        clerk = _clerk(world, code)
        attach(found, "工统01表签字封面.pdf", b"%PDF-1.4 " + code.encode(), by=clerk)
        perform(found, "send", by=clerk, sent_on=clock.today(), channel=Channel.ONLINE)


def _list_late(world: World) -> None:
    jobs.list_late()


def _explain_late(world: World) -> None:
    """One county has answered for what it recorded on the day before."""
    code = "410482"
    late = LateChange.objects.filter(org__path__startswith=world.orgs[code].path, state="listed")
    clerk = world.cast[accounts.handler(code)]
    why = "基层报送迟，补登前已与原始材料核对。"
    must(perform_many(list(late.order_by("pk")), "explain", by=clerk, explanation=why))


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline, each within its term."""
    for when, hour, step in (
        (date(2012, 7, 2), 10, _open),
        (date(2012, 7, 3), 10, _enter_past),
        (date(2012, 7, 4), 10, _prepare),
        (date(2012, 7, 5), 10, _certify),
        (date(2012, 7, 9), 10, _verify),
        (date(2012, 7, 11), 10, _close),
        (date(2012, 7, 12), 10, _seal),
        (date(2012, 7, 16), 10, _fill),
        (date(2012, 7, 17), 10, _sign),
        (date(2012, 7, 18), 10, _send),
        (date(2012, 8, 15), 2, _list_late),
        (date(2012, 8, 21), 2, _list_late),
        (date(2012, 8, 21), 10, _explain_late),
    ):
        timeline.add(moment(when, hour), "统计封存", lambda step=step: step(world))
