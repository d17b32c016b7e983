"""Who looks for work, until he is placed; and loans of banks that the union helped to."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.periods import Period
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.employment.jobs import expire_seekers
from gonghui.lines.employment.models import JobSeeker, LoanReferral, Placement
from tests.lines.employment.making import LATE
from tests.lines.members.making import person

YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))


@pytest.fixture(autouse=True)
def then():
    with clock.at(LATE):
        yield


def seeker(org, registered_on=date(2012, 6, 1), **values):
    """Somebody on the list."""
    return create(
        JobSeeker,
        by=SYSTEM,
        **{
            "org": org,
            "person": values.pop("person", None) or person(org),
            "category": "laid_off",
            "registered_on": registered_on,
            **values,
        },
    )


def again(row):
    """The row as it is now."""
    return type(row)._unscoped.get(pk=row.pk)


def listed(org):
    """How many are on the list."""
    return figure("employment.seekers", org, YEAR).value


def test_who_is_placed_by_referral_leaves_the_list(tree):
    row, other = seeker(tree.county), seeker(tree.county)
    assert listed(tree.city) == 2
    with pytest.raises(DomainError) as twice:
        seeker(tree.neighbour, person=row.person)
    assert "该人员已有在册的求职登记。" in twice.value.message
    values = {"org": tree.county, "kind": "employed", "own_business": "早餐店"}
    with pytest.raises(DomainError) as early:
        create(
            Placement,
            by=SYSTEM,
            person=row.person,
            source_kind="referral",
            seeker=row,
            started_on=date(2012, 5, 31),
            **values,
        )
    assert early.value.message == "上岗日期早于求职登记日期。"
    job = create(
        Placement,
        by=SYSTEM,
        person=row.person,
        source_kind="referral",
        seeker=row,
        started_on=date(2012, 7, 2),
        **values,
    )
    assert again(row).state == "seeking"
    perform(job, "verify", by=SYSTEM, evidence=["visit"], evidence_no="照片")
    assert (again(row).state, again(row).closed_on) == ("placed", LATE)
    assert (listed(tree.city), again(other).state) == (1, "seeking")
    assert figure("employment.placed", tree.city, YEAR).value == 1
    seeker(tree.neighbour, date(2012, 8, 1), person=row.person)


def test_a_list_that_leads_nowhere_ends_after_half_a_year(tree):
    row, young = seeker(tree.county, date(2012, 2, 14)), seeker(tree.county, date(2012, 2, 16))
    assert expire_seekers() == 1
    assert expire_seekers() == 0
    assert (again(row).state, again(young).state) == ("expired", "seeking")
    assert listed(tree.city) == 1


def test_a_banks_loan_is_no_loan_of_the_union(tree):
    made = create(
        LoanReferral,
        by=SYSTEM,
        org=tree.county,
        person=person(tree.county),
        category="migrant",
        asked=50_000,
        bank="示例银行",
        submitted_on=date(2012, 7, 2),
    )
    with pytest.raises(DomainError) as undated:
        perform(made, "approve", by=SYSTEM, bank_amount=40_000)
    assert undated.value.field == "decided_on"
    perform(made, "approve", by=SYSTEM, bank_amount=40_000, decided_on=date(2012, 7, 20))
    codes = ("employment.referrals", "employment.referral_amount", "employment.loan_out")
    assert [figure(code, tree.city, YEAR).value for code in codes] == [1, 40_000, 0]
    assert verify(["employment.seekers", *codes]).differing == ()
