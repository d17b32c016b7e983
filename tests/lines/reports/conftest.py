"""A small city with figures of the first half of 2012, and templates that print them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.accounts.actors import actor_of
from gonghui.kernel.docx.linting import rank_of
from gonghui.kernel.docx.page import Level, Paragraph, build_report
from gonghui.kernel.registers.write import create_many, perform
from gonghui.lines.reports.models import DocType, ReportDoc, ReportTemplate, VouchSheet
from gonghui.lines.reports.services import generate, upload_template
from tests.kernel.docx.word import docx_of
from tests.support.orgs import City, actor_with, user_with
from tests.support.sample.models import Station, Visit

AS_OF = date(2012, 8, 15)
EVENING = datetime(2012, 8, 15, 20, 0, tzinfo=clock.ZONE)
SENTENCE = "上半年走访金额{{数 走访金额 上半年}}元,其中甲县{{数 走访金额 甲县 上半年}}元。"


@dataclass
class Office:
    """The city's office: its tree, those who write and sign, and how it makes templates."""

    tree: City
    head: Actor
    dept: Actor
    leader: Actor
    organisers: Actor

    def draft(
        self, *blocks: str, make: Callable[..., bytes] = docx_of, **more: object
    ) -> ReportTemplate:
        values = {
            "title": "示例报告",
            "doc_type": DocType.WORK_REPORT,
            "org": self.tree.city,
            "by": self.dept,
        }
        return upload_template(make(*blocks), **{**values, **more})

    def template(self, *blocks: str, **more: object) -> ReportTemplate:
        return perform(self.draft(*blocks, make=paper, **more), "enable", by=self.dept)

    def report(self, *blocks: str, doc_type: str = DocType.WORK_REPORT, **more: object):
        template = self.template(*(blocks or (SENTENCE,)), doc_type=doc_type)
        values = {"as_of": AS_OF, "org": self.tree.city, "by": self.dept, "title": "示例工作报告"}
        return generate(template, **{**values, **more})


@pytest.fixture(autouse=True)
def no_second_factor(settings):
    settings.SECOND_FACTOR_ROLES = ()


@pytest.fixture
def office(tree):
    with clock.at(AS_OF):
        yield Office(
            tree,
            head=of_department("办公室", tree),
            dept=of_department("办公室", tree),
            leader=actor_with(Role.LEADER, org=tree.city),
            organisers=of_department("组织部", tree),
        )


def paper(*blocks: str) -> bytes:
    """A template in the official page format, the title first."""
    ranks = {"一": Level.ONE, "二": Level.TWO, "文": Level.BODY}
    paragraphs = [Paragraph(ranks[rank_of(block)], block) for block in blocks]
    return build_report(["示例报告"], "", "", "", paragraphs)


def of_department(name: str, tree: City, *roles: Role) -> Actor:
    """Somebody who works in a department of the city."""
    user = user_with(*(roles or (Role.DEPT,)), org=tree.city)
    user.department = name
    user.save()
    return actor_of(user)


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


def reviewed(office: Office, document: ReportDoc) -> ReportDoc:
    """The document as it stands, vouched for by its departments and sent to review."""
    document = perform(fresh(document), "circulate", by=office.dept)
    with acting(SYSTEM):
        sheets = list(VouchSheet.objects.filter(document=document, state="open").order_by("owner"))
    who = {"办公室": office.dept, "组织部": office.organisers}
    for sheet in sheets:
        perform(sheet, "vouch", by=who[sheet.owner])
    return perform(document, "submit", by=office.dept)


def cleared(office: Office, document: ReportDoc) -> ReportDoc:
    """The document reviewed, and through the final check by the office's head."""
    return perform(reviewed(office, document), "clear", by=office.head)


def signed(office: Office, document: ReportDoc) -> ReportDoc:
    """The document signed by the leader."""
    return fresh(perform(cleared(office, document), "sign", by=office.leader))


def issued(office: Office, document: ReportDoc, doc_no: str) -> ReportDoc:
    """The document signed and issued under a number."""
    return perform(signed(office, document), "issue", by=office.dept, doc_no=doc_no)


def fresh(record):
    """A record as it stands in the database."""
    with acting(SYSTEM):
        return type(record).objects.get(pk=record.pk)
