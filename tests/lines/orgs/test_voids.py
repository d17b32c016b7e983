"""What is voided leaves nothing half undone, and what others rest on stays."""

from __future__ import annotations

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.kernel.access.scope import SYSTEM
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.uses import uses_of
from gonghui.kernel.registers.write import create, perform, void
from gonghui.lines.orgs.models import (
    CensusUnit,
    ElectionCase,
    LegalPersonCert,
    OfficeHolder,
    OrgChange,
    OrgCoverage,
    UnionTerm,
)
from tests.lines.orgs.making import (
    WHEN,
    a_person,
    a_term,
    an_employer,
    established,
    headcount,
    reported,
    value,
)

WRONG = "登记错误"
YEAR = (date(2012, 1, 1), date(2012, 12, 31))


def stays(record, by, message):
    """It is not voided, and the row says so."""
    with pytest.raises(DomainError, match=message):
        void(record, by=by, reason=WRONG)
    assert type(record)._unscoped.get(pk=record.pk).voided_at is None


def test_an_employer_whose_coverage_was_a_mistake_is_without_a_union_again(town):
    employer = an_employer(town.township)
    formation = established(town, employer)
    (covering,) = unscoped(OrgCoverage)
    assert unscoped(Employer).get().org_id == formation.org_id
    assert value("orgs.covered_units", town.county, WHEN) == 1
    void(covering, by=town.of_county, reason=WRONG)
    assert unscoped(Employer).get().org_id == town.county.pk
    assert unscoped(CensusUnit).get().state == "mobilising"
    assert value("orgs.covered_units", town.county, WHEN) == 0
    assert value("orgs.new_units", town.county, *YEAR) == 0
    again = create(OrgCoverage, by=town.of_county, org=formation.org, employer=employer)
    assert again.is_first is True
    assert value("orgs.new_units", town.county, *YEAR) == 1
    assert verify(["orgs.covered_units", "orgs.new_units"]).differing == ()


def test_a_wrong_headcount_goes_back_to_the_one_before(town):
    employer = an_employer(town.township)
    headcount(employer, 40, date(2012, 1, 31))
    established(town, employer)
    wrong = headcount(employer, 4000)
    assert value("orgs.covered_employees", town.county, WHEN) == 4000
    void(wrong, by=town.of_county, reason=WRONG)
    assert unscoped(OrgCoverage).get().employees == 40
    assert value("orgs.covered_employees", town.county, WHEN) == 40


def test_an_employer_that_others_speak_of_stays(town):
    employer = an_employer(town.township)
    established(town, employer)
    assert uses_of(employer) == {"建会普查台账": 1, "涵盖单位": 1, "拟涵盖单位": 1}
    stays(employer, town.of_county, "拟涵盖单位1条、涵盖单位1条、建会普查台账1条引用“示例企业1")
    spare = an_employer(town.county, 2)
    assert void(spare, by=town.of_county, reason=WRONG).voided_at is not None


def test_an_election_that_brought_officers_about_stays(town):
    formation = reported(town, an_employer(town.township))
    (case,) = unscoped(ElectionCase)
    stays(case, town.of_county, "选举结果已随“.+”上报")
    perform(formation, "establish", by=town.of_county)
    stays(unscoped(ElectionCase).get(), town.of_county, "选举结果已批复，不能作废")
    (term,) = unscoped(UnionTerm)
    stays(term, town.of_county, "本届由已批复的选举产生")
    assert value("orgs.chairs", town.county, WHEN) == 1


def test_an_election_sent_back_may_be_given_up(town):
    formation = reported(town, an_employer(town.township))
    perform(formation, "return_election", by=town.of_county, reason="票数不符")
    case = void(unscoped(ElectionCase).get(), by=town.of_county, reason=WRONG)
    assert case.voided_at is not None


def test_a_term_goes_only_after_those_who_hold_posts_in_it(town):
    term = a_term(town.union, WHEN)
    holder = create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(town.union),
        post="chair",
        started_on=WHEN,
    )
    stays(term, town.of_county, "还有1条任职记录")
    void(holder, by=town.of_county, reason=WRONG)
    assert value("orgs.chairs", town.union, WHEN) == 0
    assert void(term, by=town.of_county, reason=WRONG).voided_at is not None


def test_a_certificate_follows_its_representative_and_is_not_voided_once_issued(town):
    term = a_term(town.union, WHEN)
    chair = create(
        OfficeHolder,
        by=SYSTEM,
        term=term,
        person=a_person(town.union),
        post="chair",
        started_on=WHEN,
    )
    cert = create(LegalPersonCert, by=town.of_union, org=town.union)
    cert = perform(cert, "apply", by=town.of_union)
    cert = perform(
        cert,
        "issue",
        by=town.of_county,
        uscc="81410400MC12345664",
        cert_no="豫工法1号",
        legal_rep=chair,
        valid_from=WHEN,
        valid_to=date(2015, 3, 19),
    )
    stays(cert, town.of_county, "证书已核发（豫工法1号）")
    fresh = create(LegalPersonCert, by=town.of_union, org=town.union, case="change")
    fresh = perform(fresh, "apply", by=town.of_union)
    assert unscoped(LegalPersonCert).get(pk=cert.pk).state == "replacing"
    void(fresh, by=town.of_county, reason=WRONG)
    old = unscoped(LegalPersonCert).get(pk=cert.pk)
    assert (old.state, old.rep_differs) == ("valid", False)
    void(chair, by=town.of_county, reason=WRONG)
    assert unscoped(LegalPersonCert).get(pk=cert.pk).rep_differs is True


def test_what_a_change_did_is_not_undone_by_voiding_it(town):
    formation = established(town, an_employer(town.township))
    change = create(
        OrgChange,
        by=town.of_station,
        org=formation.org,
        kind="dissolve",
        reason="企业终止",
        members_plan="retain",
        property_note="上交",
        audit_project_no="审-1",
        employer_end_proof="注销通知书",
    )
    change = perform(change, "request", by=town.of_station)
    with clock.at(date(2012, 9, 3)):
        change = perform(
            change,
            "effect",
            by=town.of_county,
            decision_doc_no="甲工变1号",
            effective_on=clock.today(),
        )
        stays(change, town.of_county, "变更已于2012-09-03生效")
        assert value("orgs.dissolved", town.county, *YEAR) == 1
