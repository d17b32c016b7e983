"""The half-year as it was certified and sealed, and what came after the seal."""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from decimal import Decimal

import pytest

from gonghui.kernel.ledger import catalogue, seals
from gonghui.kernel.ledger.figures import figures
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.lines.statistics.models import (
    CheckResult,
    DataSubmission,
    LateChange,
    SealedSet,
    StatPeriod,
)
from gonghui.lines.statistics.services.sealing import tampered
from tests.figures.periods import HALF_YEAR, REPORT


@pytest.fixture
def kept(db) -> SealedSet:
    return SealedSet.objects.get()


def test_all_ten_counties_have_certified_and_the_leader_has_sealed():
    assert StatPeriod.objects.get().state == "sealed"
    assert list(DataSubmission.objects.values_list("state", flat=True)) == ["verified"] * 10
    waiting = CheckResult.objects.filter(state="open").exclude(severity="hint")
    # What no report may say, such as full coverage, stops nobody.
    assert set(waiting.values_list("stage", flat=True)) == {"report"}


def test_the_seal_holds_and_is_what_was_known_on_its_day(city, kept):
    assert tampered() == []
    sealed = seals.sealed_values(kept.seal, kept.seal.codes, [city])
    known = figures(kept.seal.codes, [city], HALF_YEAR, date(2012, 7, 12))
    # A leaf that was nothing is not kept.
    differing = {
        code
        for code in kept.seal.codes
        if sealed.get((code, city.pk), Decimal(0)) != (known[code, city.pk].value or 0)
    }
    assert differing == set()


def test_what_was_sealed_and_what_came_late_make_what_is_known_on_the_day_of_the_report(kept):
    counties = list(Org.objects.filter(level=OrgLevel.COUNTY))
    late: dict[tuple[str, int], Decimal] = defaultdict(Decimal)
    for change in LateChange.objects.filter(recorded_on__lt=REPORT).select_related("org"):
        for county in counties:
            if change.org.path.startswith(county.path):
                late[change.indicator, county.pk] += change.change
    assert late
    # Who is counted once may have been counted before.
    added = {code for code, _ in late if catalogue.indicator(code).subject is None}
    sealed = seals.sealed_values(kept.seal, added, counties)
    now = figures(sorted(added), counties, HALF_YEAR, date(2012, 8, 14))
    for code in added:
        for county in counties:
            key = (code, county.pk)
            assert sealed.get(key, Decimal(0)) + late[key] == now[key].value, key


def test_a_county_has_told_why_it_was_late_and_others_have_not():
    states = set(LateChange.objects.values_list("state", flat=True))
    assert states == {"listed", "explained"}
