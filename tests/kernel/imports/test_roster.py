"""A sheet whose rows make several records: the roster of members, with the line's own writer."""

from datetime import date

import pytest

from gonghui.base.identity import make_id_number
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.people.models import Person
from gonghui.kernel.records import sealing
from gonghui.kernel.registers import registry
from gonghui.lines.members.models import Membership
from tests.kernel.imports.conftest import counts, visits

HEAD = ("姓名", "证件类型", "证件号码", "手机", "用工形式", "是否农民工", "入会日期")
NUMBERS = [make_id_number("410402", date(1980, 1, day), 1) for day in (1, 2, 3)]
ROSTER = (
    ("王 伟", "居民身份证", NUMBERS[0], "13800000001", "合同制", "是", "2012-01-15"),
    ("李娜", "居民身份证", NUMBERS[1], "13800000002", "合同制", "否", "2012-01-15"),
    ("John Smith", "护照", "e 1234567", "", "合同制", "", "2012-01-15"),
)


@pytest.fixture
def roster(tree, county):
    """Checks and writes a roster of the union as the county; the run."""

    def do(*rows):
        register = registry.register_of("members.membership")
        data = visits(*(rows or ROSTER), head=HEAD)
        run = services.upload(register, "花名册.xlsx", data, by=county, org=tree.union)
        run = services.check(run, by=county)
        checked = counts(run)
        run = services.write_run(run, by=county)
        assert counts(run) == checked
        return run

    return do


def test_persons_and_memberships_are_made_and_the_same_roster_changes_nothing(tree, roster):
    assert counts(roster()) == (3, 0, 0, 0)
    made = Membership.objects.filter(org=tree.union).order_by("pk")
    assert [(m.person.name, m.state, m.is_migrant) for m in made] == [
        ("王伟", "active", True),
        ("李娜", "active", False),
        ("John Smith", "active", False),
    ]
    assert sealing.opened(made[2].person, "id_no") == "E1234567"
    assert counts(roster()) == (0, 0, 3, 0)
    assert (Person.objects.count(), Membership.objects.count()) == (3, 3)
    assert verify().is_clean


def test_a_changed_row_is_told_and_restored(roster, county):
    roster()
    changed = (*ROSTER[0][:4], "劳务派遣", "否", "2012-01-15")
    run = roster((*ROSTER[0][:5], "否", "2012-01-15"), ROSTER[1])
    assert counts(run) == (0, 1, 1, 0)
    member = Membership.objects.get(person__name="王伟")
    assert (member.is_migrant, member.version) == (False, 2)
    services.undo(run, by=county)
    member.refresh_from_db()
    assert (member.is_migrant, member.version) == (True, 3)
    run = roster(changed)
    assert counts(run) == (0, 0, 0, 1)


def test_bad_rows_are_told_at_their_cells(roster):
    run = roster(
        ROSTER[0],
        ("李娜", "居民身份证", 4.10402198001021e17, "", "合同制", "", "2012-01-15"),
        ("张三", "居民身份证", NUMBERS[0], "", "合同制", "", "2012-01-15"),
        ("赵六", "居民身份证", NUMBERS[2], "", "合同制", "", "2012-05-01"),
    )
    assert counts(run) == (1, 0, 0, 3)
    told = ImportRow.objects.filter(run=run, outcome="refused").order_by("number")
    assert [(row.number, *row.faults[0][:2]) for row in told] == [
        (3, "证件号码", "C3"),
        (4, "证件号码", "C4"),
        (5, "入会日期", "G5"),
    ]
    assert told[0].faults[0][2] == "证件号码被Excel改成数字，请用模板（文本格式）重新填写"


def test_a_roster_is_taken_back_and_can_be_written_again(tree, roster, county):
    run = services.undo(roster(), by=county)
    assert run.state == "undone"
    assert list(ImportRow.objects.filter(run=run).values_list("undo", flat=True)) == ["voided"] * 3
    assert Membership.objects.filter(voided_at=None).count() == 0
    assert verify().is_clean
    assert counts(roster()) == (3, 0, 0, 0)
    assert Membership.objects.filter(voided_at=None).count() == 3
