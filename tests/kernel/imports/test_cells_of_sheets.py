"""From declared cells to headings, and from texts to the records that are meant."""

from datetime import date

import pytest
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ImproperlyConfigured
from django.db import models

from gonghui.base.errors import DomainError
from gonghui.base.identity import make_id_number, make_uscc
from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.imports import links
from gonghui.kernel.imports.columns import Column, Layout
from gonghui.kernel.imports.models import ImportRow
from gonghui.kernel.orgs.models import Division, Org
from gonghui.kernel.people.models import Employer, Person
from gonghui.kernel.registers import registry
from gonghui.kernel.registers.batch import Outcome
from gonghui.kernel.registers.declare import Cell
from gonghui.kernel.registers.write import create
from tests.kernel.imports.conftest import DATE, TITLE, counts, visits
from tests.support.orgs import actor_with, make_org
from tests.support.sample.models import Mood, Visit

CODE = make_uscc("91", "410402", "00000001")


def test_kinds_follow_from_the_fields(sheet):
    sheet(
        TITLE,
        DATE,
        Cell("情况", "mood"),
        Cell("人数", "people"),
        Cell("金额", "amount"),
        Cell("账号", "account"),
        Cell("电话", "phone"),
        Cell("所属工会", "org"),
        Cell("别的", "nothing_of_ours"),
    )
    layout = Layout(registry.register_of("sample.visit"))
    assert [(h.label, h.kind, h.required) for h in layout.headings] == [
        ("事由", CellKind.TEXT, True),
        ("走访日期", CellKind.DATE, False),
        ("情况", CellKind.CHOICE, False),
        ("人数", CellKind.INTEGER, False),
        ("金额", CellKind.MONEY, False),
        ("账号", CellKind.TEXT, False),
        ("电话", CellKind.PHONE, False),
        ("所属工会", CellKind.TEXT, False),
        ("别的", CellKind.TEXT, False),
    ]
    assert layout.headings[2].choices == (("good", "好"), ("bad", "差"))
    assert [layout.label_of(name) for name in ("account_hash", "org_id", "x", None)] == [
        "账号",
        "所属工会",
        "",
        "",
    ]


def test_a_register_without_a_sheet_has_no_layout():
    with pytest.raises(ValueError, match="has no import sheet"):
        Layout(registry.register_of("sample.station"))


def column(label, field, through=None):
    layout = Layout(registry.register_of("members.membership"))
    of = layout.by_name["employ_kind"]
    return Column(Cell(label, "x", through=through), field, type(of.heading)(label=label))


def to(model):
    return models.ForeignKey(model, models.PROTECT)


def said(found):
    return {text: str(value) for text, value in found.items()}


def test_unions_are_found_by_name_or_code_in_scope(tree):
    make_org("甲厂工会", "basic", tree.county)
    given = {tree.union.code, "甲镇工会", "乙镇工会", "甲厂工会"}
    with acting(actor_with(Role.COUNTY, org=tree.county)):
        found = links.resolve(column("工会", to(Org)), given)
    assert said(found) == {
        tree.union.code: "甲厂工会",
        "甲镇工会": "甲镇工会",
        "乙镇工会": "没有找到“乙镇工会”，请核对。",
        "甲厂工会": "有几个都叫“甲厂工会”，请改填代码。",
    }


def test_employers_persons_and_divisions_are_found(tree, county):
    number = make_id_number("410402", date(1980, 1, 1), 1)
    Division.objects.create(
        code="410402", name="示例区", level="county", valid_from=date(2000, 1, 1)
    )
    with acting(SYSTEM):
        create(Employer, by=SYSTEM, org=tree.union, name="甲厂", uscc=CODE, type="state")
        create(Person, by=SYSTEM, org=tree.union, name="王伟", id_no=number)
    employers = column("单位统一代码", to(Employer))
    spaced = f"{CODE[:9]} {CODE[9:].lower()}"
    assert said(links.resolve(employers, {spaced})) == {spaced: "甲厂"}
    assert said(links.resolve(column("单位", to(Employer)), {"甲厂"})) == {"甲厂": "甲厂"}
    persons = column("身份证号码", to(Person))
    assert said(links.resolve(persons, {number, "1"})) == {
        number: "王伟",
        "1": "没有找到“1”，请核对。",
    }
    divisions = column("区划", to(Division))
    assert said(links.resolve(divisions, {"410402", "示例区"})) == {
        "410402": "示例区",
        "示例区": "示例区",
    }


def test_a_link_to_something_else_must_say_how_it_is_found():
    with pytest.raises(ImproperlyConfigured, match="the cell 走访 must say"):
        links.resolve(column("走访", to(Visit)), {"甲"})


def test_a_cell_goes_through_its_own_finder_a_whole_column_at_a_time(sheet, imported):
    asked = []

    def doubled(texts):
        asked.append(texts)
        return {text: int(text) * 2 for text in texts if text != "9"}

    sheet(TITLE, Cell("人数", "people", through=doubled, missing="没有这么多人。"))
    run = imported(visits(("甲", 1), ("乙", 2), ("丙", 9), ("丁", None), head=("事由", "人数")))
    assert counts(run) == (3, 0, 0, 1)
    assert asked[0] == {"1", "2", "9"}
    assert dict(Visit.objects.values_list("title", "people")) == {"甲": 2, "乙": 4, "丁": None}
    refused = ImportRow.objects.get(run=run, outcome="refused")
    assert refused.faults == [["人数", "B4", "没有这么多人。"]]


def test_values_may_be_prepared_a_batch_at_a_time(sheet, imported):
    def prepare(rows):
        return [{**row, "title": f"{row['title']}（补录）"} for row in rows]

    sheet(TITLE, DATE, same_when=("title",), prepare=prepare)
    imported(visits())
    assert sorted(v.title for v in Visit.objects.all()) == [
        "走访丙厂（补录）",
        "走访乙厂（补录）",
        "走访甲厂（补录）",
    ]
    assert counts(imported(visits())) == (0, 0, 3, 0)


def test_several_choices_stand_in_one_cell(sheet, imported, monkeypatch):
    several = ArrayField(models.CharField(max_length=10, choices=Mood.choices))
    found = []

    def write(rows, actor, org):
        found.extend(row["moods"] for row in rows)
        return [Outcome(error=DomainError("只看不写。")) for _ in rows]

    sheet(TITLE, Cell("情况", "moods"), write=write)
    whole = Layout._column

    def with_several(self, cell):
        made = whole(self, cell)
        return Column(cell, several, made.heading) if cell.field == "moods" else made

    monkeypatch.setattr(Layout, "_column", with_several)
    run = imported(visits(("甲", "好，差"), ("乙", "一般"), head=("事由", "情况")))
    assert found[0] == ["good", "bad"]
    refused = ImportRow.objects.get(run=run, number=3)
    assert refused.faults == [["情况", "B3", "没有“一般”这一项，可填：好、差。"]]
