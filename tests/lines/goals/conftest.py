"""A city of ten counties with the plan of 2012, and the sample ledger to measure it by."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import plan_ratio
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.people.models import Person
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.lines.goals.models import Issuer, PlanBook, Target, TargetKind
from tests.support.orgs import actor_with, make_org
from tests.support.sample.models import Visit

UNIONS = "sample.visit_amount"  # stands for new unions: an additive flow
MEMBERS = "sample.visited"  # stands for new members: distinct persons
UNIONS_VS_PLAN = "test.unions_vs_plan"

# name: plan unions, actual unions, plan members, actual members
PLAN = {
    "汝州市": (80, 108, 1060, 2586),
    "舞钢市": (38, 41, 500, 960),
    "宝丰县": (52, 58, 680, 1280),
    "叶县": (48, 52, 630, 1150),
    "鲁山县": (55, 69, 720, 1690),
    "郏县": (50, 42, 660, 605),
    "新华区": (42, 48, 570, 1120),
    "卫东区": (40, 46, 540, 1085),
    "湛河区": (38, 44, 510, 985),
    "石龙区": (10, 7, 130, 118),
}
DIRECT = (27, 32, 400, 930)


@dataclass
class Plan:
    """The ten counties, who works there, and how a target is written."""

    city: Org
    counties: dict[str, Org]
    direct: Org
    dept: Actor
    leader: Actor
    chair: Person

    def book(
        self, issuer: Issuer = Issuer.PROVINCE, org: Org | None = None, **more: object
    ) -> PlanBook:
        return create(
            PlanBook, by=self.dept, org=org or self.city, issuer=issuer, **{"year": 2012, **more}
        )

    def target(
        self, book: PlanBook, value: object, indicator: str = UNIONS, **more: object
    ) -> Target:
        values = {
            "plan": book,
            "code": "T07",
            "clause": "全面完成全年组建工作目标",
            "kind": TargetKind.FLOW,
            "indicator": indicator,
            "value": None if value is None else Decimal(str(value)),
            "window_from": date(2012, 1, 1),
            "due_on": date(2012, 12, 31),
            "lead_dept": "组织部",
            "leader_person": self.chair,
        }
        return create(Target, by=self.dept, **{**values, **more})

    def issue(self, book: PlanBook) -> PlanBook:
        perform(book, "consult", by=self.dept)
        return perform(book, "issue", by=self.leader, doc_no="豫工文〔2012〕3号")

    def issued(
        self,
        value: object,
        indicator: str = UNIONS,
        issuer: Issuer = Issuer.PROVINCE,
        **more: object,
    ) -> Target:
        """A target of an issued book of the city."""
        book = self.book(issuer, **({"batch": more.pop("batch")} if "batch" in more else {}))
        target = self.target(book, value, indicator, **more)
        self.issue(book)
        target.refresh_from_db()
        return target


@pytest.fixture
def plan(db):
    with clock.at(date(2012, 1, 10)):
        city = make_org("示例市总工会", OrgLevel.CITY)
        counties = {name: make_org(f"{name}总工会", OrgLevel.COUNTY, city) for name in PLAN}
        direct = make_org("示例集团工会", OrgLevel.DIRECT, city)
        chair = person_of(city)
        yield Plan(
            city=city,
            counties=counties,
            direct=direct,
            dept=actor_with(Role.DEPT, org=city),
            leader=actor_with(Role.LEADER, org=city),
            chair=chair,
        )


def person_of(org: Org) -> Person:
    """Somebody who answers for targets."""
    now = clock.now()
    return Person._unscoped.create(org=org, name="张主席", created_at=now, changed_at=now)


@pytest.fixture
def actuals(plan):
    """The half-year's actuals of the table, recorded on 5 July 2012, unit by unit."""
    with clock.at(date(2012, 7, 5)):
        rows = []
        for name, (_, unions, _, _) in PLAN.items():
            rows.append(
                {
                    "org": plan.counties[name],
                    "title": name,
                    "visited_on": date(2012, 5, 1),
                    "amount": unions,
                }
            )
        rows.append(
            {
                "org": plan.direct,
                "title": "市直",
                "visited_on": date(2012, 6, 30),
                "amount": DIRECT[1],
            }
        )
        outcomes = create_many(Visit, rows, by=SYSTEM)
    assert [outcome.error for outcome in outcomes] == [None] * 11


@pytest.fixture
def plan_indicator():
    """An indicator over its target, for the time of a test."""
    declared = plan_ratio(UNIONS_VS_PLAN, "示例完成计划比", UNIONS)
    catalogue.add("sample.visit", Visit, [declared])
    yield UNIONS_VS_PLAN
    del (
        catalogue._indicators[UNIONS_VS_PLAN],
        catalogue._sources[UNIONS_VS_PLAN],
        catalogue._names[declared.name],
    )
