"""The list of sources (数据来源一览表): every figure of a version as a workbook, to go with the paper."""

from __future__ import annotations

from typing import BinaryIO

from gonghui.base import clock
from gonghui.kernel.access.scope import SYSTEM, Actor, acting
from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import Column, Sheet, write_sheets
from gonghui.lines.reports.editing import as_told
from gonghui.lines.reports.models import ReportFigure, ReportVersion

_COLUMNS = (
    Column(label="位置"),
    Column(label="指标", width=24),
    Column(label="印出文字"),
    Column(label="准确值", kind=CellKind.DECIMAL),
    Column(label="准确值（文字）", width=20),
    Column(label="数据组织", width=20),
    Column(label="期间"),
    Column(label="截至", width=20),
    Column(label="标明", width=16),
    Column(label="依据", width=24),
    Column(label="记录数", kind=CellKind.INTEGER),
    Column(label="归口部室"),
    Column(label="认数人"),
    Column(label="认数时间"),
    Column(label="指标编码", width=24),
)


def write_sources(version: ReportVersion, to: BinaryIO, by: Actor) -> None:
    """The figures of a version in the order of its text; an edited one has those it was made from."""
    with acting(SYSTEM):
        found = ReportFigure.objects.filter(version_of=version.based_on or version).order_by("id")
        rows = [_row(figure) for figure in as_told(found, [version.document])]
    write_sheets(
        to,
        [
            Sheet(
                columns=_COLUMNS,
                rows=rows,
                name="数据来源",
                title="数据来源一览表",
                lead=(f"《{version.document}》{version}　取数时点{version.as_of}",),
                watermark_note=f"导出人：{by.name}　导出时间：{clock.now():%Y-%m-%d %H:%M}",
            )
        ],
    )


def _row(figure: ReportFigure) -> list[object]:
    vouched = figure.vouched_at.astimezone(clock.ZONE) if figure.vouched_at else None
    return [
        figure.place,
        figure.name,
        figure.printed,
        figure.value,
        figure.exact,
        figure.about_org,
        figure.period,
        figure.as_of,
        figure.marks,
        figure.basis,
        figure.records_count,
        figure.owner,
        figure.voucher,
        f"{vouched:%Y-%m-%d %H:%M}" if vouched else "",
        figure.indicator,
    ]
