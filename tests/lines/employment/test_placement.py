"""Placements: who counts as placed, once, and who is still there after half a year."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.base.periods import Period
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.ledger.figures import figure
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.registers.write import create, perform
from gonghui.lines.employment.models import FollowUp, Placement
from tests.lines.employment.making import LATE, enrol, held, people_of, session
from tests.lines.members.making import employer
from tests.support.orgs import actor_with

YEAR = Period(date(2012, 1, 1), date(2012, 12, 31))
STARTED = date(2012, 3, 20)
SHOWN = {"evidence": ["contract"], "evidence_no": "劳动合同2012-001"}


@pytest.fixture(autouse=True)
def then():
    with clock.at(LATE):
        yield


def placement(enrolment, started_on=STARTED, *, by=SYSTEM, **values):
    """A report that a learner went to work."""
    if not {"employer", "own_business"} & set(values):
        values["employer"] = employer(enrolment.org)
    return create(
        Placement,
        by=by,
        **{
            "org": enrolment.org,
            "person": enrolment.person,
            "kind": "reemployed",
            "source_kind": "training",
            "enrolment": enrolment,
            "started_on": started_on,
            "late_reason": "单位5月才补签合同",
            **values,
        },
    )


def verified(enrolment, started_on=STARTED, **values):
    """One that somebody else found to be true."""
    return perform(placement(enrolment, started_on, **values), "verify", by=SYSTEM, **SHOWN)


def placed(org, as_of=None, code="employment.training_placed"):
    """Persons placed in the year."""
    return figure(code, org, YEAR, as_of).value


def test_only_what_somebody_verified_counts(tree):
    one, other = held(tree.county, people_of(tree.county, 2))
    reported = placement(one)
    placement(other, own_business="早餐店", kind="startup")
    assert placed(tree.city) == 0
    with pytest.raises(DomainError) as bare:
        perform(reported, "verify", by=SYSTEM)
    assert bare.value.message == "请选择就业证明。"
    perform(reported, "verify", by=SYSTEM, **SHOWN)
    assert (placed(tree.city), placed(tree.county), placed(tree.neighbour)) == (1, 1, 0)
    assert placed(tree.city, code="employment.placed") == 1
    assert verify(["employment.training_placed", "employment.placed"]).differing == ()


def test_the_reporter_does_not_verify_his_own(tree):
    (row,) = held(tree.county, people_of(tree.county, 1))
    county, checker = (actor_with(Role.COUNTY, org=tree.county) for _ in range(2))
    made = placement(row, by=county)
    with pytest.raises(NotAllowed):
        perform(made, "verify", by=county, **SHOWN)
    with pytest.raises(NotAllowed):
        perform(made, "verify", by=actor_with(Role.STATION, org=tree.county), **SHOWN)
    assert perform(made, "verify", by=checker, **SHOWN).verified_on == LATE


def test_who_works_is_placed_again_only_after_he_left_and_counts_once(tree):
    (someone,) = people_of(tree.county, 1)
    (first,) = held(tree.county, [someone])
    (second,) = held(
        tree.neighbour,
        [someone],
        start=date(2012, 4, 9),
        end=date(2012, 4, 13),
        occupation="焊工",
    )
    job = verified(first, own_business="早餐店")
    with pytest.raises(DomainError) as refused:
        placement(second, date(2012, 5, 7))
    assert refused.value.message == "该人员2012-03-20已在“早餐店”上岗，请先登记离岗。"
    with pytest.raises(DomainError) as undated:
        perform(job, "end", by=SYSTEM)
    assert undated.value.message == "请填写离岗日期。"
    perform(job, "end", by=SYSTEM, ended_on=date(2012, 5, 2), end_reason="停业")
    verified(second, date(2012, 5, 7))
    assert placed(tree.city) == 1
    assert (placed(tree.county), placed(tree.neighbour)) == (1, 1)


def test_two_reports_of_one_person_cannot_both_be_verified(tree):
    (row,) = held(tree.county, people_of(tree.county, 1))
    placement(row)
    with pytest.raises(DomainError) as refused:
        placement(row, date(2012, 4, 2))
    assert "该人员已有一条待核实的就业去向。" in refused.value.message


def test_a_placement_follows_its_course(tree):
    (row,) = held(tree.county, people_of(tree.county, 1))
    with pytest.raises(DomainError) as early:
        placement(row, date(2012, 3, 8))
    assert early.value.message == "上岗日期早于结业日期，不能作为本期培训成效。"
    with clock.at(date(2012, 10, 1)), pytest.raises(DomainError) as late:
        placement(row, date(2012, 9, 6))
    assert late.value.message == "上岗日期在结业180天以后，不能作为本期培训成效。"
    (pending,) = enrol(session(tree.county, title="另一期"), people_of(tree.county, 1))
    with pytest.raises(DomainError) as unfinished:
        placement(pending)
    assert unfinished.value.message == "该学员尚未结业，不能作为培训成效。"
    with pytest.raises(DomainError) as foreign:
        placement(row, org=tree.neighbour)
    assert foreign.value.message == "统计工会须为来源记录的主办工会。"
    with pytest.raises(DomainError) as nameless:
        placement(row, source_kind="self")
    assert "请选择与来源相符的一条来源记录" in nameless.value.message


def test_what_proves_untrue_in_september_leaves_the_report_as_it_was(tree):
    rows = held(tree.county, people_of(tree.county, 3))
    jobs = [verified(row) for row in rows]
    assert placed(tree.city) == 3
    with clock.at(date(2012, 9, 1)):
        perform(jobs[0], "refute", by=SYSTEM, reason="单位查无此人")
        assert placed(tree.city, date(2012, 8, 15)) == 3
        assert placed(tree.city) == 2


def test_a_late_report_says_why(tree):
    (row,) = held(tree.county, people_of(tree.county, 1))
    made = placement(row, late_reason="")
    with pytest.raises(DomainError) as refused:
        perform(made, "verify", by=SYSTEM, **SHOWN)
    assert refused.value.message == "上岗148天后才上报，超过60天，请填写迟报原因。"


def test_a_job_is_kept_if_the_person_is_there_after_half_a_year(tree):
    rows = held(tree.county, people_of(tree.county, 2))
    job, _ = (verified(row) for row in rows)
    assert (job.sustain_due_on, job.next_follow_up_on) == (date(2012, 9, 16), date(2012, 4, 19))
    create(FollowUp, by=SYSTEM, placement=job, followed_on=date(2012, 5, 3), result="on")
    assert Placement._unscoped.get(pk=job.pk).next_follow_up_on == date(2012, 6, 18)
    with pytest.raises(DomainError) as early:
        perform(job, "sustain", by=SYSTEM)
    assert early.value.message == "2012-09-16才满稳岗期。"
    with clock.at(date(2012, 9, 20)):
        with pytest.raises(DomainError) as unasked:
            perform(job, "sustain", by=SYSTEM)
        assert unasked.value.message == "还没有2012-09-16以后“在岗”的回访，不能认定稳岗。"
        create(FollowUp, by=SYSTEM, placement=job, followed_on=date(2012, 9, 18), result="on")
        perform(job, "sustain", by=SYSTEM)
        assert figure("employment.sustained_rate", tree.city, YEAR).value == Decimal("0.5")
        perform(job, "end", by=SYSTEM, ended_on=date(2012, 9, 19))
        assert figure("employment.sustained_rate", tree.city, YEAR).value == Decimal("0.5")
        assert placed(tree.city) == 2


def test_asking_before_the_first_day_or_tomorrow_is_refused(tree):
    (row,) = held(tree.county, people_of(tree.county, 1))
    job = verified(row)
    for day in (date(2012, 3, 19), date(2012, 8, 16)):
        with pytest.raises(DomainError) as refused:
            create(FollowUp, by=SYSTEM, placement=job, followed_on=day, result="on")
        assert refused.value.field == "followed_on"
