"""Changes of unions: merging, dissolving, splitting, moving, renaming."""

from datetime import date

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError, NotAllowed
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.orgs.models import Org
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.write import change, create, perform, void
from gonghui.lines.orgs.models import (
    CensusUnit,
    LegalPersonCert,
    OfficeHolder,
    OrgChange,
    OrgCoverage,
    UnionTerm,
)
from tests.lines.orgs.making import (
    WHEN,
    an_employer,
    employer_values,
    established,
    headcount,
    prepared,
    value,
)

LATER = date(2012, 9, 3)
Q1 = (date(2012, 1, 1), date(2012, 3, 31))
YEAR = (date(2012, 1, 1), date(2012, 12, 31))
AUDITED = {
    "reason": "企业改制",
    "members_plan": "transfer",
    "property_note": "财产随会员转入",
    "audit_project_no": "审-2012-001",
}


def changed(town, union, kind, *, by=None, **values):
    """A change requested by the township and decided by the county on its day."""
    case = create(
        OrgChange, by=town.of_station, org=union, kind=kind, **{"reason": "工作需要", **values}
    )
    case = perform(case, "request", by=town.of_station)
    return perform(
        case,
        "effect",
        by=by or town.of_county,
        decision_doc_no="甲工变〔2012〕1号",
        effective_on=clock.today(),
    )


@pytest.fixture
def pair(town):
    """Two unions with one employer each, of 31 and 22 employees, founded in March."""
    one, two = an_employer(town.township, 1), an_employer(town.township, 2)
    headcount(one, 31)
    headcount(two, 22)
    return established(town, one).org, established(town, two).org


def test_a_merger_passes_everything_on_and_leaves_the_past_as_it_was(town, pair):
    into, ending = pair
    before = value("orgs.covered_employees", ending, WHEN)
    with clock.at(LATER):
        changed(town, ending, "merge", into=into, **AUDITED)
    with acting(SYSTEM):
        gone = Org.objects.get(pk=ending.pk)
        assert (gone.state, gone.dissolved_on) == ("dissolved", LATER)
        assert OrgCoverage.objects.filter(org=into, valid_to=None).count() == 2
        assert OrgCoverage.objects.get(org=ending).valid_to == LATER
        assert UnionTerm.objects.get(org=ending).ended_on == date(2012, 9, 2)
        assert set(
            OfficeHolder.objects.filter(term__org=ending).values_list("end_reason", flat=True)
        ) == {"org_ended"}
        assert LegalPersonCert.objects.get(org=ending).state == "dropped"
        assert Employer.objects.get(name="示例企业2有限公司").org_id == into.pk
        assert CensusUnit.objects.get(employer__name="示例企业2有限公司").state == "unionised"
    assert value("orgs.dissolved", town.city, *YEAR) == 1
    assert value("orgs.new_unions", town.city, *YEAR) == 2
    assert value("orgs.new_units", town.city, *YEAR) == 2
    assert value("orgs.covered_employees", into, LATER) == 53
    assert value("orgs.covered_employees", ending, LATER) == 0
    assert value("orgs.covered_employees", ending, WHEN) == before == 22
    assert value("orgs.basic_unions", town.county, Q1[1]) == 3
    assert value("orgs.basic_unions", town.county, LATER) == 2
    assert value("orgs.covered_units", town.county, LATER) == 2


def test_a_merger_needs_its_audit_its_property_and_its_members(town, pair):
    into, ending = pair
    for missing, message in (
        ("audit_project_no", "须经上级审计"),
        ("property_note", "须说明财产处置"),
        ("members_plan", "请填写会员去向"),
    ):
        values = {**AUDITED, missing: ""}
        case = create(OrgChange, by=town.of_station, org=ending, kind="merge", into=into, **values)
        with pytest.raises(DomainError, match=message):
            perform(case, "request", by=town.of_station)
        void(case, by=town.of_station, reason="重填")
    assert unscoped(Org).get(pk=ending.pk).state == "live"


def test_a_union_does_not_merge_into_itself(town, pair):
    with pytest.raises(DomainError, match="并入的工会不能是本工会"):
        create(OrgChange, by=town.of_station, org=pair[0], kind="merge", into=pair[0], **AUDITED)


def test_a_dissolution_needs_the_employers_end_and_sets_employers_free(town, pair):
    _, ending = pair
    with pytest.raises(DomainError, match="任何组织和个人不得随意撤销工会"):
        changed(town, ending, "dissolve", **{**AUDITED, "members_plan": "retain"})
    open_change = unscoped(OrgChange).get()
    with clock.at(LATER):
        ready = change(open_change, by=town.of_station, employer_end_proof="注销通知书")
        ready = perform(ready, "request", by=town.of_station)
        perform(ready, "effect", by=town.of_county, decision_doc_no="1号", effective_on=LATER)
    with acting(SYSTEM):
        employer = Employer.objects.get(name="示例企业2有限公司")
        assert employer.org_id == town.county.pk
        assert CensusUnit.objects.get(employer=employer).state == "mobilising"
        assert not OrgCoverage.objects.filter(org=ending, valid_to=None).exists()
    assert value("orgs.dissolved", town.county, *YEAR) == 1
    assert value("orgs.covered_units", town.city, LATER) == 1


def test_a_county_does_not_decide_over_itself(town):
    case = create(
        OrgChange,
        by=town.of_county,
        org=town.county,
        kind="rename",
        reason="更名",
        new_name="甲市总工会",
    )
    case = perform(case, "request", by=SYSTEM)
    with pytest.raises(NotAllowed, match="不能批复本级"):
        perform(case, "effect", by=town.of_county, decision_doc_no="1号")
    done = perform(case, "effect", by=town.dept, decision_doc_no="1号")
    assert (done.state, unscoped(Org).get(pk=town.county.pk).name) == ("effective", "甲市总工会")
    assert unscoped(OrgChange).get().former_name == "甲县总工会"


def test_a_moved_union_takes_its_stock_along_but_not_its_past(town, pair):
    union, _ = pair
    with clock.at(LATER):
        changed(town, union, "resubordinate", by=town.dept, new_superior=town.neighbour_township)
    assert unscoped(Org).get(pk=union.pk).path == f"{town.neighbour_township.path}{union.pk}/"
    assert value("orgs.new_unions", town.county, *YEAR) == 2
    assert value("orgs.new_unions", town.neighbour, *YEAR) == 0
    assert value("orgs.covered_employees", town.county, date(2012, 9, 2)) == 53
    assert value("orgs.covered_employees", town.county, LATER) == 22
    assert value("orgs.covered_employees", town.neighbour, LATER) == 31


def test_a_union_is_not_moved_below_itself(town, pair):
    with pytest.raises(DomainError, match="新上级工会不能是本工会或其下级"):
        create(
            OrgChange,
            by=town.of_county,
            org=town.county,
            kind="resubordinate",
            reason="调整",
            new_superior=town.township,
        )


def test_a_suspended_union_still_counts_and_comes_back(town, pair):
    union, _ = pair
    changed(town, union, "suspend")
    assert unscoped(Org).get(pk=union.pk).state == "rectifying"
    assert value("orgs.basic_unions", town.city, WHEN) == 3
    changed(town, union, "resume")
    assert unscoped(Org).get(pk=union.pk).state == "live"


def test_a_split_founds_its_parts_as_formations_that_do_not_count_as_new(town):
    one, two = an_employer(town.township, 1), an_employer(town.township, 2)
    old = established(town, one, two, kind="joint").org
    with clock.at(LATER):
        changed(
            town,
            old,
            "split",
            property_note="按职工人数分割",
            audit_project_no="审2",
            reason="分设",
        )
        part = established(town, two, origin="split", former_org=old)
    assert (part.counts_as_new, part.not_new_reason) == (False, "原工会分立")
    with acting(SYSTEM):
        assert OrgCoverage.objects.get(org=part.org_id, valid_to=None).employer_id == two.pk
        assert [c.employer_id for c in OrgCoverage.objects.filter(org=old, valid_to=None)] == [
            one.pk
        ]
        assert Org.objects.get(pk=old.pk).state == "live"
    assert value("orgs.basic_unions", town.city, LATER) == 3
    assert value("orgs.covered_units", town.city, LATER) == 2
    assert value("orgs.dissolved", town.city, *YEAR) == 0


def test_a_draft_union_cannot_change(town):
    formation = prepared(town, an_employer(town.township))
    case = create(
        OrgChange,
        by=town.of_station,
        org=formation.org,
        kind="rename",
        reason="更名",
        new_name="新",
    )
    with pytest.raises(DomainError, match="现为“筹备”，不能办理变更"):
        perform(case, "request", by=town.of_station)


def test_employers_are_entered_with_a_right_code_once(town):
    an_employer(town.township, 1)
    with pytest.raises(DomainError, match="统一社会信用代码已存在"):
        an_employer(town.township, 1)
    with pytest.raises(DomainError, match="统一社会信用代码校验不符"):
        an_employer(town.township, 2, uscc="91410402MA40ABC13C")
    with pytest.raises(DomainError, match="该代码是工会法人代码（8开头），请填用人单位代码"):
        an_employer(town.township, 2, uscc="81410400MC12345664")
    with pytest.raises(DomainError, match="请填写统一社会信用代码"):
        create(Employer, by=SYSTEM, **{**employer_values(town.township, 3), "uscc": None})
    assert unscoped(Employer).count() == 1


@pytest.mark.parametrize(
    ("field", "given"),
    [
        ("name", "自改名"),
        ("kind", "village"),
        ("established_on", date(1999, 1, 1)),
        ("uscc", "81410400MC12345664"),
    ],
)
def test_what_approvals_decide_is_not_edited_by_hand(town, field, given):
    with pytest.raises(DomainError, match="不能直接修改，请办理“建会事项”或“组织变更”"):
        change(town.union, by=town.of_union, **{field: given})
    with pytest.raises(DomainError, match="上级工会不能直接修改"):
        change(town.union, by=town.of_union, superior=town.neighbour_township)
    assert change(town.union, by=town.of_union, phone="0375-2662588").phone == "0375-2662588"
    assert unscoped(Org).get(pk=town.union.pk).name == "老厂工会"


def test_nobody_overrules_before_the_founding(town):
    formation = prepared(town, an_employer(town.township))
    with pytest.raises(DomainError, match="改判须在批复成立后由批准工会办理"):
        change(formation, by=town.of_station, overruled_as_new=True)
