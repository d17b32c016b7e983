"""Which record a row means."""

from datetime import date
from decimal import Decimal

from gonghui.base.identity import make_uscc
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.imports import services
from gonghui.kernel.imports.columns import Layout
from gonghui.kernel.imports.matching import Matching
from gonghui.kernel.imports.models import ImportRow, ImportRun
from gonghui.kernel.jobs.models import DataCheck
from gonghui.kernel.registers.declare import Cell
from gonghui.kernel.registers.write import create
from tests.kernel.imports.conftest import DATE, TITLE, counts, upload, visits
from tests.support.orgs import actor_with
from tests.support.sample.models import Visit

PEOPLE, AMOUNT, ORG = Cell("人数", "people"), Cell("金额", "amount"), Cell("工会", "org")


def test_a_blank_part_of_the_key_means_a_record_in_which_it_is_blank(tree, basic, imported):
    create(Visit, by=basic, org=tree.union, title="甲")
    create(Visit, by=basic, org=tree.union, title="甲", visited_on=date(2012, 2, 1))
    run = imported(visits(("甲", None, 1, 1), ("乙", None, 1, 1), ("甲", "2012-02-01", 2, 1)))
    assert counts(run) == (1, 2, 0, 0)
    made = Visit.objects.order_by("pk").values_list("title", "visited_on", "amount")
    assert list(made) == [
        ("甲", None, Decimal(1)),
        ("甲", date(2012, 2, 1), Decimal(2)),
        ("乙", None, Decimal(1)),
    ]


def test_a_key_that_is_blank_everywhere_is_looked_for_as_blank(sheet, tree, basic, imported):
    sheet(TITLE, PEOPLE, DATE, Cell("电话", "phone"), same_when=("title", "phone", "visited_on"))
    head = ("事由", "人数", "走访日期", "电话")
    rows = (("甲", 1, None, None), ("乙", 1, None, None))
    assert counts(imported(visits(*rows, head=head))) == (2, 0, 0, 0)
    assert counts(imported(visits(*rows, head=head))) == (0, 0, 2, 0)


def test_without_a_declared_key_all_columns_are_the_key(sheet, imported):
    sheet(TITLE, PEOPLE, AMOUNT)
    head = ("事由", "人数", "金额")
    rows = (("甲", 5, 7), ("甲", 6, 7), ("甲", 5, 7))
    run = imported(visits(*rows, head=head))
    assert counts(run) == (2, 0, 0, 1)
    assert counts(imported(visits(*rows[:2], head=head))) == (0, 0, 2, 0)


def test_rows_without_any_key_are_new_each_time(sheet, imported):
    sheet(TITLE, PEOPLE, AMOUNT, same_when=("people", "amount"))
    head = ("事由", "人数", "金额")
    assert counts(imported(visits(("甲", None, None), ("乙", None, None), head=head))) == (
        2,
        0,
        0,
        0,
    )
    assert counts(imported(visits(("甲", None, None), head=head))) == (1, 0, 0, 0)


def test_a_union_may_belong_to_the_key_and_a_record_keeps_its_union(tree, county, sheet, imported):
    sheet(TITLE, ORG, AMOUNT, same_when=("org", "title"))
    head = ("事由", "工会", "金额")
    rows = (("甲", "甲厂工会", 1), ("甲", "甲镇工会", 1))
    assert counts(imported(visits(*rows, head=head), by=county, org=tree.county)) == (2, 0, 0, 0)
    again = (("甲", "甲厂工会", 5), ("甲", "甲镇工会", 1))
    assert counts(imported(visits(*again, head=head), by=county, org=tree.county)) == (0, 1, 1, 0)


def test_a_link_and_an_empty_amount_are_restored(tree, county, sheet, imported):
    register = sheet(TITLE, DATE, ORG, AMOUNT, PEOPLE, same_when=("title",))
    head = ("事由", "工会", "金额")
    old = create(Visit, by=county, org=tree.union, title="甲")
    matching = Matching(Layout(register), tree.union.pk)
    assert (matching.with_org, matching.columns) == (True, ("title",))
    run = imported(visits(("甲", "甲厂工会", 5), head=head), by=county, org=tree.union)
    assert counts(run) == (0, 1, 0, 0)
    ImportRow.objects.filter(run=run).update(before={"amount": None, "org_id": tree.township.pk})
    services.undo(run, by=county)
    old.refresh_from_db()
    assert (old.amount, old.org) == (None, tree.township)


def test_a_key_unique_in_the_whole_city_is_not_narrowed_to_a_union(tree):
    from dataclasses import replace

    from gonghui.kernel.people.models import Employer
    from gonghui.kernel.registers.declare import ImportSheet, Register

    sheet = ImportSheet(title="单位", cells=(Cell("代码", "uscc"),), same_when=("uscc",))
    register = Register(key="x.employer", model=Employer, columns=("name",), import_sheet=sheet)
    assert Matching(Layout(register), 1).with_org is False
    by_name = replace(sheet, same_when=("name",), cells=(Cell("名称", "name"),))
    register = replace(register, import_sheet=by_name)
    assert Matching(Layout(register), 1).with_org is True
    with acting(SYSTEM):
        code = make_uscc("91", "410402", "00000001")
        create(Employer, by=SYSTEM, org=tree.union, name="甲厂", uscc=code, type="state")
        assert Matching(Layout(register), tree.union.pk)._existing({(tree.union.pk, "甲厂")}) == {
            (tree.union.pk, "甲厂"): [Employer.objects.get().pk]
        }


def test_a_union_in_sight_for_which_he_may_not_import_is_refused(tree, sheet, imported):
    sheet(TITLE, ORG, same_when=("title",))
    actor = actor_with(Role.STATION, org=tree.township)
    wide = actor_with(Role.LEADER, org=tree.city)
    actor = type(actor)(user_id=actor.user_id, name="", held=(*actor.held, *wide.held))
    data = visits(("甲", "乙厂工会"), ("乙", "甲厂工会"), head=("事由", "工会"))
    run = upload(data, by=actor, org=tree.township)
    run = services.check(run, by=actor)
    assert counts(run) == (1, 0, 0, 1)
    (refused,) = ImportRow.objects.filter(outcome="refused")
    assert refused.faults[0][:2] == ["工会", "B2"]
    assert refused.faults[0][2].startswith("您没有导入“走访”的权限")


def test_the_system_may_import(tree):
    with acting(SYSTEM):
        run = services.check(upload(visits(), by=SYSTEM, org=tree.union), by=SYSTEM)
        ImportRun._unscoped.update(state="writing", position=0, progress=0)
    assert services.go_on(run.pk).new_count == 3
    assert {v.created_by for v in Visit._unscoped.all()} == {None}


def test_what_the_tables_are_called_in_lists(tree, basic):
    run = services.check(upload(visits(), by=basic, org=tree.union), by=basic)
    row = run.rows.get(number=2)
    assert [str(run), str(row), str(run.file)] == ["走访.xlsx", f"{run.pk}/2", f"file of {run.pk}"]
    check = DataCheck(started_at=run.uploaded_at, finished_at=run.uploaded_at, checked=0)
    assert str(check) == "2012-03-01 09:00"
