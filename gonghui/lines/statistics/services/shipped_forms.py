"""The form that comes with the product; users revise it, or add the forms that their authorities prescribe."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.orgs.models import Org, OrgLevel
from gonghui.kernel.registers.batch import must
from gonghui.kernel.registers.write import create, create_many, perform
from gonghui.lines.statistics.models import FormCheck, PeriodKind, Severity, StatCell, StatForm
from gonghui.lines.statistics.models.forms import Source


@dataclass(frozen=True, slots=True)
class Row:
    """A row: its name, its unit, and its indicator; without one, why it is filled by hand."""

    label: str
    unit: str
    code: str = ""
    cause: str = ""


CODE = "工统01表"
TITLE = "工会组织和会员情况（半年）"
ROWS: tuple[Row, ...] = (
    Row("基层工会组织数", "个", "orgs.basic_unions"),
    Row("乡镇（街道）工会数", "个", "orgs.township_unions"),
    Row("涵盖单位数", "家", "orgs.covered_units"),
    Row("建会单位职工人数", "人", "orgs.covered_employees"),
    Row("会员数", "人", "members.total"),
    Row("其中：女会员", "人", "members.female"),
    Row("其中：农民工会员", "人", "members.migrant"),
    Row("其中：劳务派遣工会员", "人", "members.dispatch"),
    Row("职工入会率", "%", "members.join_rate"),
    Row("期内新建工会组织数", "个", "orgs.new_unions"),
    Row("期内发展会员数", "人", "members.new"),
    Row("期内净增会员数", "人", "members.net"),
    Row("专职工会干部数", "人", "orgs.fulltime_officers"),
    Row("工会小组数", "个", cause="工会小组不在系统登记，由填报单位统计"),
)
CHECKS: tuple[tuple[str, Severity, str], ...] = (
    ("女会员多于会员", Severity.ERROR, "[06,1] ≤ [05,1] 且 [06,2] ≤ [05,2]"),
    ("农民工会员多于会员", Severity.ERROR, "[07,1] ≤ [05,1] 且 [07,2] ≤ [05,2]"),
    ("劳务派遣工会员多于会员", Severity.ERROR, "[08,1] ≤ [05,1] 且 [08,2] ≤ [05,2]"),
    ("会员多于建会单位职工", Severity.QUERY, "[05,1] ≤ [04,1]"),
    ("期内新建多于期末组织", Severity.QUERY, "[10,1] ≤ [01,1]"),
    ("净增多于发展", Severity.HINT, "[12,1] ≤ [11,1]"),
)


def _cells() -> Iterator[dict[str, Any]]:
    for number, row in enumerate(ROWS, 1):
        line = f"{number:02d}"
        of_row = {"row_code": line, "row_label": row.label, "unit": row.unit}
        now = {**of_row, "column_code": "1", "column_label": "本期数"}
        if not row.code:
            yield {**now, "source": Source.MANUAL, "cause": row.cause}
            continue
        yield {**now, "source": Source.INDICATOR, "expression": row.code}
        yield {
            **of_row,
            "column_code": "2",
            "column_label": "上年同期",
            "source": Source.INDICATOR,
            "expression": f"上年同期({row.code})",
        }
        yield {
            **of_row,
            "column_code": "3",
            "column_label": "增减",
            "source": Source.FORMULA,
            "expression": f"[{line},1] − [{line},2]",
        }


def ship_forms(city: Org) -> bool:
    """Enter the form and put it into use where a city never had it; whether it was entered."""
    with acting(SYSTEM):
        if StatForm.objects.filter(org=city, code=CODE).exists():
            return False
        form = create(
            StatForm,
            by=SYSTEM,
            org=city,
            code=CODE,
            title=TITLE,
            authority=city.name,
            approval="随系统提供的样表，可修订",
            period_kind=PeriodKind.HALF,
            levels=[OrgLevel.CITY, OrgLevel.COUNTY],
            filling_note="数由系统从封存集或台账取；“其中”各项不相加。",
        )
        must(create_many(StatCell, [{"form": form, **cell} for cell in _cells()], by=SYSTEM))
        checks = [
            {"form": form, "text": text, "severity": severity, "expression": expression}
            for text, severity, expression in CHECKS
        ]
        must(create_many(FormCheck, checks, by=SYSTEM))
        perform(form, "activate", by=SYSTEM)
        return True
