"""How a statutory form is laid out and computed, and what makes it fit to be used."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from gonghui.base.errors import Conflict, DomainError
from gonghui.kernel.access.scope import Actor
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.ledger.declare import Kind
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.permission import is_by_rule
from gonghui.kernel.registers.write import create, create_many, perform_many
from gonghui.lines.statistics import language
from gonghui.lines.statistics.language import Ref, Verdict, Whose, cell_name, in_column
from gonghui.lines.statistics.models import FormCheck, StatCell, StatForm
from gonghui.lines.statistics.models.forms import Source

MOST_CELLS = 2000
_HUNDREDTH = Decimal("0.01")

# By the name of the cell; None where there is no number.
Values = Mapping[str, Decimal | None]


def name_of(cell: StatCell) -> str:
    """How formulas and checks name a cell."""
    return cell_name(cell.row_code, cell.column_code)


def ref_of(cell: StatCell) -> Ref:
    """The indicator that a cell shows, and of which days."""
    found = language.parse_value(cell.expression, _code_named, language.FIGURE)
    if not isinstance(found, Ref):
        raise DomainError(
            "来源为指标的，取数式只写一个指标；要计算，请把来源选为“算式”。", field="expression"
        )
    if found.whose is not Whose.WHOLE:
        raise DomainError("报表的指标含下级，不能写本级( )、下级合计( )。", field="expression")
    return found


def formula_of(cell: StatCell) -> language.Value:
    """What a cell is computed from."""
    return language.parse_value(cell.expression, dialect=language.FORMULA)


def condition_of(check: FormCheck) -> language.Condition:
    """What a check says of cells."""
    return language.parse(check.expression, dialect=language.CELLS)


def _code_named(name: str) -> str:
    return catalogue.by_name(name).code


# Layout


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row or a column: its code, its name, and the unit of a row."""

    code: str
    label: str
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The rows and columns of a form in the order of their codes, and the cells by name."""

    rows: list[Line]
    columns: list[Line]
    cells: dict[str, StatCell]


def layout_of(cells: Iterable[StatCell]) -> Layout:
    """How cells stand on paper."""
    by_name = {name_of(cell): cell for cell in cells}
    rows: dict[str, Line] = {}
    columns: dict[str, Line] = {}
    for cell in by_name.values():
        rows.setdefault(
            cell.row_code, Line(code=cell.row_code, label=cell.row_label, unit=cell.unit)
        )
        columns.setdefault(cell.column_code, Line(code=cell.column_code, label=cell.column_label))
    return Layout(
        rows=sorted(rows.values(), key=_in_order),
        columns=sorted(columns.values(), key=_in_order),
        cells=by_name,
    )


def _in_order(line: Line) -> list[tuple[int, str]]:
    """2 stands before 10, and 02 before 02a."""
    return [(int(digits or 0), rest) for digits, rest in re.findall(r"(\d*)(\D*)", line.code)]


def cells_of(form: StatForm) -> list[StatCell]:
    """The cells of a form; the scope must be the whole city."""
    return list(StatCell.objects.filter(form=form, voided_at=None).order_by("pk"))


def checks_of(form: StatForm) -> list[FormCheck]:
    """The checks of a form; the scope must be the whole city."""
    return list(FormCheck.objects.filter(form=form, voided_at=None).order_by("pk"))


# Computing


def computed(layout: Layout, given: Values) -> dict[str, Decimal | None]:
    """The values of all cells that are formulas over others, from those that are given."""
    formulas = {
        name: formula_of(cell)
        for name, cell in layout.cells.items()
        if cell.source == Source.FORMULA
    }
    found: dict[str, Decimal | None] = dict(given)

    def read(ref: Ref) -> Decimal | None:
        name = ref.code
        if name in formulas and name not in found:
            found[name] = None  # a circle, which no form in force has, is no number
            found[name] = _rounded(language.value(formulas[name], read))
        return found.get(name)

    return {name: read(Ref(name)) for name in formulas}


def _rounded(value: Decimal | None) -> Decimal | None:
    return None if value is None else value.quantize(_HUNDREDTH)


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """A check that does not hold, in one column or in none in particular."""

    check: FormCheck
    says: str


def failures(layout: Layout, checks: Sequence[FormCheck], values: Values) -> list[Failure]:
    """What does not hold; where a number is missing nothing is judged."""
    found = []
    for check in checks:
        condition = condition_of(check)
        for column in _columns_for(condition, layout):
            verdict = language.judge(condition, _reader(values, column))
            if verdict.holds is False:
                found.append(Failure(check=check, says=_in_words(check, column, verdict)))
    return found


def _columns_for(condition: language.Condition, layout: Layout) -> list[str]:
    """Every column where rows are named alone, otherwise once."""
    is_for_each = any("," not in ref.code for ref in language.refs(condition))
    return [column.code for column in layout.columns] if is_for_each else [""]


def _reader(values: Values, column: str) -> language.Reader:
    return lambda ref: values.get(in_column(ref, column).code)


def _in_words(check: FormCheck, column: str, verdict: Verdict) -> str:
    where = f"第{column}列" if column else ""
    return f"{where}{check.text}（左边{_plain(verdict.left)}，右边{_plain(verdict.right)}）"


def _plain(value: Decimal | None) -> str:
    return f"{(value or Decimal(0)).normalize():,f}"


# What a form must be


def check_cell(cell: StatCell) -> None:
    """A cell of a draft says in readable words where its value comes from."""
    check_is_draft(cell)
    if not cell.expression:
        return
    if cell.source == Source.INDICATOR:
        declared = catalogue.indicator(ref_of(cell).code)
        if declared.kind is Kind.PLAN:
            raise DomainError(
                f"“{declared.name}”是计划完成率，要看是哪一级的计划，不能作为报表的指标。",
                field="expression",
            )
    if cell.source == Source.FORMULA:
        formula_of(cell)


def check_form_check(check: FormCheck) -> None:
    """A check of a draft can be read."""
    check_is_draft(check)
    condition_of(check)


def check_is_draft(part: StatCell | FormCheck) -> None:
    """What is in force is not changed; a changed form is a further version."""
    if not is_by_rule() and part.form.state != "draft":
        raise Conflict(
            f"报表现为“{_STATES[part.form.state]}”，表样不能再改；要修改，请先“修订”成新的一版。"
        )


_STATES = {"active": "启用", "retired": "停用"}


def refuse_too_many(cells: list[StatCell]) -> dict[int, DomainError]:
    """A form has a limit, also where a sheet brings the cells."""
    fresh: dict[int, list[int]] = defaultdict(list)
    for position, cell in enumerate(cells):
        if not cell.pk:
            fresh[cell.form_id].append(position)
    errors: dict[int, DomainError] = {}
    for form_id, positions in fresh.items():
        room = MOST_CELLS - StatCell.objects.filter(form=form_id, voided_at=None).count()
        for position in positions[max(room, 0) :]:
            errors[position] = DomainError(f"一张表最多{MOST_CELLS:,}个单元格。")
    return errors


def check_is_complete(form: StatForm) -> None:
    """Rows and columns have one name each, and whatever formulas and checks name is there."""
    cells = cells_of(form)
    if not cells:
        raise DomainError("还没有单元格，不能启用。请逐个添加，或从Excel导入表样。")
    if not form.levels:
        raise DomainError("请选择填报层级。", field="levels")
    layout = layout_of(cells)
    problems = [*_two_names(cells), *_unknown(layout, checks_of(form)), *_circles(layout)]
    if problems:
        more = f"等{len(problems)}处" if len(problems) > 5 else ""
        raise DomainError(f"{'；'.join(problems[:5])}{more}。请更正后再启用。")


def _two_names(cells: list[StatCell]) -> Iterator[str]:
    for which, code, labels in (
        ("行", "row_code", ("row_label", "unit")),
        ("列", "column_code", ("column_label",)),
    ):
        for label in labels:
            found: dict[str, set[str]] = defaultdict(set)
            for cell in cells:
                found[getattr(cell, code)].add(getattr(cell, label))
            what = "计量单位" if label == "unit" else "名称"
            for key, names in found.items():
                if len(names) > 1:
                    listed = "、".join(f"“{name}”" for name in sorted(names))
                    yield f"{which}{key}有不同的{what}{listed}"


def _unknown(layout: Layout, checks: list[FormCheck]) -> Iterator[str]:
    rows = {f"[{row.code}]" for row in layout.rows}
    named = [(str(cell), formula_of(cell)) for cell in layout.cells.values() if _computes(cell)]
    for label, part in [
        *named,
        *((f"校验“{check.text}”", condition_of(check)) for check in checks),
    ]:
        for ref in language.refs(part):
            if ref.code not in layout.cells and not (ref.code in rows and label.startswith("校验")):
                yield f"{label}用到的{ref.code}不在表中"


def _computes(cell: StatCell) -> bool:
    return bool(cell.source == Source.FORMULA)


def _circles(layout: Layout) -> Iterator[str]:
    """Formulas that rest on themselves."""
    needs = {
        name: {ref.code for ref in language.refs(formula_of(cell))}
        for name, cell in layout.cells.items()
        if _computes(cell)
    }
    settled: set[str] = set(layout.cells) - set(needs)
    waiting = dict(needs)
    while ready := [name for name, parts in waiting.items() if not parts & set(waiting)]:
        settled.update(ready)
        for name in ready:
            del waiting[name]
    if waiting:
        yield f"{'、'.join(sorted(waiting))}的算式互相引用"


def may_be_voided(form: StatForm) -> None:
    """What was in force stays."""
    if form.state != "draft":
        raise Conflict(f"报表现为“{_STATES[form.state]}”，不能作废；不再使用的，请“停用”。")


# Versions


def retire_former(found: list[StatForm], by: Actor) -> None:
    """With a further version the one before it goes out of use."""
    for form in found:
        former = StatForm.objects.filter(
            org=form.org_id, code=form.code, state="active", voided_at=None
        ).exclude(pk=form.pk)
        must(perform_many(list(former), "retire", by=by, reason="新版启用"))


def revise(form: StatForm, by: Actor) -> None:
    """A draft of the next version, with the same cells and checks."""
    last = StatForm.objects.filter(org=form.org_id, code=form.code, voided_at=None)
    newest = last.order_by("-version_no").first()
    if newest is not None and newest.state == "draft":
        raise Conflict(f"“{form}”已有第{newest.version_no}版草稿，请直接修改它。")
    draft = create(
        StatForm,
        by=by,
        version_no=(newest or form).version_no + 1,
        **_copied(form, "org", "code", "title", "authority", "approval", "period_kind", "levels"),
        filling_note=form.filling_note,
    )
    cells = [{"form": draft, **_copied(cell, *_OF_CELL)} for cell in cells_of(form)]
    checks = [{"form": draft, **_copied(check, *_OF_CHECK)} for check in checks_of(form)]
    must(create_many(StatCell, cells, by=by))
    must(create_many(FormCheck, checks, by=by))


_OF_CELL = (
    *("row_code", "row_label", "unit", "column_code", "column_label"),
    *("source", "expression", "cause"),
)
_OF_CHECK = ("text", "severity", "expression")


def _copied(record: Any, *names: str) -> dict[str, Any]:
    return {name: getattr(record, name) for name in names}
