"""Taking an import back."""

from datetime import date
from decimal import Decimal

import pytest

from gonghui.base.errors import Conflict, NotAllowed
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import acting
from gonghui.kernel.imports import services
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.ledger.verify import verify
from gonghui.kernel.records import sealing
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell, allow
from gonghui.kernel.registers.write import change, create, create_many, void
from tests.kernel.imports.conftest import DATE, TITLE, upload, visits
from tests.support.sample.models import Visit


def undone(run):
    rows = ImportRow.objects.filter(run=run).order_by("number")
    return [(row.number, row.undo, row.undo_note) for row in rows]


def test_what_was_created_is_voided_and_what_was_changed_is_as_before(tree, basic, imported):
    old = create(
        Visit, by=basic, org=tree.union, title="走访甲厂", visited_on=date(2012, 2, 1), amount=7
    )
    run = imported(visits())
    assert Visit.objects.get(pk=old.pk).amount == Decimal(100)
    run = services.undo(run, by=basic)
    assert (run.state, run.undone_by) == ("undone", basic.user_id)
    assert undone(run) == [(2, "restored", ""), (3, "voided", ""), (4, "voided", "")]
    old.refresh_from_db()
    assert (old.amount, old.people, old.voided_at) == (Decimal(7), None, None)
    voided = Visit.objects.exclude(voided_at=None)
    assert [v.void_reason for v in voided] == ["撤销导入：走访.xlsx"] * 2
    assert verify().is_clean


def test_what_was_changed_since_is_left_and_listed(basic, imported):
    run = imported(visits())
    first, second, _ = Visit.objects.order_by("pk")
    change(first, by=basic, people=9)
    void(second, by=basic, reason="登记错误")
    run = services.undo(run, by=basic)
    assert undone(run) == [
        (2, "left", "导入之后又有改动，未撤销，请在页面上核对。"),
        (3, "left", "已由他人作废。"),
        (4, "voided", ""),
    ]
    assert Visit.objects.filter(voided_at=None).get() == first


def test_an_import_is_taken_back_once(basic, imported):
    run = services.undo(imported(visits()), by=basic)
    with pytest.raises(Conflict, match="这次导入现在是“已撤销”"):
        services.undo(run, by=basic)


def test_what_was_not_written_cannot_be_taken_back(tree, basic):
    run = services.check(upload(visits(), by=basic, org=tree.union), by=basic)
    with pytest.raises(Conflict, match="这次导入现在是“待写入”"):
        services.undo(run, by=basic)


def test_who_may_not_void_may_not_take_back(basic, sheet, imported, monkeypatch):
    register = sheet(TITLE, DATE, same_when=("title",))
    run = imported(visits())
    object.__setattr__(register, "access", (allow("view add import", Role.BASIC),))
    with pytest.raises(NotAllowed):
        services.undo(run, by=basic)
    assert Visit.objects.filter(voided_at=None).count() == 3


def test_a_sealed_value_is_restored(sheet, imported, basic):
    sheet(TITLE, Cell("账号", "account"), same_when=("title",))
    imported(visits(("甲", "622202170100012345"), head=("事由", "账号")))
    run = imported(visits(("甲", "622202170100019999"), head=("事由", "账号")))
    visit = Visit.objects.get()
    assert sealing.opened(visit, "account") == "622202170100019999"
    services.undo(run, by=basic)
    visit.refresh_from_db()
    assert sealing.opened(visit, "account") == "622202170100012345"
    assert bytes(visit.account_hash) == sealing.keyed_hash("622202170100012345")


def test_a_register_may_write_and_take_back_in_its_own_way(tree, sheet, imported, basic):
    seen = []

    def write(rows, actor, org):
        known = {visit.title: visit for visit in Visit.objects.filter(voided_at=None)}
        fresh = [{"title": row["title"], "org": org} for row in rows if row["title"] not in known]
        made = iter(create_many(Visit, fresh, by=actor))
        return [
            Outcome(record=known[row["title"]], warning="早已登记")
            if row["title"] in known
            else next(made)
            for row in rows
        ]

    def take_back(records, actor, reason):
        seen.append((sorted(record.title for record in records), reason))
        return [Outcome(record=void(record, by=actor, reason="另一种做法")) for record in records]

    sheet(TITLE, DATE, write=write, undo=take_back)
    create(Visit, by=basic, org=tree.union, title="走访甲厂")
    run = imported(visits())
    assert [
        (row.outcome, row.notes) for row in ImportRow.objects.filter(run=run).order_by("number")
    ] == [("unchanged", [["", "2", "早已登记"]]), ("new", []), ("new", [])]
    services.undo(run, by=basic)
    assert seen == [(["走访丙厂", "走访乙厂"], "撤销导入：走访.xlsx")]
    assert Visit.objects.filter(voided_at=None).count() == 1


def test_a_record_out_of_scope_is_left(tree, county, imported):
    run = imported(visits(), by=county, org=tree.township)
    Visit._unscoped.filter(title="走访甲厂").update(org=tree.neighbour_union)
    Visit._unscoped.filter(title="走访甲厂").update(version=1)
    with acting(county):
        run = services.undo(run, by=county)
    assert undone(run)[0] == (2, "left", "不在您可以作废的范围内。")
