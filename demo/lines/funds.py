"""Campaigns, funds, what was raised and sent down, and what is paid outside the lines that are there.

The money of the two festivals is raised by the city and sent down to the counties; model workers'
allowances and the gifts of visits are paid here. Decoys: a payment of the day after the report, one
that came back in September, a batch that waits, one that was returned, money that was only sent down.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from demo import accounts, money, people
from demo.acting import Timeline, moment
from demo.money import PaymentRequest
from demo.places import UNITS
from demo.world import World
from gonghui.base.money import cents, split, yuan
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.shared.campaigns.models import Campaign, CampaignKind
from gonghui.shared.funds.models import FundReceipt, PayBatch, PayLine, Source

FESTIVALS, WOMEN, CHILDREN = "2012SJ", "2012W38", "2012C61"
SCREENING, STUDY, SERVICE = "2012LA", "2012JQ", "2012FW"
HEARTS, CARE, GIFTS, MODELS, LEARN = "SWN", "GUANAI", "ZFWW", "LAOMO", "JQZX"

FESTIVAL_MONEY = Decimal(19_400_000)
WOMEN_MONEY, CHILDREN_MONEY = Decimal(485_000), Decimal(989_760)
LIVING = (318, Decimal(1200))  # persons and yuan of LMSH: 381,600
SPECIAL = (118, Decimal(2000))  # persons and yuan of LMTS: 236,000
MODEL_WORKERS = 777
GIFT_MONEY = Decimal(8_707_640)
GIFT = Decimal(3000)
MOST_GIFTS = 600
COUNTY_CODES = tuple(unit.code for unit in UNITS if unit.is_county)


def _campaigns(world: World) -> None:
    rows: list[tuple[str, str, str, date, date, bool]] = [
        (
            FESTIVALS,
            "2012年双节送温暖",
            CampaignKind.FESTIVALS,
            date(2011, 12, 20),
            date(2012, 2, 6),
            True,
        ),
        (
            WOMEN,
            "2012年三八节慰问",
            CampaignKind.WOMENS_DAY,
            date(2012, 3, 1),
            date(2012, 3, 31),
            True,
        ),
        (
            CHILDREN,
            "2012年六一节慰问",
            CampaignKind.CHILDRENS_DAY,
            date(2012, 5, 21),
            date(2012, 6, 30),
            True,
        ),
        (
            SCREENING,
            "2012年困难女职工两癌免费检查",
            CampaignKind.SCREENING,
            date(2012, 3, 1),
            date(2012, 8, 31),
            False,
        ),
        (STUDY, "2012年金秋助学", CampaignKind.STUDY, date(2012, 7, 1), date(2012, 9, 30), False),
        (
            SERVICE,
            "2012年服务职工活动",
            CampaignKind.SERVICE,
            date(2012, 1, 1),
            date(2012, 12, 31),
            True,
        ),
    ]
    must(
        create_many(
            Campaign,
            [
                {
                    "org": world.orgs["city"],
                    "code": code,
                    "name": name,
                    "kind": kind,
                    "window_from": start,
                    "window_to": end,
                    "counts_in_service": counts,
                    "plan_amount": FESTIVAL_MONEY if code == FESTIVALS else None,
                }
                for code, name, kind, start, end, counts in rows
            ],
            by=world.cast["bangongshi"],
        )
    )


def _funds(world: World) -> None:
    city = world.orgs["city"]
    swn = ("SWN-H", "SWN-E", "SWN-M")
    money.open_fund(world, city, HEARTS, "2012年双节送温暖资金", swn, plan_amount=FESTIVAL_MONEY)
    money.open_fund(world, city, CARE, "2012年女职工关爱资金", ("NZG38", "ET61", "LANC"))
    money.open_fund(world, city, GIFTS, "2012年服务职工走访慰问资金", ("ZFWW",))
    money.open_fund(world, city, MODELS, "2012年劳模补助资金", ("LMWW", "LMSH", "LMTS"))
    for code in COUNTY_CODES:
        org = world.orgs[code]
        money.open_fund(world, org, HEARTS, "2012年双节送温暖资金", swn)
        money.open_fund(world, org, CARE, "2012年女职工关爱资金", ("NZG38", "ET61"))
        money.open_fund(world, org, GIFTS, "2012年服务职工走访慰问资金", ("ZFWW",))


def _raise_for_festivals(world: World) -> None:
    """The sum that the report tells; what the counties get of it is not raised again."""
    fund = money.fund_of(world.orgs["city"], HEARTS)
    rows: list[tuple[str, str, str, int]] = [
        ("市财政局", "收0101", Source.CITY_FISCAL, 8_000_000),
        ("省总工会", "收0102", Source.SUPERIOR_UNION, 5_400_000),
        ("企业行政配套", "收0103", Source.EMPLOYER_MATCH, 3_500_000),
        ("社会捐赠", "收0104", Source.DONATION, 1_500_000),
        ("职工爱心捐款", "收0105", Source.STAFF_DONATION, 1_000_000),
    ]
    for payer, evidence, source, amount in rows:
        money.receive(world, fund, amount, payer, evidence, source=source, campaign=FESTIVALS)


def _send_down_for_festivals(world: World) -> None:
    """All but the model workers' and enterprises' part, which the city pays itself."""
    city = money.fund_of(world.orgs["city"], HEARTS)
    takers = [
        (money.fund_of(world.orgs[code], HEARTS), amount)
        for code, amount in zip(COUNTY_CODES, household_money(), strict=True)
    ]
    money.allot(
        world, city, takers, "平工发〔2012〕1号", "双节送温暖慰问困难职工", campaign=FESTIVALS
    )


HOUSEHOLDS = 24_036
HOUSEHOLD_GIFT = Decimal(700)


def households_by_county() -> list[int]:
    """How many households each county visits at the two festivals."""
    return split(HOUSEHOLDS, [24, 12, 17, 20, 21, 18, 13, 11, 9, 5])


def household_money() -> list[Decimal]:
    """What each county needs for its households."""
    return [count * HOUSEHOLD_GIFT for count in households_by_county()]


def _enter_model_workers(world: World) -> None:
    shares = split(MODEL_WORKERS, [1] * len(COUNTY_CODES))
    met = [
        (each, world.orgs[code])
        for code, share in zip(COUNTY_CODES, shares, strict=True)
        for each in world.newcomers.meet(code, share)
    ]
    world.model_workers = people.enter(met, world.cast["baozhangbu"])


def _raise_for_the_year(world: World) -> None:
    city = world.orgs["city"]
    care, gifts = money.fund_of(city, CARE), money.fund_of(city, GIFTS)
    models = money.fund_of(city, MODELS)
    own: dict[str, Any] = {"source": Source.OWN_UNION, "kind": "own_budget"}
    money.receive(world, care, WOMEN_MONEY + CHILDREN_MONEY + 500_000, "市总工会", "收0201", **own)
    money.receive(world, gifts, 12_000_000, "市总工会", "收0202", **own)
    money.receive(world, models, 800_000, "市财政局", "收0203", source=Source.CITY_FISCAL)


def gifts_by_county() -> list[Decimal]:
    """What each county gives away on its visits, to the cent of the sum."""
    weights = [unit.share for unit in UNITS if unit.is_county]
    return [yuan(part) for part in split(cents(GIFT_MONEY), weights)]


def _send_down_gifts(world: World) -> None:
    city = money.fund_of(world.orgs["city"], GIFTS)
    takers = [
        (money.fund_of(world.orgs[code], GIFTS), amount + 10_000)
        for code, amount in zip(COUNTY_CODES, gifts_by_county(), strict=True)
    ]
    money.allot(world, city, takers, "平工发〔2012〕9号", "服务职工走访慰问")


def _gift_lines(payees: list[Person], amount: Decimal) -> list[PaymentRequest]:
    """Gifts of one size, and the last one what is left."""
    count = int(amount // GIFT)
    sums = [GIFT] * count + ([amount - count * GIFT] if amount % GIFT else [])
    return [
        PaymentRequest(payee=payee, amount=each, ref=f"走访2012-{n:04d}")
        for n, (payee, each) in enumerate(zip(payees[: len(sums)], sums, strict=True), 1)
    ]


def _workers_of(org: Org, count: int) -> list[Person]:
    """Workers on the list of the county, the first that were entered."""
    found = Person.objects.filter(org__path__startswith=org.path, voided_at=None)
    return list(found.order_by("pk")[:count])


def _give(world: World) -> None:
    for code, amount in zip(COUNTY_CODES, gifts_by_county(), strict=True):
        org = world.orgs[code]
        requests = _gift_lines(_workers_of(org, MOST_GIFTS), amount)
        batch = money.roster(
            world, money.fund_of(org, GIFTS), "ZFWW", "上半年走访慰问", requests, unit=code
        )
        money.pay(world, money.approve(world, batch, unit=code), unit=code)


def _after_the_report(world: World) -> None:
    """A gift of the day after, which no figure of the report holds."""
    org = world.orgs[COUNTY_CODES[0]]
    requests = [
        PaymentRequest(payee=world.model_workers[0], amount=Decimal(3000), ref="走访2012-9001")
    ]
    batch = money.roster(
        world, money.fund_of(org, GIFTS), "ZFWW", "八月走访慰问", requests, unit=COUNTY_CODES[0]
    )
    money.pay(world, money.approve(world, batch, unit=COUNTY_CODES[0]), unit=COUNTY_CODES[0])


def _leave_waiting(world: World) -> None:
    """A batch that waits for the county, and one that was sent back."""
    for code, title in ((COUNTY_CODES[1], "七月走访慰问"), (COUNTY_CODES[2], "困难职工临时慰问")):
        org = world.orgs[code]
        payees = _workers_of(org, MOST_GIFTS)[-3:]
        requests = [
            PaymentRequest(payee=payee, amount=Decimal(1000), ref="走访2012-8001")
            for payee in payees
        ]
        batch = money.roster(world, money.fund_of(org, GIFTS), "ZFWW", title, requests, unit=code)
        if code == COUNTY_CODES[2]:
            approver = world.cast[accounts.approver(code)]
            perform(batch, "return", by=approver, reason="第2人不在走访名单，请核对。")


def _allowances(world: World) -> None:
    fund = money.fund_of(world.orgs["city"], MODELS)
    living, special = LIVING[0], SPECIAL[0]
    for programme, title, payees, amount in (
        ("LMSH", "劳模生活困难补助", world.model_workers[:living], LIVING[1]),
        ("LMTS", "劳模特殊困难补助", world.model_workers[living : living + special], SPECIAL[1]),
    ):
        requests = [
            PaymentRequest(payee=payee, amount=amount, is_model_worker=True) for payee in payees
        ]
        batch = money.roster(world, fund, programme, f"2012年{title}", requests)
        money.pay(world, money.approve(world, batch))


def _give_back(world: World) -> None:
    """In September a gift turns out to be wrong: the report of August keeps its figure."""
    batch = PayBatch.objects.get(title="上半年走访慰问", org=world.orgs[COUNTY_CODES[3]])
    line = PayLine.objects.filter(batch=batch).order_by("seq").first()
    refund = create(
        FundReceipt,
        by=world.cast["chuna"],
        org=batch.org,
        fund=batch.fund,
        kind="payee_refund",
        source=Source.OWN_UNION,
        payer_name=str(line.person),
        amount=line.amount,
        received_on=date(2012, 9, 3),
        evidence_no="退0901",
        pay_line=line,
    )
    perform(refund, "confirm", by=world.cast["caiwu"])
    perform(
        line,
        "reverse",
        by=world.cast["lingdao"],
        reversed_on=date(2012, 9, 3),
        reverse_reason="重复走访，职工本人退回",
    )


def schedule(world: World, timeline: Timeline) -> None:
    """Put the steps on the timeline."""

    def add(when: date, step: Any, hour: int = 10) -> None:
        timeline.add(moment(when, hour), "专项资金", lambda: step(world))

    add(date(2011, 12, 12), _campaigns)
    add(date(2011, 12, 12), _funds, 11)
    add(date(2011, 12, 14), _enter_model_workers)
    add(date(2011, 12, 26), _raise_for_festivals)
    add(date(2011, 12, 28), _send_down_for_festivals)
    add(date(2012, 2, 14), _raise_for_the_year)
    add(date(2012, 2, 21), _send_down_gifts)
    add(date(2012, 6, 5), _allowances)
    add(date(2012, 7, 4), _give)
    add(date(2012, 8, 9), _leave_waiting)
    add(date(2012, 8, 16), _after_the_report)
    add(date(2012, 9, 3), _give_back, 15)
