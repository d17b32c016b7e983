"""Prints of every register render for the emptiest and the fullest record, masked as the page is."""

from __future__ import annotations

import io
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import models
from docx import Document

from gonghui.kernel.access.roles import Role
from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.forms import Facts, Form, Opinions, Rows, Signatures, Text, path_of
from gonghui.kernel.records.fields import SealedField
from gonghui.kernel.records.models import RevealEvent
from gonghui.kernel.registers import write
from gonghui.kernel.registers.permission import roles_for
from gonghui.kernel.registers.registry import all_registers, register_of
from gonghui.web import printing
from gonghui.web.columns import column
from tests.support import recipes  # noqa: F401  they declare what cannot be guessed
from tests.support.making import make
from tests.support.people import client_for, user_with

PRINTS = [
    pytest.param(register, place, id=f"{register.key}-{place}")
    for register in all_registers()
    for place, _ in enumerate(register.prints)
]
every_print = pytest.mark.parametrize(("register", "place"), PRINTS)


def words_of(content: bytes) -> str:
    document = Document(io.BytesIO(content))
    return "\n".join(
        element.text or "" for element in document.element.body.iter() if element.tag.endswith("}t")
    )


def fill(record: Any) -> None:
    """Every empty field of a record gets the longest value it takes, in memory alone."""
    for field in record._meta.concrete_fields:
        if field.is_relation or isinstance(field, SealedField | models.BinaryField):
            continue
        if getattr(record, field.name) not in (None, "", []):
            continue
        value = _longest(field)
        if value is not None:
            setattr(record, field.name, value)


def _longest(field: Any) -> Any:
    if isinstance(field, ArrayField):
        return [code for code, _ in field.base_field.choices or ()]
    if field.choices:
        return field.choices[-1][0]
    values: dict[type[Any], Any] = {
        models.TextField: "情况属实，同意按规定办理。\n" * 30,
        models.CharField: "长" * (field.max_length or 20),
        models.DateTimeField: None,
        models.DateField: date(2012, 12, 31),
        models.DecimalField: Decimal("9999999999.99"),
        models.IntegerField: 2_000_000_000,
    }
    return next((value for kind, value in values.items() if isinstance(field, kind)), None)


@every_print
def test_a_form_names_fields_that_exist(register, place):
    form = register.prints[place].form
    if isinstance(form, Form):
        for path in form.paths:
            assert column(register.model, path).label
        for block in form.blocks:
            if isinstance(block, Rows):
                below = register_of(block.register)
                assert block.by or below.parent
                for path in filter(None, map(path_of, block.fields)):  # the rest is for the hand
                    assert column(below.model, path).label
    else:
        for entry in form.fields:
            assert column(register.model, path_of(entry)).label
    states = {s.code for s in register.workflow.states} if register.workflow else set()
    assert set(register.prints[place].states) <= states


@every_print
def test_it_renders_for_the_emptiest_and_the_fullest_record(register, place, tree):
    record = make(register, org=tree.union)
    form = register.prints[place].form
    with acting(SYSTEM):
        for full in (False, True):
            record = register.model.objects.get(pk=record.pk)
            if full:
                fill(record)
            if isinstance(form, Form):
                made = printing.Printing(SYSTEM, register, record, form).document("打印：测试")
            else:
                rows = register.model.objects.filter(pk=record.pk)
                made = printing.roster_document(
                    SYSTEM, register, form, rows, unit="示例", stamp="打印：测试"
                )
            shown = words_of(made)
            assert len(shown) > 10
            assert "{" not in shown


@every_print
def test_a_neighbour_does_not_get_it(register, place, city):
    with acting(SYSTEM):
        record = make(register, org=city.basic)
    declared = register.prints[place]
    if not isinstance(declared.form, Form) or register.model.scope_column != "org":
        return
    neighbour = user_with(Role.COUNTY, city.neighbour)
    path = f"/r/{register.key}/{record.pk}/print/{place}/"
    assert client_for(neighbour).get(path).status_code == 404
    reader = user_with(min(roles_for("view", register)), city.city)
    allowed = not declared.states or record.state in declared.states
    allowed = allowed and (declared.when is None or declared.when(record))
    assert client_for(reader).get(path, {"masked": 1}).status_code == (200 if allowed else 404)


def test_a_visit_prints_masked_and_in_clear_only_for_a_purpose(visit, clerk, county_clerk, leader):
    made = visit(by=clerk, account="6222020200012345678", phone="13800001234")
    path = f"/r/sample.visit/{made.pk}/print/0/"
    assert "打印走访登记表" in client_for(clerk).get(f"/r/sample.visit/{made.pk}/").content.decode()
    by_clerk = client_for(clerk).get(path)
    assert by_clerk["Content-Disposition"].endswith(
        f"-{made.number}.docx".replace("走访", "%E8%B5%B0%E8%AE%BF")
    )
    text = words_of(by_clerk.content)
    assert "走访困难职工" in text
    assert "13800001234" in text
    assert "6222020200012345678" not in text
    assert "13800001234" not in words_of(client_for(leader).get(path).content)
    assert "写明用途" in client_for(county_clerk).get(path).content.decode()
    assert RevealEvent.objects.count() == 0
    masked = client_for(county_clerk).get(path, {"masked": 1})
    assert "6222020200012345678" not in words_of(masked.content)
    answer = client_for(county_clerk).post(path, {"reason": "核对发放账号"})
    assert "6222020200012345678" in words_of(answer.content)
    event = RevealEvent.objects.get()
    assert (event.field, event.reason, event.record_id) == ("account", "核对发放账号", made.pk)


def test_a_voided_record_is_not_printed(visit, clerk):
    made = visit(by=clerk)
    write.void(made, by=SYSTEM, reason="登记错误")
    assert client_for(clerk).get(f"/r/sample.visit/{made.pk}/print/0/").status_code == 404


def test_a_roster_prints_the_rows_that_the_filters_show(visit, county_clerk, clerk):
    visit(title="走访甲")
    visit(title="走访乙")
    client = client_for(county_clerk)
    assert "打印走访花名册" in client.get("/r/sample.visit/").content.decode()
    text = words_of(client.get("/r/sample.visit/print/1/", {"q": "走访甲"}).content)
    assert "走访甲" in text
    assert "走访乙" not in text
    assert "共1条" in text
    assert client_for(clerk).get("/r/sample.visit/print/1/").status_code == 403


def test_a_grid_form_has_its_boxes_and_lines(visit, clerk):
    made = visit(by=clerk)
    form = Form(
        "示例表",
        (
            Facts("title", "visited_on", ("", "备注"), heading="基本情况"),
            Opinions("基层工会意见", ("上级意见", "同意：{title}")),
            Text("说明：{title}"),
            Signatures("经办人"),
        ),
    )
    with acting(SYSTEM):
        content = printing.Printing(SYSTEM, register_of("sample.visit"), made, form).document("")
    text = words_of(content)
    assert "同意：走访困难职工" in text
    assert text.count("签名：") == 2
    assert "经办人" in text
