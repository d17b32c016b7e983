"""Employers recorded twice: found, merged in every line, separated again."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import make_uscc
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.people.employers import employers_of
from gonghui.kernel.people.models import Employer, EmployerHeadcount
from gonghui.kernel.registers.uses import columns_to
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.kernel.workflow.models import Task
from gonghui.lines.orgs import jobs
from gonghui.lines.orgs.models import CensusUnit, EmployerDuplicate, OrgCoverage
from tests.lines.orgs.making import WHEN, an_employer, established, headcount, value

NEW_CODE = make_uscc("91", "410402", "MA477777")
OLD_CODE = NEW_CODE[8:17]


def by_old_code(org, **more):
    """An employer as lists before 2015 knew it."""
    return create(
        Employer,
        by=SYSTEM,
        **{"org": org, "legacy_code": OLD_CODE, "name": "示例旧名厂", "type": "state", **more},
    )


def by_new_code(org, **more):
    """The same one with the code it has today."""
    return create(
        Employer,
        by=SYSTEM,
        **{"org": org, "uscc": NEW_CODE, "name": "示例新名公司", "type": "state", **more},
    )


def found():
    """The only pair that the nightly search finds."""
    assert jobs.look_for_duplicate_employers() == 1
    return unscoped(EmployerDuplicate).get()


def test_the_old_code_inside_the_new_one_is_suspicious_and_found_once(town):
    old, new = by_old_code(town.township), by_new_code(town.county)
    case = found()
    assert (case.first, case.second, case.likeness) == (old, new, ["same_code"])
    assert case.org == town.county
    assert jobs.look_for_duplicate_employers() == 0


def test_one_name_in_one_county_is_suspicious_but_two_credit_codes_are_two(town):
    by_old_code(town.township, name="示例 厂")
    by_old_code(town.neighbour, name="示例厂", legacy_code="MA4888880")
    an_employer(town.county, 1, name="示例公司")
    an_employer(town.county, 2, name="示例公司")
    case = found()
    assert (case.likeness, case.org) == (["same_name"], town.city)


def test_merging_moves_what_every_line_knows_and_undoing_moves_it_back(town):
    old, new = by_old_code(town.township), by_new_code(town.county)
    formation = established(town, old)
    early = headcount(old, 40, date(2012, 1, 31))
    create(
        CensusUnit, by=SYSTEM, org=town.county, employer=new, round="2012年普查", source="market"
    )
    assert value("orgs.covered_units", town.county, WHEN) == 1
    case = found()
    merged = perform(case, "merge", by=town.of_county, kept=new)
    assert merged.state == "merged"
    lost, kept = unscoped(Employer).order_by("pk")
    assert lost.merged_into == kept
    assert (kept.former_names, kept.legacy_code) == ("示例旧名厂", OLD_CODE)
    assert unscoped(OrgCoverage).get().employer == kept
    assert unscoped(EmployerHeadcount).get(pk=early.pk).employer == kept
    assert kept.org_id == formation.org_id
    assert value("orgs.covered_units", town.county, WHEN) == 1
    assert employers_of({OLD_CODE})[OLD_CODE] == kept
    assert not Task._unscoped.filter(register="orgs.employer_duplicate", closed_at=None).exists()
    with pytest.raises(DomainError, match="已并入“示例新名公司”，请选择后者"):
        create(OrgCoverage, by=SYSTEM, org=town.union, employer=lost, employees=1)
    with pytest.raises(DomainError, match="请“撤销合并”"):
        void(merged, by=town.dept, reason="错")
    back = perform(merged, "undo", by=town.of_county, reason="不是同一家")
    back.refresh_from_db()
    assert (back.state, back.kept_id, back.decided_on, back.changes) == ("open", None, None, [])
    lost, kept = unscoped(Employer).order_by("pk")
    assert (lost.merged_into, kept.former_names, kept.legacy_code) == (None, "", "")
    assert unscoped(OrgCoverage).get().employer == lost
    assert unscoped(EmployerHeadcount).get(pk=early.pk).employer == lost
    assert verify(["orgs.covered_units", "orgs.covered_employees"]).differing == ()


def test_who_has_the_credit_code_is_kept(town):
    old, new = by_old_code(town.township), by_new_code(town.county)
    case = found()
    with pytest.raises(DomainError, match="请选择保留哪一份档案"):
        perform(case, "merge", by=town.of_county)
    with pytest.raises(DomainError, match="请保留有统一社会信用代码的“示例新名公司”"):
        perform(case, "merge", by=town.of_county, kept=old)
    change(old, by=SYSTEM, uscc=make_uscc("91", "410402", "MA499999"))
    with pytest.raises(DomainError, match="是两个法人，不能合并"):
        perform(case, "merge", by=town.of_county, kept=new)
    assert unscoped(Employer).exclude(merged_into=None).count() == 0


def test_two_unions_of_one_employer_are_settled_first(town):
    old, new = by_old_code(town.township), by_new_code(town.county)
    established(town, old)
    second = established(town, new)
    case = found()
    with pytest.raises(DomainError, match=r"两份档案同时由“.+”和“.+”涵盖"):
        perform(case, "merge", by=town.of_county, kept=new)
    mistaken = unscoped(OrgCoverage).get(org=second.org)
    void(mistaken, by=town.of_county, reason="重复登记")
    unit = unscoped(CensusUnit).get(employer=new)
    with pytest.raises(DomainError, match="“建会普查台账”的记录不能改挂：该单位本轮普查已登记"):
        perform(case, "merge", by=town.of_county, kept=new)
    assert unscoped(Employer).exclude(merged_into=None).count() == 0
    void(unit, by=town.of_county, reason="重复登记")
    perform(case, "merge", by=town.of_county, kept=new)
    assert value("orgs.covered_units", town.county, WHEN) == 1


def test_only_county_and_city_decide_and_only_in_time(town):
    by_old_code(town.township)
    new = by_new_code(town.county)
    case = found()
    for stranger in (town.of_station, town.of_neighbour):
        with pytest.raises(DomainError, match="可能不在您的范围内"):
            perform(case, "merge", by=stranger, kept=new)
    merged = perform(case, "merge", by=town.of_county, kept=new)
    with clock.at(date(2012, 4, 20)), pytest.raises(DomainError, match="已超过30天"):
        perform(merged, "undo", by=town.of_county, reason="迟了")


def test_a_pair_told_apart_is_not_found_again(town):
    by_old_code(town.township)
    by_new_code(town.county)
    assert perform(found(), "tell_apart", by=town.of_county).state == "different"
    assert jobs.look_for_duplicate_employers() == 0


def test_a_pair_named_by_hand_is_put_in_order(town):
    one, two = an_employer(town.county, 1), by_old_code(town.county)
    case = create(EmployerDuplicate, by=town.of_county, org=town.county, first=two, second=one)
    assert (case.first, case.second, case.likeness) == (one, two, ["by_hand"])
    assert case.found_on == WHEN


def test_every_employer_column_of_every_register_is_repointed():
    keys = {(register.key, column) for register, column in columns_to(Employer)}
    assert {("orgs.coverage", "employer"), ("members.membership", "user_employer")} <= keys
