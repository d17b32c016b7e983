"""A small city with figures of the first half of 2012, and templates that print them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor
from gonghui.kernel.registers.write import create_many, perform
from gonghui.lines.reports.models import DocType, ReportTemplate
from gonghui.lines.reports.services import generate, upload_template
from tests.kernel.docx.word import docx_of
from tests.support.orgs import City, actor_with
from tests.support.sample.models import Station, Visit

AS_OF = date(2012, 8, 15)
EVENING = datetime(2012, 8, 15, 20, 0, tzinfo=clock.ZONE)
SENTENCE = "上半年走访金额{{数 走访金额 上半年}}元,其中甲县{{数 走访金额 甲县 上半年}}元。"


@dataclass
class Office:
    """The city's office: its tree, those who write and sign, and how it makes templates."""

    tree: City
    dept: Actor
    leader: Actor

    def draft(self, *blocks: str, **more: object) -> ReportTemplate:
        values = {
            "title": "示例报告",
            "doc_type": DocType.WORK_REPORT,
            "org": self.tree.city,
            "by": self.dept,
        }
        return upload_template(docx_of(*blocks), **{**values, **more})

    def template(self, *blocks: str) -> ReportTemplate:
        return perform(self.draft(*blocks), "enable", by=self.dept)

    def report(self, *blocks: str, **more: object):
        template = self.template(*(blocks or (SENTENCE,)))
        values = {"as_of": AS_OF, "org": self.tree.city, "by": self.dept, "title": "示例工作报告"}
        return generate(template, **{**values, **more})


@pytest.fixture
def office(tree):
    with clock.at(AS_OF):
        yield Office(
            tree, actor_with(Role.DEPT, org=tree.city), actor_with(Role.LEADER, org=tree.city)
        )


@pytest.fixture
def figures(tree):
    """547 in the first half (47 of them in the first county), 1 in July, two stations."""
    with clock.at(date(2012, 7, 5)):
        rows = [
            {
                "org": tree.union,
                "title": "甲",
                "visited_on": date(2012, 3, 1),
                "amount": 47,
                "subject_no": 1,
            },
            {
                "org": tree.neighbour_union,
                "title": "乙",
                "visited_on": date(2012, 6, 30),
                "amount": 500,
                "subject_no": 2,
            },
            {
                "org": tree.union,
                "title": "七月",
                "visited_on": date(2012, 7, 3),
                "amount": 1,
                "subject_no": 2,
            },
        ]
        stations = [
            {"org": tree.union, "name": name, "opened_on": date(2011, 1, 1), "seats": 10}
            for name in ("一站", "二站")
        ]
        outcomes = create_many(Visit, rows, by=SYSTEM) + create_many(Station, stations, by=SYSTEM)
    assert [outcome.error for outcome in outcomes] == [None] * 5
