"""Registers of the dictionary of indicators."""

from __future__ import annotations

from typing import Any

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.ledger import catalogue
from gonghui.kernel.registers.declare import Cell, ImportSheet, Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.lines.statistics import workflows
from gonghui.lines.statistics.models import HistoricalFigure, HistoricalSource, IndicatorVersion
from gonghui.lines.statistics.services import dictionary


def every_indicator(_: Any = None) -> list[tuple[str, str]]:
    """All indicators, for the choice on forms."""
    return [(each.code, f"{each.name}（{each.code}）") for each in catalogue.all_indicators()]


INDICATOR_VERSIONS = register(
    Register(
        key="statistics.indicator_version",
        model=IndicatorVersion,
        date="valid_from",
        columns=(
            "name",
            "indicator",
            "version_no",
            "valid_from",
            "change_note",
            "is_comparable",
            "state",
        ),
        filters=("state", "is_comparable", "valid_from"),
        search=("name", "indicator", "change_note"),
        sections=(
            section("指标", "indicator", "valid_from", "version_no"),
            section("口径", "counted", "not_counted", "boundary"),
            section("调整", "change_note", "is_comparable"),
        ),
        read_only=("version_no",),
        workflow=workflows.INDICATOR_VERSION,
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.DEPT),
        ),
        derive=dictionary.derive_version,
        may_be_voided=dictionary.may_be_voided,
        choose_from={"indicator": every_indicator},
        order=140,
        help="口径有调整时登记新版本并公布；与以前不可比的，同比、环比处标明“口径调整，不可比”。",
    )
)

HISTORICAL_SOURCES = register(
    Register(
        key="statistics.historical_source",
        model=HistoricalSource,
        columns=("title", "document_no", "issued_on", "org"),
        filters=("issued_on",),
        search=("title", "document_no"),
        sections=(section("文件", "title", "document_no", "issued_on"),),
        access=(
            allow("view export", Role.DEPT, Role.LEADER, Role.AUDIT),
            allow("add change void", Role.DEPT),
        ),
        order=150,
        help="系统启用以前的年报、汇总表等；原件作为附件上传，没有附件的，其中的数不能核对。",
    )
)

HISTORICAL_FIGURES = register(
    Register(
        key="statistics.historical_figure",
        model=HistoricalFigure,
        date="end_on",
        columns=("name", "org", "days", "value", "unit", "source", "state"),
        filters=("state", "indicator", "end_on"),
        search=("name", "indicator", "org__name"),
        sections=(
            section("历史数据", "indicator", "days", "value", "unit"),
            section("来源", "source", "page_note", "checked_at"),
        ),
        read_only=("unit", "checked_at"),
        workflow=workflows.HISTORICAL_FIGURE,
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change void import", Role.DEPT),
        ),
        import_sheet=ImportSheet(
            title="历史数据表",
            cells=(
                Cell("指标", "indicator", through=dictionary.indicators_named, example="会员数"),
                Cell("组织", "org", example="示例县总工会"),
                Cell("期间", "days", through=dictionary.periods_named, example="2011年上半年"),
                Cell("数值", "value", example="1200"),
                Cell(
                    "来源文件",
                    "source",
                    through=dictionary.sources_named,
                    missing="没有登记过这个来源文件，请先登记并上传原件。",
                    example="2011年度工会统计年报",
                ),
                Cell("页码、表号", "page_note"),
            ),
            same_when=("indicator", "org", "days"),
            note="只登记系统启用日期以前的数；百分比填95.3这样的数。导入后须由他人核对才生效。",
        ),
        derive=dictionary.derive_figure,
        checks=(dictionary.check_is_before_records,),
        choose_from={"indicator": every_indicator},
        order=160,
        help="系统启用以前的数，须有来源文件，由他人核对；凡用到的地方都标明“历史数据”。",
    )
)
