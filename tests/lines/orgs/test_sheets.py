"""The sheets of the line, from upload to records."""

from datetime import date

import pytest

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.access.unscoped import unscoped
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.orgs.models import Division, Org
from gonghui.kernel.people.models import Employer
from gonghui.kernel.registers.registry import register_of
from gonghui.kernel.registers.write import change
from gonghui.lines.orgs.models import CensusLine, CensusUnit, OrgCoverage, OrgEntry
from tests.kernel.excel.makers import workbook
from tests.lines.orgs.making import WHEN, an_employer, established, value
from tests.support.orgs import make_org

CODES = ("91410402MA40ABC13B", "91410402MA40000115")
UNIONS = (
    *("工会名称", "建会形式", "上级工会", "单位统一代码", "单位名称", "所在乡镇", "职工数"),
    *("批准日期", "批复文号", "届次", "任期", "届满日期", "主席姓名", "主席身份证", "法人代码"),
)
CENSUS = ("统一代码", "名称", "普查轮次", "成立日期", "地址", "参保人数", "法定代表人", "电话")


@pytest.fixture
def imported(town):
    """Uploads, checks and writes a sheet as the county."""

    def do(model, head, *rows):
        by = town.of_county
        with acting(by):
            run = services.upload(
                register_of(model), "名单.xlsx", workbook([head, *rows]), by=by, org=town.county
            )
            run = services.check(run, by=by, in_background=False)
            return services.write_run(run, by=by, in_background=False)

    return do


def counts(run):
    return (run.new_count, run.changed_count, run.unchanged_count, run.refused_count)


def faults(run):
    rows = ImportRow.objects.filter(run=run, outcome="refused").order_by("number")
    return "；".join(str(part) for row in rows for fault in row.faults for part in fault)


def test_a_list_of_existing_unions_is_taken_over_and_bad_rows_are_told(town, imported):
    Division.objects.create(
        code="410422001", name="示例乡", level="township", valid_from=date(2000, 1, 1)
    )
    good = (
        *(
            "红星纺织工会委员会",
            "单独建会",
            "甲镇工会",
            CODES[0],
            "红星纺织有限公司",
            "示例乡",
            260,
        ),
        *("2008-05-04", "甲工〔2008〕9号", 2, 3, "2014-05-03", "周示例", "410402198001011236"),
        "81410400MC12345664",
    )
    nowhere = ("又一工会", "单独建会", "没有的工会", *good[3:])
    run = imported(OrgEntry, UNIONS, good, nowhere)
    assert counts(run) == (1, 0, 0, 1)
    assert "没有找到这个上级工会" in faults(run)
    union = unscoped(Org).get(name="红星纺织工会委员会")
    assert (union.state, union.superior_id, union.uscc) == (
        "live",
        town.township.pk,
        "81410400MC12345664",
    )
    assert value("orgs.covered_units", town.county, WHEN) == 1
    assert value("orgs.new_unions", town.county, date(2008, 1, 1), WHEN) == 0


def test_a_census_list_upserts_by_code_and_keeps_what_a_cadre_wrote(town, imported):
    row = (CODES[0], "示例机械有限公司", "2012年上半年", "2011-04-01", "示例路1号", 40, "", "")
    assert counts(imported(CensusLine, CENSUS, row)) == (1, 0, 0, 0)
    employer = unscoped(Employer).get()
    change(employer, by=town.of_county, address="干部核实的地址")
    later = (CODES[0], "示例机械集团", "2012年上半年", "2011-04-01", "示例路9号", 41, "吴示例", "")
    assert counts(imported(CensusLine, CENSUS, later)) == (0, 1, 0, 0)
    employer = unscoped(Employer).get()
    assert (employer.name, employer.address, employer.legal_rep) == (
        "示例机械集团",
        "干部核实的地址",
        "吴示例",
    )
    assert unscoped(CensusUnit).count() == 1


def test_the_employers_of_a_joint_union_are_listed(town, imported):
    joint = make_org("东市场联合工会", "basic", town.township, kind="joint")
    free, taken = an_employer(town.township, 1), an_employer(town.township, 2)
    established(town, taken)
    head = ("联合工会名称", "单位代码", "单位名称", "职工数", "涵盖起始日期")
    run = imported(
        OrgCoverage,
        head,
        (joint.name, free.uscc, free.name, 12, "2012-03-01"),
        (joint.name, taken.uscc, taken.name, 8, "2012-03-01"),
        (joint.name, CODES[0], "没有登记的单位", 8, "2012-03-01"),
    )
    assert counts(run) == (1, 0, 0, 2)
    assert f"该单位（代码{taken.uscc}）已由“示例1公司工会委员会”涵盖，自2012-03-20起" in faults(run)
    assert "没有登记这个代码的单位" in faults(run)
    with acting(SYSTEM):
        assert OrgCoverage.objects.get(org=joint).employees == 12
