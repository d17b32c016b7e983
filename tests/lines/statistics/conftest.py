"""A city with visits in June 2012, its period and the people who report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.statistics.models import DataSubmission, StatPeriod
from tests.support import facts
from tests.support.orgs import City, actor_with

IN_JULY = datetime(2012, 7, 2, 9, tzinfo=clock.ZONE)


@dataclass
class Offices:
    """Who works on the statistics of the small city."""

    tree: City
    clerk: Actor
    chair: Actor
    neighbour_clerk: Actor
    neighbour_chair: Actor
    office: Actor
    dept: Actor
    leader: Actor

    def june(self) -> StatPeriod:
        """June 2012, for which the counties report."""
        period = create(
            StatPeriod,
            by=self.office,
            org=self.tree.city,
            kind="month",
            start_on=date(2012, 6, 1),
            end_on=date(2012, 6, 30),
        )
        return perform(period, "start", by=self.office)

    def sheet(self, period: StatPeriod, org: object = None) -> DataSubmission:
        """The sheet of a county, the first one unless named."""
        with acting(SYSTEM):
            return DataSubmission.objects.get(period=period, org=org or self.tree.county)

    def certified(self, period: StatPeriod) -> DataSubmission:
        """The first county's sheet, certified."""
        sheet = perform(self.sheet(period), "prepare", by=self.clerk)
        return perform(sheet, "certify", by=self.chair, signer="张示例")

    def report(self, period: StatPeriod) -> None:
        """All sheets go their way to the departments and are verified."""
        who = {
            self.tree.county.pk: (self.clerk, self.chair),
            self.tree.neighbour.pk: (self.neighbour_clerk, self.neighbour_chair),
        }
        with acting(SYSTEM):
            sheets = list(DataSubmission.objects.filter(period=period))
        for sheet in sheets:
            clerk, chair = who[sheet.org_id]
            sheet = perform(sheet, "prepare", by=clerk)
            sheet = perform(sheet, "certify", by=chair, signer="张示例")
            perform(sheet, "verify", by=self.dept)

    def sealed(self, period: StatPeriod) -> StatPeriod:
        """The period after everybody has done his part."""
        self.report(period)
        return perform(perform(period, "close", by=self.office), "seal", by=self.leader)


@pytest.fixture
def offices(tree):
    return Offices(
        tree=tree,
        clerk=actor_with(Role.COUNTY, org=tree.county),
        chair=actor_with(Role.COUNTY, org=tree.county),
        neighbour_clerk=actor_with(Role.COUNTY, org=tree.neighbour),
        neighbour_chair=actor_with(Role.COUNTY, org=tree.neighbour),
        office=actor_with(Role.DEPT, org=tree.city),
        dept=actor_with(Role.DEPT, org=tree.city),
        leader=actor_with(Role.LEADER, org=tree.city),
    )


@pytest.fixture
def visits(tree):
    """What the unions did in May and June, recorded in June."""
    with facts.told(datetime(2012, 6, 28, 9, tzinfo=clock.ZONE)):
        facts.visit(tree.union, date(2012, 5, 10), amount=40)
        facts.visit(tree.union, date(2012, 6, 10), amount=100)
        facts.visit(tree.township, date(2012, 6, 12), amount=25)
        facts.visit(tree.neighbour_union, date(2012, 6, 13), amount=7)


@pytest.fixture
def in_july():
    with clock.at(IN_JULY):
        yield
