"""What was recorded after the report changes the figure of today, not the one that was printed."""

from __future__ import annotations

from datetime import date

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.registers.write import perform
from gonghui.lines.members.models import Membership
from gonghui.lines.orgs.models import UnionFormation
from tests.figures.periods import HALF_YEAR, REPORT, THAT_DAY, TO_DATE


def test_a_union_approved_in_july_is_in_the_dashboard_and_not_in_the_half_year(city):
    july = UnionFormation.objects.get(approved_on=date(2012, 7, 3))
    assert (july.state, july.counts_as_new) == ("established", True)
    assert figure("orgs.new_unions", city, HALF_YEAR, REPORT).value == 547
    assert figure("orgs.new_unions", city, TO_DATE, REPORT).value == 551


def test_an_approval_recorded_late_is_known_only_since_then(city):
    late = UnionFormation.objects.get(approved_on=date(2012, 8, 10))
    assert late.org.state == "live"
    assert figure("orgs.new_unions", city, TO_DATE, date(2012, 8, 19)).value == 551
    assert figure("orgs.new_unions", city, TO_DATE, date(2012, 8, 20)).value == 552
    assert figure("orgs.new_unions", city, TO_DATE).value == 552


def test_late_records_of_june_stand_in_the_list_of_backdated_ones(city):
    (late,) = UnionFormation.objects.filter(is_backdated=True)
    assert late.approved_on == date(2012, 6, 27)
    assert late.backdate_reason
    assert late.counts_as_new


def test_what_was_found_out_later_counted_until_then(city, unit_of):
    ruzhou = unit_of("410482")
    (overruled,) = UnionFormation.objects.filter(overruled_as_new=False)
    assert overruled.org.superior.path.startswith(ruzhou.path)
    assert overruled.overrule_reason
    # It went out as a forgotten one came in: the same figure of other unions.
    for known in (REPORT, None):
        assert figure("orgs.new_unions", ruzhou, HALF_YEAR, known).value == 108
    voided = Membership.objects.exclude(voided_at=None)
    assert voided.count() == 5
    late = Membership.objects.filter(
        joined_on=date(2012, 6, 20), created_at__gt=clock.end_of(REPORT)
    )
    assert late.count() == 5
    for known in (REPORT, None):
        assert figure("members.new", ruzhou, HALF_YEAR, known).value == 2_586


def test_endings_recorded_late_are_in_the_figure_of_today(city):
    assert figure("orgs.dissolved", city, TO_DATE, REPORT).value == 4
    assert figure("orgs.dissolved", city, TO_DATE).value == 6


def test_an_area_union_of_september_is_not_among_the_four(city):
    assert figure("orgs.area_unions", city, THAT_DAY).value == 4
    on = date(2012, 9, 30)
    assert figure("orgs.area_unions", city, THAT_DAY.__class__(on, on)).value == 5


def test_overruling_a_renamed_union_moves_the_figure_by_one(city):
    renamed = UnionFormation.objects.filter(origin="rename").first()
    with clock.at(date(2012, 8, 21)):
        perform(
            renamed,
            "overrule",
            by=SYSTEM,
            reason="试改",
            overruled_as_new=True,
            overrule_reason="示例",
        )
    assert figure("orgs.new_unions", city, HALF_YEAR).value == 548
    assert figure("orgs.new_unions", city, HALF_YEAR, REPORT).value == 547
