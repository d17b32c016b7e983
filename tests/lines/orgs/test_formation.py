"""Forming unions: drafts, guards, what an approval brings about, what counts as newly built."""

from datetime import date, timedelta

import pytest

from gonghui.base import clock
from gonghui.base.errors import Conflict, DomainError, Invalid, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.write import (
    change,
    create,
    create_many,
    perform,
    perform_many,
    void,
)
from gonghui.kernel.workflow.models import Task
from gonghui.lines.orgs.models import (
    CensusUnit,
    ElectionCase,
    FormationEmployer,
    LegalPersonCert,
    OfficeHolder,
    OrgCoverage,
    UnionFormation,
    UnionTerm,
)
from gonghui.lines.orgs.services import formation as rules
from tests.lines.orgs import making
from tests.lines.orgs.making import (
    WHEN,
    a_formation,
    an_employer,
    established,
    founders,
    headcount,
    prepared,
    reported,
    value,
)
from tests.support.orgs import actor_with

H1 = (date(2012, 1, 1), date(2012, 6, 30))


def test_a_formation_makes_its_draft_union_below_the_named_superior(town):
    formation = a_formation(town)
    draft = formation.org
    assert (draft.state, draft.level, draft.kind) == ("preparing", "basic", "single")
    assert (draft.superior_id, draft.established_on, draft.code) == (
        town.township.pk,
        None,
        "G0000001",
    )
    assert draft.path == f"{town.township.path}{draft.pk}/"
    assert (formation.state, formation.number) == ("lead", "建会-2012-0001")
    assert (formation.superior_id, formation.approver_id) == (town.township.pk, town.county.pk)
    assert value("orgs.basic_unions", town.city, WHEN) == 1


def test_codes_and_numbers_go_on_and_are_never_given_twice(town):
    first, second = a_formation(town), a_formation(town)
    other = a_formation(town, org=town.neighbour_township, by=town.of_neighbour)
    assert [f.number for f in (first, second, other)] == [
        "建会-2012-0001",
        "建会-2012-0002",
        "建会-2012-0001",
    ]
    assert [f.org.code for f in (first, second, other)] == ["G0000001", "G0000002", "G0000003"]


def test_a_refused_formation_leaves_no_draft_union(town):
    before = unscoped(Org).count()
    with pytest.raises(Invalid):
        a_formation(town, proposed_name="")
    first = a_formation(town, proposed_name="示例工会委员会")
    with pytest.raises(Invalid, match="已有同名的建会事项"):
        a_formation(town, proposed_name="示例工会委员会")
    assert unscoped(Org).count() == before + 1
    assert unscoped(UnionFormation).get() == first


def test_the_union_to_be_sees_exactly_its_own_formation(town):
    mine, _ = a_formation(town), a_formation(town)
    with acting(actor_with(Role.BASIC, org=mine.org)):
        assert list(UnionFormation.objects.all()) == [mine]
        assert list(Org.objects.all()) == [mine.org]


def test_a_neighbour_county_may_not_form_a_union_here(town):
    with pytest.raises(NotAllowed):
        a_formation(town, by=town.of_neighbour)
    assert unscoped(UnionFormation).count() == 0


def test_the_approver_must_be_the_superior_or_above(town):
    with pytest.raises(DomainError, match="批准工会须是拟隶属的“甲镇工会”或其上级"):
        a_formation(town, approver=town.neighbour)
    formation = a_formation(town, approver=town.city)
    assert formation.approver_id == town.city.pk
    with pytest.raises(DomainError, match="批准工会须是"):
        change(formation, by=town.of_county, approver=town.neighbour)


def test_a_basic_union_cannot_be_entered_directly(town):
    with pytest.raises(DomainError, match="基层工会由“建会事项”批复"):
        create(
            Org,
            by=town.of_county,
            name="私设工会",
            level="basic",
            kind="single",
            superior=town.township,
        )
    branch = create(
        Org, by=town.of_union, name="一车间分会", level="branch", kind="branch", superior=town.union
    )
    assert (branch.state, branch.path) == ("live", f"{town.union.path}{branch.pk}/")


def test_an_employer_with_a_union_is_refused_with_who_covers_it_since_when(town):
    employer = an_employer(town.township)
    first = established(town, employer)
    other = a_formation(town)
    with pytest.raises(Conflict) as error:
        create(FormationEmployer, by=town.of_station, formation=other, employer=employer)
    assert error.value.message == (
        f"该单位（代码{employer.uscc}）已由“{first.proposed_name}”涵盖，自2012-03-20起。请先办理转出。"
    ) or error.value.errors == {
        "employer": [
            f"该单位（代码{employer.uscc}）已由“{first.proposed_name}”涵盖，自2012-03-20起。请先办理转出。"
        ]
    }


@pytest.mark.parametrize(
    ("kind", "count", "message"),
    [
        ("single", 0, "请先登记拟涵盖单位（至少一家）。"),
        ("joint", 1, "联合建会须有两家以上单位，现只有1家。"),
    ],
)
def test_a_request_needs_its_employers(town, kind, count, message):
    employers = [an_employer(town.township, n) for n in range(count)]
    formation = a_formation(town, *employers, kind=kind)
    with pytest.raises(DomainError) as error:
        perform(formation, "apply_prep", by=town.of_station)
    assert error.value.message == message
    assert unscoped(UnionFormation).get().state == "lead"


def test_a_request_needs_a_contact_and_the_opinion_of_the_party_branch(town):
    formation = a_formation(town, an_employer(town.township), contact="")
    with pytest.raises(DomainError, match="请填写至少一位联系人及电话"):
        perform(formation, "apply_prep", by=town.of_station)
    with pytest.raises(DomainError, match="请填写党组织意见"):
        perform(
            formation, "apply_prep", by=town.of_station, contact="李示例", has_party_branch=True
        )
    done = perform(
        formation,
        "apply_prep",
        by=town.of_station,
        contact="李示例",
        has_party_branch=True,
        party_opinion="同意",
    )
    assert (done.state, done.prep_requested_on) == ("prep_applied", WHEN)


def test_whoever_applied_may_not_approve_and_only_the_approver_decides(town):
    formation = a_formation(town, an_employer(town.township), approver=town.city)
    formation = perform(formation, "apply_prep", by=town.of_station)
    with pytest.raises(NotAllowed, match="不能批复本级或下级代办的本单位事项"):
        perform(formation, "approve_prep", by=town.of_county, prep_doc_no="甲1号")
    own = actor_with(Role.COUNTY, org=formation.org)
    with pytest.raises(NotAllowed, match="不能批复本级"):
        perform(formation, "approve_prep", by=own, prep_doc_no="自1号")
    assert (
        perform(formation, "approve_prep", by=town.dept, prep_doc_no="市1号").state == "preparing"
    )


def test_the_township_reviews_what_a_cadre_below_it_asks_for(town):
    formation = a_formation(town, an_employer(town.township))
    cadre = actor_with(Role.BASIC, org=formation.org)
    with pytest.raises(NotAllowed, match="须先经甲镇工会审核"):
        perform(formation, "apply_prep", by=cadre)
    formation = perform(formation, "ask_township", by=cadre)
    assert (formation.state, formation.prep_requested_on) == ("township_review", WHEN)
    assert _waits_for(formation) == {"station"}
    with pytest.raises(Conflict, match="现为“乡镇审核”"):
        perform(formation, "approve_prep", by=town.of_county, prep_doc_no="甲1号")
    formation = perform(formation, "send_back_request", by=town.of_station, reason="联系电话有误")
    assert formation.state == "lead"
    formation = perform(formation, "ask_township", by=cadre, contact="李示例 13800000000")
    formation = perform(formation, "forward", by=town.of_station)
    formation = perform(formation, "approve_prep", by=town.of_county, prep_doc_no="甲1号")
    founders(formation.org, 25)
    making.reported_election(formation.org)
    with pytest.raises(NotAllowed, match="须先经甲镇工会审核"):
        perform(formation, "report_result", by=cadre)
    formation = perform(formation, "report_to_township", by=cadre, female_members=9)
    formation = perform(formation, "send_back_result", by=town.of_station, reason="女会员数不符")
    formation = perform(formation, "report_to_township", by=cadre, female_members=8)
    formation = perform(formation, "forward_result", by=town.of_station)
    assert (formation.state, formation.founding_members) == ("result_reported", 25)
    assert perform(formation, "establish", by=town.of_county).state == "established"


def _waits_for(formation):
    return set(Task._unscoped.get(record_id=formation.pk, closed_at=None).roles)


def test_nobody_reviews_his_own_request(town):
    formation = a_formation(town, an_employer(town.township))
    both = actor_with(Role.BASIC, Role.STATION, org=town.township)
    formation = perform(formation, "ask_township", by=both)
    for action in ("forward", "send_back_request"):
        with pytest.raises(NotAllowed, match="不能是同一人"):
            perform(formation, action, by=both, reason="我自己")


def test_a_union_directly_below_the_county_asks_no_township(town):
    formation = a_formation(town, an_employer(town.county), by=SYSTEM, org=town.county)
    cadre = actor_with(Role.BASIC, org=formation.org)
    with pytest.raises(NotAllowed, match="拟隶属工会不是乡镇"):
        perform(formation, "ask_township", by=cadre)
    assert perform(formation, "apply_prep", by=cadre).state == "prep_applied"


def test_one_formation_of_another_approver_is_refused_alone(town):
    ours = a_formation(town, an_employer(town.township, 1))
    citys = a_formation(town, an_employer(town.township, 2), approver=town.city)
    for formation in (ours, citys):
        perform(formation, "apply_prep", by=town.of_station)
    refused, done = perform_many(
        [citys, ours], "approve_prep", by=town.of_county, prep_doc_no="甲1号"
    )
    assert isinstance(refused.error, NotAllowed)
    assert "须由批准工会或其上级办理" in refused.error.message
    assert (done.error, done.record.state) == (None, "preparing")
    assert unscoped(UnionFormation).get(pk=citys.pk).state == "prep_applied"


def test_the_result_needs_an_election_and_25_founding_members(town):
    formation = prepared(town, an_employer(town.township))
    founders(formation.org, 24)
    with pytest.raises(DomainError) as error:
        perform(formation, "report_result", by=town.of_station)
    assert error.value.message == "首批会员24人，单独建会须25人以上；不足的可联合建会或设组织员。"
    founders(formation.org, 1)
    with pytest.raises(DomainError, match="首届选举尚未完成并报告"):
        perform(formation, "report_result", by=town.of_station)
    case = making.reported_election(formation.org)
    done = perform(formation, "report_result", by=town.of_station, female_members=9)
    assert (done.state, done.founding_members, done.election_id) == ("result_reported", 25, case.pk)


def test_without_the_members_line_the_founding_members_cannot_be_checked(town, monkeypatch):
    monkeypatch.setattr(rules, "FOUNDING_MEMBERS", "members.of_nobody")
    formation = prepared(town, an_employer(town.township))
    with pytest.raises(DomainError, match="会员台账尚未启用（没有指标“members"):
        perform(formation, "report_result", by=town.of_station)


def test_an_approval_brings_the_union_into_being_with_all_that_follows(town):
    employer = an_employer(town.township)
    headcount(employer, 120)
    with acting(SYSTEM):
        create(
            CensusUnit,
            by=town.of_station,
            org=town.township,
            employer=employer,
            round="2012",
            source="market",
        )
    formation = reported(town, employer, focus_tags=["private", "dispatch"])
    formation = perform(formation, "establish", by=town.of_county)
    with acting(SYSTEM):
        union = Org.objects.get(pk=formation.org_id)
        coverage = OrgCoverage.objects.get(org=union)
        term = UnionTerm.objects.get(org=union)
        census = CensusUnit.objects.get(employer=employer)
        cert = LegalPersonCert.objects.get(org=union)
        posts = sorted(OfficeHolder.objects.filter(term=term).values_list("post", flat=True))
        case = ElectionCase.objects.get(org=union)
        owner = Employer.objects.get(pk=employer.pk).org_id
    assert (formation.approved_on, formation.approval_doc_no) == (WHEN, "甲县总工会建〔2012〕1号")
    assert (union.state, union.established_on, union.is_private) == ("live", WHEN, True)
    assert (union.approval_doc_no, union.focus_tags) == (
        formation.approval_doc_no,
        ["private", "dispatch"],
    )
    assert (coverage.employer_id, coverage.valid_from, coverage.employees) == (
        employer.pk,
        WHEN,
        120,
    )
    assert (coverage.is_first, coverage.is_enterprise) == (True, True)
    assert (term.term_no, term.started_on, term.due_on) == (1, WHEN, date(2015, 3, 19))
    assert posts == ["audit_chair", "chair", "member", "member", "member"]
    assert (census.state, case.state, cert.state, cert.case) == (
        "unionised",
        "confirmed",
        "pending",
        "first",
    )
    assert owner == union.pk
    assert formation.counts_as_new is True
    for code in ("orgs.new_unions", "orgs.new_dispatch", "orgs.new_private", "orgs.new_units"):
        assert value(code, town.city, *H1) == 1, code
        assert value(code, town.township, *H1) == 1, code
        assert value(code, town.neighbour, *H1) == 0, code
    assert value("orgs.new_platform", town.city, *H1) == 0
    assert value("orgs.covered_employees", town.county, H1[1]) == 120


def test_a_joint_union_of_twelve_employers_is_one_union_and_twelve_units(town):
    employers = [an_employer(town.township, n) for n in range(12)]
    before = value("orgs.basic_unions", town.city, H1[1])
    established(town, *employers, kind="joint")
    assert value("orgs.basic_unions", town.city, H1[1]) == before + 1
    assert value("orgs.covered_units", town.city, H1[1]) == 12
    assert value("orgs.covered_enterprises", town.city, H1[1]) == 12
    assert value("orgs.new_unions", town.city, *H1) == 1


def test_a_renamed_union_does_not_count_as_new_and_says_why(town):
    employer = an_employer(town.township)
    first = established(town, employer, on=WHEN)
    with clock.at(date(2012, 5, 8)):
        renamed = established(town, employer, origin="rename", former_org=first.org)
        assert (renamed.counts_as_new, renamed.not_new_reason) == (False, "原工会更名")
    assert value("orgs.new_unions", town.city, *H1) == 1
    assert value("orgs.basic_unions", town.city, date(2012, 5, 7)) == 2
    assert value("orgs.basic_unions", town.city, H1[1]) == 2
    assert value("orgs.covered_units", town.city, H1[1]) == 1
    with acting(SYSTEM):
        old = Org.objects.get(pk=first.org_id)
        assert (old.state, old.dissolved_on) == ("dissolved", date(2012, 5, 8))


def test_an_employer_covered_in_the_last_24_months_makes_no_new_union(town):
    employer = an_employer(town.township)
    with acting(SYSTEM):
        create(
            OrgCoverage,
            by=SYSTEM,
            org=town.union,
            employer=employer,
            valid_from=date(2005, 1, 1),
            valid_to=date(2010, 3, 21),
        )
    again = established(town, employer)
    assert (again.counts_as_new, again.not_new_reason) == (False, "撤后重建")


def test_an_employer_whose_coverage_ended_24_months_ago_makes_a_new_union(town):
    employer = an_employer(town.township)
    with acting(SYSTEM):
        create(
            OrgCoverage,
            by=SYSTEM,
            org=town.union,
            employer=employer,
            valid_from=date(2005, 1, 1),
            valid_to=date(2010, 3, 20),
        )
    assert established(town, employer).counts_as_new is True


def test_a_superior_overrules_only_with_a_written_reason(town):
    formation = established(town, an_employer(town.township), origin="backfill")
    assert (formation.counts_as_new, formation.not_new_reason) == (False, "补录历史")
    with pytest.raises(DomainError, match="改判须书面说明理由"):
        perform(formation, "overrule", by=town.of_county, overruled_as_new=True)
    with pytest.raises(NotAllowed):
        perform(
            formation, "overrule", by=town.of_station, overruled_as_new=True, overrule_reason="是"
        )
    done = perform(
        formation, "overrule", by=town.of_county, overruled_as_new=True, overrule_reason="档案已核"
    )
    assert (done.counts_as_new, done.not_new_reason, done.state) == (True, "", "established")
    assert value("orgs.new_unions", town.city, *H1) == 1


def test_an_approval_after_the_cut_off_does_not_change_the_half_year(town):
    established(town, an_employer(town.township, 1))
    with clock.at(date(2012, 7, 3)):
        established(town, an_employer(town.township, 2))
    assert value("orgs.new_unions", town.city, *H1) == 1
    assert value("orgs.new_unions", town.city, H1[0], date(2012, 8, 15)) == 2


def test_the_day_of_approval_is_not_to_come_not_before_the_meeting_and_not_far_back_in_silence(
    town,
):
    formation = reported(town, an_employer(town.township))
    with pytest.raises(DomainError, match="成立批复日期不能晚于今天"):
        perform(formation, "establish", by=town.of_county, approved_on=WHEN + timedelta(days=1))
    with pytest.raises(DomainError, match="不能早于选举大会日期2012-03-20"):
        perform(formation, "establish", by=town.of_county, approved_on=WHEN - timedelta(days=1))
    with clock.at(WHEN + timedelta(days=31)):
        with pytest.raises(DomainError, match="批复日期早于今天30天以上，请说明原因"):
            perform(formation, "establish", by=town.of_county, approved_on=WHEN)
        done = perform(
            formation, "establish", by=town.of_county, approved_on=WHEN, backdate_reason="漏登"
        )
    assert (done.is_backdated, done.counts_as_new) == (True, True)


def test_a_document_number_is_used_once_a_year(town):
    first = reported(town, an_employer(town.township, 1))
    second = reported(town, an_employer(town.township, 2))
    perform(first, "establish", by=town.of_county, approval_doc_no="甲工〔2012〕7号")
    with pytest.raises(DomainError, match="该成立批复文号本年度已使用"):
        perform(second, "establish", by=town.of_county, approval_doc_no="甲工〔2012〕7号")
    assert unscoped(UnionFormation).get(pk=second.pk).state == "result_reported"


def test_two_formations_of_one_employer_are_not_both_approved(town):
    employer = an_employer(town.township)
    first, second = reported(town, employer), reported(town, employer)
    outcomes = perform_many([first, second], "establish", by=town.of_county)
    assert [outcome.error is None for outcome in outcomes] == [True, False]
    assert "同时在" in outcomes[1].error.message
    with pytest.raises(Conflict, match="该单位刚被“示例1公司工会委员会”确认建会"):
        perform(second, "establish", by=town.of_county)
    assert unscoped(OrgCoverage).count() == 1
    assert unscoped(Org).get(pk=second.org_id).state == "preparing"


def test_a_result_sent_back_is_elected_again(town):
    formation = reported(town, an_employer(town.township))
    with pytest.raises(DomainError, match="须说明原因"):
        perform(formation, "return_election", by=town.of_county)
    back = perform(formation, "return_election", by=town.of_county, reason="公示不足")
    assert back.state == "preparing"
    assert unscoped(ElectionCase).get().state == "agreed"


def test_a_formation_given_up_sets_its_employers_free(town):
    employer = an_employer(town.township)
    with acting(SYSTEM):
        create(
            CensusUnit,
            by=town.of_station,
            org=town.township,
            employer=employer,
            round="2012",
            source="visit",
        )
    formation = prepared(town, employer)
    assert unscoped(CensusUnit).get().state == "preparing"
    closed = perform(formation, "close", by=town.of_county, reason="单位迁出")
    assert closed.state == "closed"
    assert unscoped(CensusUnit).get().state == "mobilising"
    assert unscoped(Org).get(pk=formation.org_id).state == "dissolved"
    assert value("orgs.dissolved", town.city, *H1) == 0


def test_a_split_needs_its_decision_and_takes_over_its_employers(town):
    one, two = an_employer(town.township, 1), an_employer(town.township, 2)
    old = established(town, one, two, kind="joint")
    formation = a_formation(town, two, origin="split", former_org=old.org)
    formation = perform(formation, "apply_prep", by=town.of_station)
    with pytest.raises(DomainError, match="分立须先批复原工会的“分立”变更"):
        perform(formation, "approve_prep", by=town.of_county, prep_doc_no="1号")
    assert unscoped(UnionFormation).get(pk=formation.pk).state == "prep_applied"


def test_an_organiser_needs_no_election_and_no_certificate(town):
    formation = established(town, an_employer(town.township), kind="organizer")
    assert formation.election_id is None
    assert unscoped(UnionTerm).count() == 0
    assert unscoped(LegalPersonCert).count() == 0


def test_many_foundings_at_once_cost_hardly_more_statements_than_few(
    town, django_assert_max_num_queries
):
    employers = [
        outcome.record
        for outcome in create_many(
            Employer, [making.employer_values(town.township, n) for n in range(60)], by=SYSTEM
        )
    ]
    formations = [
        outcome.record
        for outcome in create_many(
            UnionFormation,
            [
                {
                    "org": town.township,
                    "proposed_name": f"示例{n}工会委员会",
                    "kind": "organizer",
                    "contact": "李示例",
                }
                for n in range(60)
            ],
            by=town.of_station,
        )
    ]
    create_many(
        FormationEmployer,
        [
            {"formation": formation, "employer": employer}
            for formation, employer in zip(formations, employers, strict=True)
        ],
        by=town.of_station,
    )
    for formation in formations:
        founders(formation.org, 1)
    perform_many(formations, "apply_prep", by=town.of_station)
    perform_many(formations, "approve_prep", by=town.of_county, prep_doc_no="甲筹1号")
    perform_many(formations, "report_result", by=town.of_station)
    with django_assert_max_num_queries(60 * 4):
        outcomes = perform_many(formations, "establish", by=town.of_county)
    assert [outcome.error for outcome in outcomes] == [None] * 60
    numbers = sorted(outcome.record.approval_doc_no for outcome in outcomes)
    assert len(set(numbers)) == 60
    assert value("orgs.new_unions", town.county, *H1) == 60


def test_a_voided_formation_leaves_no_draft_union_and_its_employer_is_a_lead_again(town):
    employer = an_employer(town.township)
    with acting(SYSTEM):
        create(
            CensusUnit,
            by=town.of_station,
            org=town.township,
            employer=employer,
            round="2012",
            source="visit",
        )
    formation = prepared(town, employer)
    assert unscoped(CensusUnit).get().state == "preparing"
    void(formation, by=town.of_county, reason="登记错误")
    assert unscoped(Org).get(pk=formation.org_id).state == "dissolved"
    assert unscoped(CensusUnit).get().state == "mobilising"


def test_the_formation_of_a_union_that_exists_is_not_voided(town):
    formation = established(town, an_employer(town.township))
    with pytest.raises(DomainError, match="组织变更（撤销）"):
        void(formation, by=town.of_county, reason="登记错误")
    assert unscoped(UnionFormation).get().voided_at is None
    assert unscoped(Org).get(pk=formation.org_id).state == "live"
