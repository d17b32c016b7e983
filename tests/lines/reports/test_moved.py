"""The hour before the meeting: which figures moved since the document was filled."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.registers.write import change, create
from gonghui.lines.reports.models import ReportDoc
from gonghui.lines.reports.moved import moved_since
from gonghui.lines.reports.services import latest_version
from tests.lines.reports.conftest import fresh, issued, signed
from tests.lines.reports.test_screens import browser
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

MORNING = datetime(2012, 8, 20, 8, 0, tzinfo=clock.ZONE)
TEXT = (
    "走访{{数 走访金额 上半年}}元，其中甲县{{数 走访金额 甲县 上半年}}元。",
    "共{{数 走访金额 上半年 余 取整100}}元，{{数 走访金额 上半年 突破 取整500}}元。",
    "乙县{{数 走访金额 乙县 上半年}}元，站点{{数 站点数}}个，环比{{比 走访金额 上半年 环比}}。",
)


def moved(document) -> list[tuple[str, str, str, str]]:
    """Place, what is printed, the exact value now, the phrase now."""
    return [
        (each.figure.place, each.figure.printed, each.exact, each.phrase)
        for each in moved_since(fresh(document))
    ]


@pytest.fixture
def document(office, figures) -> ReportDoc:
    create(
        Visit,
        by=SYSTEM,
        org=office.tree.union,
        title="去年",
        visited_on=date(2011, 9, 1),
        amount=500,
    )
    return office.report(*TEXT)


def test_nothing_moves_while_nothing_is_recorded(office, document):
    with clock.at(MORNING):
        assert moved(document) == []
        page = browser(office.dept).get(f"/reports/documents/{document.pk}/moved/")
    assert "取数以后各数没有变化" in page.content.decode()


def test_what_was_recorded_since_is_told_with_its_new_phrase(office, document):
    before = latest_version(document)
    with clock.at(MORNING):
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="补报",
            visited_on=date(2012, 6, 1),
            amount=3,
        )
        # Of days after the cut-off nothing is printed, so nothing moves.
        create(
            Visit,
            by=SYSTEM,
            org=office.tree.union,
            title="会后",
            visited_on=date(2012, 8, 19),
            amount=9,
        )
        assert moved(document) == [
            ("第2段", "547", "550元", "550"),
            ("第2段", "47", "50元", "50"),
            ("第3段", "500余", "550元", "500余"),
            ("第3段", "突破500", "550元", "突破500"),
            ("第4段", "增加9%", "10.00%", "增加10%"),
        ]
        page = browser(office.dept).get(f"/reports/documents/{document.pk}/moved/")
    text = page.content.decode()
    for part in ("有<strong>5</strong>个发生变化", "默认保持原取数时点", "说法不变", "550元"):
        assert part in text
    assert latest_version(document).pk == before.pk


def test_words_that_would_not_be_true_any_more_are_told_as_such(office, document):
    with clock.at(MORNING):
        change(Visit._unscoped.get(title="乙"), by=SYSTEM, amount=Decimal(450))
        rows = {place + printed: phrase for place, printed, _, phrase in moved(document)}
    assert rows["第2段547"] == "497"
    assert rows["第3段500余"] == "400余"
    assert rows["第3段突破500"] == ""


def test_signed_documents_are_told_too_issued_ones_and_counties_not(office, document):
    address = f"/reports/documents/{document.pk}/moved/"
    client = browser(office.leader)
    signed(office, document)
    assert client.get(address).status_code == 200
    county = browser(actor_with(Role.COUNTY, org=office.tree.county))
    assert county.get(address).status_code == 404
    other = issued(office, office.report("没有数字。"), "")
    assert client.get(f"/reports/documents/{other.pk}/moved/").status_code == 409
