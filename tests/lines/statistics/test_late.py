"""What comes after the seal is listed; a correction makes a further version and keeps the old one."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.fold import fold
from gonghui.kernel.ledger.seals import broken_seals, drift, sealed_values
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.statistics.jobs import list_late
from gonghui.lines.statistics.models import CorrectionRequest, LateChange, SealedSet
from tests.support import facts
from tests.support.people import client_for, user_with

AMOUNT = "sample.visit_amount"
JUNE = Period.month(2012, 6)
IN_AUGUST = datetime(2012, 8, 6, 10, tzinfo=clock.ZONE)


def late_rows(**by):
    with acting(SYSTEM):
        return list(LateChange.objects.filter(**by).order_by("pk"))


def sets(period):
    with acting(SYSTEM):
        return list(SealedSet.objects.filter(period=period).order_by("version_no"))


@pytest.fixture
def june(offices, visits, in_july):
    return offices.sealed(offices.june())


@pytest.fixture
def two_late(offices, june):
    """Two facts of June that become known in August, and one of August."""
    with facts.told(IN_AUGUST):
        found = facts.visits(
            [
                {"org": offices.tree.union, "visited_on": date(2012, 6, 20), "amount": 2},
                {"org": offices.tree.union, "visited_on": date(2012, 6, 21), "amount": 3},
                {"org": offices.tree.union, "visited_on": date(2012, 8, 3), "amount": 50},
            ]
        )
        yield found


def total(kept, org):
    return sealed_values(kept.seal, [AMOUNT], [org]).get((AMOUNT, org.pk), 0)


def test_late_entries_are_listed_once_and_the_sealed_figure_stays(offices, june, two_late):
    assert list_late() == 1
    fold()
    assert list_late() == 0
    (row,) = late_rows()
    assert (row.org, row.name, row.change, row.unit) == (offices.tree.union, "走访金额", 5, "元")
    assert (row.records_count, row.record_id, row.recorded_on) == (2, None, date(2012, 8, 6))
    (kept,) = sets(june)
    city = offices.tree.city
    assert total(kept, city) == 132
    assert figure(AMOUNT, city, JUNE).value == 132 + row.change


def test_a_single_record_is_named(offices, june):
    with facts.told(IN_AUGUST):
        one = facts.visit(offices.tree.union, date(2012, 6, 20), amount=2)
        list_late()
    (row,) = late_rows()
    assert (row.register, row.record_id) == ("sample.visit", one.pk)
    county = client_for(user_with(Role.COUNTY, offices.tree.county))
    page = county.get(f"/r/statistics.late_change/{row.pk}/").content.decode()
    assert f'href="/r/sample.visit/{one.pk}/"' in page


def test_further_late_entries_are_listed_by_the_next_night(offices, june, two_late):
    list_late()
    facts.visit(offices.tree.neighbour_union, date(2012, 6, 2), amount=1)
    facts.visit(offices.tree.union, date(2012, 6, 2), amount=4)
    assert list_late() == 2
    assert [(row.org, row.change) for row in late_rows()] == [
        (offices.tree.union, 5),
        (offices.tree.union, 4),
        (offices.tree.neighbour_union, 1),
    ]
    with acting(offices.neighbour_clerk):
        assert [row.change for row in LateChange.objects.all()] == [1]


def test_what_was_taken_back_at_once_is_no_change(offices, june):
    with facts.told(IN_AUGUST):
        facts.erase(facts.visit(offices.tree.union, date(2012, 6, 20), amount=2))
        assert list_late() == 0
    assert late_rows() == []


def test_the_county_explains_and_no_neighbour_does(offices, june, two_late):
    list_late()
    (row,) = late_rows()
    with pytest.raises(DomainError) as empty:
        perform(row, "explain", by=offices.clerk)
    assert empty.value.message == "请填写说明。"
    with pytest.raises(DomainError) as stranger:
        perform(row, "explain", by=offices.neighbour_clerk, explanation="不是我的")
    assert stranger.value.code == "not_found"
    done = perform(row, "explain", by=offices.clerk, explanation="甲厂补报")
    assert (done.state, done.explanation) == ("explained", "甲厂补报")
    with pytest.raises(NotAllowed):
        perform(done, "correct", by=offices.leader)


def request(offices, june, by=None):
    return create(
        CorrectionRequest,
        by=by or offices.clerk,
        org=offices.tree.county,
        submission=offices.sheet(june),
        what="6月走访金额补报5元",
        cause="甲厂漏报",
    )


def test_a_correction_makes_version_2_and_keeps_version_1(offices, june, two_late):
    list_late()
    asked = request(offices, june)
    assert asked.sealed_set == sets(june)[0]
    with pytest.raises(NotAllowed):
        perform(asked, "approve", by=offices.chair)
    perform(asked, "approve", by=offices.leader, published_note="以第2版为准")
    approved = CorrectionRequest._unscoped.get(pk=asked.pk)
    first, second = sets(june)
    assert (approved.new_set, second.version_no) == (second, 2)
    assert (total(first, offices.tree.city), total(second, offices.tree.city)) == (132, 137)
    assert second.previous_hash == first.hash
    assert broken_seals() == []
    assert [row.state for row in late_rows()] == ["corrected"]
    assert list_late() == 0
    with facts.told(IN_AUGUST):
        facts.visit(offices.tree.union, date(2012, 6, 22), amount=6)
        assert list_late() == 1
    assert late_rows(sealed_set=second)[0].change == 6
    assert [cell.found - cell.sealed for cell in drift(second.seal, [offices.tree.city])] == [6]


def test_late_entries_that_no_night_listed_yet_are_listed_by_the_correction(
    offices, june, two_late
):
    perform(request(offices, june), "approve", by=offices.leader)
    assert [(row.change, row.state) for row in late_rows()] == [(5, "corrected")]


def test_nobody_approves_his_own_request(offices, june, two_late):
    asked = request(offices, june, by=SYSTEM)
    own = create(
        CorrectionRequest, by=offices.office, org=offices.tree.city, sealed_set=sets(june)[0],
        what="补报", cause="漏报",
    )  # fmt: skip
    with pytest.raises(NotAllowed):
        perform(own, "approve", by=offices.office)
    assert perform(asked, "approve", by=offices.leader).state == "approved"
    with pytest.raises(Conflict) as old:
        perform(own, "approve", by=offices.leader)
    assert old.value.message == "“2012年6月第1版”之后已有新的版次，请按新版次重新申请。"


def test_without_a_change_in_the_records_there_is_nothing_to_correct(offices, june):
    asked = request(offices, june)
    with pytest.raises(DomainError) as refused:
        perform(asked, "approve", by=offices.leader)
    assert refused.value.message == (
        "台账现在的数与封存的数一致，没有可更正的内容；请先更正台账记录。"
    )
    assert len(sets(june)) == 1
    assert perform(asked, "refuse", by=offices.leader, reason="没有变动").state == "refused"


def test_what_is_not_sealed_is_not_corrected_this_way(offices, visits, in_july):
    period = offices.june()
    with pytest.raises(DomainError) as refused:
        request(offices, period)
    assert "该统计期尚未封存" in refused.value.message
