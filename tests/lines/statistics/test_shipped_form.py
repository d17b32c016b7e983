"""The form that comes with the product prints what the ledger has for its period, cell by cell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

import pytest
from django.db import connection

from gonghui.base import clock
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Kind
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.registers.write import change, create, perform
from gonghui.lines.statistics.models import FormReturn, ReturnValue, StatForm, StatPeriod
from gonghui.lines.statistics.services import forms, values
from gonghui.lines.statistics.services.periods import PeriodKind
from gonghui.lines.statistics.services.shipped_forms import CODE, ROWS, ship_forms
from tests.support.orgs import STARTED

HALF = Period(date(2012, 1, 1), date(2012, 6, 30))
BEFORE = HALF.a_year_earlier()
JULY = datetime(2012, 7, 1, 9, tzinfo=clock.ZONE)
CODES = [row.code for row in ROWS if row.code]
POSTED = sorted({code for each in CODES for code in catalogue.posted_behind(each)})
# Before, in and after the two halves; a stock of a half has everything up to its end.
DAYS = (date(2010, 5, 1), date(2011, 3, 1), date(2011, 9, 1), date(2012, 4, 1), date(2012, 7, 3))


@dataclass(frozen=True)
class Entry:
    """A difference as the ledger has it."""

    code: str
    org: Org
    day: date
    value: int
    subject: int | None


@pytest.fixture
def entries(offices, in_july) -> list[Entry]:
    """What the ledger has, with differences of every indicator of the form in two unions."""
    made: list[Entry] = []
    for place, code in enumerate(POSTED):
        counts_subjects = catalogue.indicator(code).subject
        for number, day in enumerate(DAYS):
            for far, union in enumerate((offices.tree.union, offices.tree.neighbour_union)):
                if counts_subjects:
                    subjects = range(1 + place + number + far)
                    made += [Entry(code, union, day, 1, 1000 * place + one) for one in subjects]
                else:
                    made.append(Entry(code, union, day, 100 * place + 10 * number + far + 1, None))
    there = known()
    tell(made, JULY)
    return there + made


def known() -> list[Entry]:
    """The differences that came with the organisations themselves."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT i.code, h.org, h.day, h.value, h.subject FROM ledger_hot h"
            " JOIN ledger_indicator i ON i.id = h.indicator WHERE i.code = ANY(%s)",
            [POSTED],
        )
        found = cursor.fetchall()
    with acting(SYSTEM):
        orgs = {org.pk: org for org in Org.objects.all()}
    return [
        Entry(code, orgs[org], day, value // catalogue.indicator(code).scale, subject)
        for code, org, day, value, subject in found
    ]


def tell(entries: list[Entry], at: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO ledger_hot (indicator, org, day, value, subject, record_id, recorded_at)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s)",
            [
                (
                    catalogue.id_of(one.code), one.org.pk, one.day,
                    one.value * catalogue.indicator(one.code).scale, one.subject, number, at,
                )
                for number, one in enumerate(entries)
            ],
        )  # fmt: skip


def counted(entries: list[Entry], org: Org, period: Period) -> Callable[[str], Decimal]:
    """The form's figures of an organisation, added up here and not by the ledger."""

    def posted(code: str) -> Decimal:
        declared = catalogue.indicator(code)
        there = [
            one
            for one in entries
            if one.code == code
            and one.org.path.startswith(org.path)
            and one.day <= period.end
            and (declared.is_stock or one.day >= period.start)
        ]
        if declared.subject:
            return Decimal(len({one.subject for one in there}))
        return Decimal(sum(one.value for one in there))

    def of(code: str) -> Decimal:
        declared = catalogue.indicator(code)
        if declared.is_posted:
            return posted(code)
        first, *others = (posted(each) for each in declared.over)
        return first / others[0] if declared.kind is Kind.RATIO else first - sum(others)

    return of


def half(offices) -> StatPeriod:
    period = create(
        StatPeriod, by=offices.office, org=offices.tree.city, kind=PeriodKind.HALF,
        start_on=HALF.start, end_on=HALF.end,
    )  # fmt: skip
    return perform(period, "start", by=offices.office)


def cells_of(org: Org) -> dict[str, Decimal | None]:
    with acting(SYSTEM):
        found = FormReturn.objects.get(org=org, form__code=CODE, voided_at=None)
        rows = ReturnValue.objects.filter(form_return=found, voided_at=None).select_related("cell")
        return {forms.name_of(row.cell): row.value for row in rows}


def wanted(
    entries: list[Entry], org: Org, known_then: list[Entry] | None = None
) -> dict[str, Decimal | None]:
    """Every cell that is not filled by hand; what is told of the year before may be less."""
    now, then = counted(entries, org, HALF), counted(known_then or entries, org, BEFORE)
    found: dict[str, Decimal | None] = {}
    for number, row in enumerate(ROWS, 1):
        if not row.code:
            found[f"[{number:02d},1]"] = None
            continue
        both = [values.kept(each(row.code), catalogue.indicator(row.code)) for each in (now, then)]
        for column, value in enumerate([*both, both[0] - both[1]], 1):
            found[f"[{number:02d},{column}]"] = value
    return found


def test_every_cell_of_the_shipped_form_is_what_the_ledger_has_for_the_period(offices, entries):
    ship_forms(offices.tree.city)
    half(offices)
    with acting(SYSTEM):
        levels = set(StatForm.objects.get(code=CODE).levels)
    assert levels == {"city", "county"}
    for org in (offices.tree.city, offices.tree.county, offices.tree.neighbour):
        assert cells_of(org) == wanted(entries, org), org
    whole, one, other = (
        cells_of(org) for org in (offices.tree.city, offices.tree.county, offices.tree.neighbour)
    )
    assert all(whole[name] for name in whole if not name.startswith("[14")), "nothing to compare"
    # What is added up is the sum of the counties; rates and distinct persons are not.
    assert whole["[05,1]"] == one["[05,1]"] + other["[05,1]"]
    assert whole["[11,1]"] < one["[11,1]"] + other["[11,1]"]


def test_once_the_period_is_sealed_the_form_keeps_what_was_sealed(offices, entries):
    ship_forms(offices.tree.city)
    period = half(offices)
    offices.sealed(period)
    late = [Entry(code, offices.tree.union, date(2012, 5, 5), 5, 99_000) for code in POSTED]
    tell(late, datetime(2012, 7, 6, 9, tzinfo=clock.ZONE))
    with clock.at(datetime(2012, 7, 7, 9, tzinfo=clock.ZONE)), acting(SYSTEM):
        found = FormReturn.objects.get(org=offices.tree.county, form__code=CODE, voided_at=None)
        hand = ReturnValue.objects.get(form_return=found, state="manual")
        change(hand, by=offices.clerk, value=Decimal(3), basis="花名册")
        perform(found, "prepare", by=offices.clerk)
    # The test's organisations are recorded by the database's own clock, long after the seal.
    by_then = [one for one in entries if one.day != STARTED]
    sealed = wanted(entries, offices.tree.county, by_then)
    assert {**cells_of(offices.tree.county), "[14,1]": None} == sealed
    now = wanted([*entries, *late], offices.tree.county, by_then)
    moved = {name for name in sealed if sealed[name] != now[name]}
    assert moved >= {"[01,1]", "[05,1]", "[10,1]", "[11,1]", "[12,1]"}, "nothing to tell apart"
