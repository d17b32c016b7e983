"""Lists of employers and unions, coverage, headcounts, the census and what counts in it."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base import clock
from gonghui.base.errors import DomainError
from gonghui.base.identity import make_uscc
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.orgs.models import Division, Org, OrgKind, OrgLevel
from gonghui.kernel.people.models import Employer, EmployerHeadcount, Person
from gonghui.kernel.registers.declare import Register, allow
from gonghui.kernel.registers.registry import register, register_of
from gonghui.kernel.registers.write import change, create, create_many, perform
from gonghui.lines.orgs import jobs
from gonghui.lines.orgs.models import (
    CensusLine,
    CensusUnit,
    DivisionEntry,
    LegalPersonCert,
    OfficeHolder,
    OrgCoverage,
    OrgEntry,
    UnionTerm,
)
from gonghui.lines.orgs.services import coverage, trees
from tests.lines.orgs.making import (
    WHEN,
    an_employer,
    employer_values,
    established,
    headcount,
    value,
)
from tests.support.orgs import make_org

CODE = make_uscc("91", "410402", "MA400001")


@pytest.fixture
def township(town):
    return Division.objects.create(
        code="410422001", name="示例乡", level="township", valid_from=date(2000, 1, 1)
    )


def an_entry(town, township, code=CODE, **more):
    """A line of the list of existing unions."""
    return {
        "org": town.township,
        "name": "示例纺织工会委员会",
        "kind": "single",
        "employer_uscc": code,
        "employer_name": "示例纺织有限公司",
        "division": township,
        "employees": 260,
        "female": 180,
        "approved_on": date(2008, 5, 4),
        "approval_doc_no": "甲工〔2008〕9号",
        "term_no": 2,
        "term_years": 3,
        "term_due_on": date(2014, 5, 3),
        "chair_name": "周示例",
        "chair_id_no": "410402198001011236",
        "legal_uscc": "81410400MC12345664",
        **more,
    }


def test_a_line_of_the_list_becomes_a_union_with_all_it_says(town, township):
    entry = create(OrgEntry, by=town.of_county, **an_entry(town, township))
    with acting(SYSTEM):
        union = Org.objects.get(name="示例纺织工会委员会")
        employer = Employer.objects.get(uscc=CODE)
        term = UnionTerm.objects.get(org=union)
        chair = OfficeHolder.objects.get(org=union)
        cert = LegalPersonCert.objects.get(org=union)
        row = OrgCoverage.objects.get(org=union)
    assert unscoped(OrgEntry).get(pk=entry.pk).made_org_id == union.pk
    assert (union.state, union.level, union.established_on) == ("live", "basic", date(2008, 5, 4))
    assert (union.superior_id, union.uscc) == (town.township.pk, "81410400MC12345664")
    assert (employer.org_id, row.employees, row.valid_from) == (union.pk, 260, date(2008, 5, 4))
    assert (term.term_no, term.started_on, term.due_on) == (2, date(2011, 5, 4), date(2014, 5, 3))
    assert (chair.post, chair.person.name) == ("chair", "周示例")
    assert (cert.state, cert.valid_to) == ("valid", date(2014, 5, 3))
    assert unscoped(EmployerHeadcount).get().female == 180
    assert unscoped(CensusUnit).get().state == "unionised"
    assert value("orgs.new_unions", town.city, date(2008, 1, 1), date(2012, 12, 31)) == 0
    assert value("orgs.basic_unions", town.county, date(2008, 5, 3)) == 1
    assert value("orgs.basic_unions", town.county, date(2008, 5, 4)) == 2
    assert value("orgs.legal_persons", town.county, WHEN) == 1


def test_good_lines_are_taken_and_conflicts_are_listed(town, township):
    other = make_uscc("91", "410402", "MA400002")
    create(OrgEntry, by=town.of_county, **an_entry(town, township))
    outcomes = create_many(
        OrgEntry,
        [
            an_entry(town, township, site="二分厂", legal_uscc="", term_due_on=None),
            an_entry(town, township, name="又一工会", legal_uscc="", site=""),
            an_entry(town, township, code=other, name="三厂工会", legal_uscc="", chair_id_no=None),
            an_entry(town, township, code="91410402MA40ABC13C", legal_uscc=""),
        ],
        by=town.of_county,
    )
    assert [outcome.error is None for outcome in outcomes] == [True, False, True, False]
    assert "该单位（厂区）已建档" in outcomes[1].error.message
    assert "统一社会信用代码校验不符" in outcomes[3].error.message
    assert unscoped(OrgCoverage).count() == 3
    assert value("orgs.covered_units", town.city, WHEN) == 2


def test_an_employer_of_another_union_is_a_conflict_with_its_date(town, township):
    employer = an_employer(town.township, 7)
    established(town, employer)
    (outcome,) = create_many(
        OrgEntry, [an_entry(town, township, code=employer.uscc, legal_uscc="")], by=town.of_county
    )
    assert (
        f"该单位（代码{employer.uscc}）已由“示例1公司工会委员会”涵盖，自2012-03-20起。请先办理转出。"
        in outcome.error.message
    )


def a_line(town, code=CODE, **more):
    return {
        "org": town.county,
        "uscc": code,
        "name": "示例机械有限公司",
        "round": "2012年上半年",
        "opened_on": date(2011, 4, 1),
        "insured": 40,
        "address": "示例路1号",
        "contact": "0375-2662588",
        **more,
    }


def test_a_census_line_makes_employer_headcount_and_census_unit(town):
    create(CensusLine, by=town.of_county, **a_line(town))
    employer = unscoped(Employer).get(uscc=CODE)
    unit = unscoped(CensusUnit).get()
    assert (employer.name, employer.address) == ("示例机械有限公司", "示例路1号")
    assert unscoped(EmployerHeadcount).get().employees == 40
    assert (unit.state, unit.employees, unit.due_on) == ("uncontacted", 40, date(2012, 4, 1))
    with clock.at(date(2012, 4, 2)):
        assert jobs.open_leads_due() == 1
        assert jobs.open_leads_due() == 0


def test_a_later_list_completes_an_employer_but_never_overwrites_what_a_cadre_wrote(town):
    create(CensusLine, by=town.of_county, **a_line(town, legal_rep=""))
    employer = unscoped(Employer).get(uscc=CODE)
    change(employer, by=town.of_county, address="干部核实的地址")
    create(
        CensusLine,
        by=town.of_county,
        **a_line(
            town,
            round="2012年下半年",
            name="示例机械集团有限公司",
            address="示例路2号",
            legal_rep="吴示例",
        ),
    )
    found = unscoped(Employer).get(uscc=CODE)
    assert (found.name, found.address, found.legal_rep) == (
        "示例机械集团有限公司",
        "干部核实的地址",
        "吴示例",
    )
    line = unscoped(CensusLine).get(round="2012年下半年")
    change(line, by=town.of_county, name="示例机械股份有限公司", address="示例路3号")
    found = unscoped(Employer).get(uscc=CODE)
    assert (found.name, found.address) == ("示例机械股份有限公司", "干部核实的地址")
    assert unscoped(Employer).count() == 1
    assert unscoped(CensusUnit).count() == 2


def test_the_census_knows_its_unionised_employers(town):
    employer = an_employer(town.township, 1)
    established(town, employer)
    create(CensusLine, by=town.of_county, **a_line(town, code=employer.uscc))
    assert unscoped(CensusUnit).get(round="2012年上半年").state == "unionised"


def test_a_refusal_has_its_reason_and_a_cancelled_employer_leaves_the_universe(town):
    employer = an_employer(town.township, 1)
    headcount(employer, 26)
    unit = create(
        CensusUnit,
        by=town.of_station,
        org=town.township,
        employer=employer,
        round="2012",
        source="visit",
    )
    assert value("orgs.over25_enterprises", town.county, WHEN) == 1
    with pytest.raises(DomainError, match="请填写拒绝原因"):
        perform(unit, "refuse", by=town.of_station)
    perform(unit, "refuse", by=town.of_station, refuse_reason="老板不同意")
    with clock.at(date(2012, 5, 1)):
        perform(unit, "cancel", by=town.of_station, reason="注销")
    assert value("orgs.over25_enterprises", town.county, date(2012, 4, 30)) == 1
    assert value("orgs.over25_enterprises", town.county, date(2012, 5, 1)) == 0


def test_a_newer_headcount_reaches_coverage_and_an_older_one_does_not(town):
    employer = an_employer(town.township, 1)
    headcount(employer, 100, date(2012, 1, 1))
    established(town, employer)
    headcount(employer, 140, date(2012, 3, 1))
    headcount(employer, 90, date(2011, 1, 1))
    assert unscoped(OrgCoverage).get().employees == 140
    assert value("orgs.covered_employees", town.city, WHEN) == 140
    with pytest.raises(DomainError, match="这一天的职工人数已登记"):
        headcount(employer, 150, date(2012, 3, 1))
    with pytest.raises(DomainError, match="其中项人数不能大于职工人数"):
        create(
            EmployerHeadcount,
            by=SYSTEM,
            org=town.county,
            employer=employer,
            as_of=WHEN,
            employees=10,
            female=11,
            source="report",
        )


def test_sites_of_one_employer_have_unions_of_their_own(town):
    employer = an_employer(town.township, 1)
    for site, union in (
        ("一矿", town.union),
        ("二矿", make_org("二矿工会", "basic", town.township)),
    ):
        create(
            OrgCoverage,
            by=town.of_county,
            org=union,
            employer=employer,
            site=site,
            employees=500,
            valid_from=WHEN,
        )
    assert value("orgs.covered_units", town.city, WHEN) == 1
    assert value("orgs.covered_employees", town.city, WHEN) == 1000
    assert value("orgs.new_units", town.city, WHEN) == 1
    third = make_org("三矿工会", "basic", town.township)
    with pytest.raises(DomainError, match="已由“二矿工会”涵盖，自2012-03-20起"):
        create(
            OrgCoverage,
            by=town.of_county,
            org=third,
            employer=employer,
            site=" 二 矿",
            employees=1,
            valid_from=WHEN,
        )
    with acting(SYSTEM):
        assert coverage.unionised([employer.pk], WHEN).keys() == {employer.pk}
        assert coverage.unionised([employer.pk], date(2012, 3, 19)) == {}


def test_a_federation_covers_no_employer_itself(town):
    with pytest.raises(DomainError, match="“甲镇工会”是乡镇（街道）工会，不直接涵盖单位"):
        create(
            OrgCoverage,
            by=town.of_county,
            org=town.township,
            employer=an_employer(town.township, 1),
            valid_from=WHEN,
        )


def test_the_rates_of_areas_and_of_larger_enterprises(town):
    area = make_org("示例集聚区工会", OrgLevel.AREA, town.county, kind=OrgKind.AREA)
    employers = [
        create(Employer, by=SYSTEM, **employer_values(town.township, n, area=area))
        for n in range(4)
    ]
    for number, employer in enumerate(employers):
        headcount(employer, 24 + number)
        create(
            CensusUnit,
            by=SYSTEM,
            org=town.township,
            employer=employer,
            round="2012",
            source="market",
        )
    established(town, employers[0])
    established(town, employers[1])
    assert value("orgs.area_coverage", town.city, WHEN) * 4 == 2
    assert round(value("orgs.over25_coverage", town.city, WHEN), 4) == Decimal("0.3333")
    assert value("orgs.area_unions", town.city, WHEN) == 1


def test_divisions_count_from_their_first_day_to_the_day_before_their_last(town):
    county = Division.objects.create(
        code="410421", name="甲县", level="county", valid_from=date(1949, 10, 1)
    )
    Division.objects.create(code="410499", name="新区", level="county", valid_from=date(2015, 1, 1))
    for number in range(3):
        Division.objects.create(
            code=f"41042110{number}",
            name=f"示例{number}镇",
            level="township",
            parent=county,
            valid_from=date(2000, 1, 1),
            valid_to=date(2012, 8, 1) if number == 2 else None,
        )
    with acting(SYSTEM):
        change(town.county, by=SYSTEM, division=county)
    assert jobs.mirror_divisions() == 5
    assert jobs.mirror_divisions() == 0
    assert value("orgs.counties", town.city, date(2012, 8, 15)) == 1
    assert value("orgs.counties", town.city, date(2026, 1, 1)) == 2
    assert value("orgs.townships", town.city, date(2012, 7, 31)) == 3
    assert value("orgs.townships", town.county, date(2012, 8, 1)) == 2
    assert value("orgs.townships", town.neighbour, date(2012, 8, 1)) == 0
    county.valid_to = date(2020, 1, 1)
    county.save()
    assert jobs.mirror_divisions() == 1
    assert value("orgs.counties", town.city, date(2020, 1, 1)) == 1
    assert unscoped(DivisionEntry).count() == 5


def test_the_statistics_org_is_the_one_directly_below_the_city(town):
    ids = [town.union.pk, town.township.pk, town.county.pk, town.city.pk]
    assert trees.stat_org_of(ids, WHEN) == {
        town.union.pk: town.county.pk,
        town.township.pk: town.county.pk,
        town.county.pk: town.county.pk,
        town.city.pk: town.city.pk,
    }


def test_every_figure_of_the_line_says_what_it_counts(town):
    mine = [i for i in catalogue.all_indicators() if i.code.startswith("orgs.")]
    assert len(mine) == 40
    assert [i.code for i in mine if not i.definition or i.owner != "组织部"] == []
    for name, code in (
        ("新建工会数", "orgs.new_unions"),
        ("产业集聚区工会数", "orgs.area_unions"),
        ("县市区数", "orgs.counties"),
        ("乡镇街道数", "orgs.townships"),
        ("省六好县区", "orgs.sixgood_county"),
        ("省六好乡镇", "orgs.sixgood_township"),
        ("省六好基层", "orgs.sixgood_basic"),
    ):
        assert catalogue.by_name(name).code == code


def _people_are_written_by_some_register() -> None:
    """People are the members line's register; where it is not installed a plain one stands in."""
    try:
        register_of(Person)
    except KeyError:
        register(
            Register(key="sample.person", model=Person, columns=("name",), access=(allow("view"),))
        )


_people_are_written_by_some_register()
