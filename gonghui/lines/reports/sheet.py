"""The check sheet (校核表) of a version: every figure with its evidence, and what was decided about it."""

from __future__ import annotations

from gonghui.kernel.access.scope import SYSTEM, acting
from gonghui.kernel.docx.review import AMBER, GREEN, RED, SheetRow, check_sheet, verdict_of
from gonghui.lines.reports.editing import EXCEPTED, RECITED, edits_of
from gonghui.lines.reports.filling import latest_version
from gonghui.lines.reports.final_check import problems_of
from gonghui.lines.reports.models import FigureEdit, ReportFigure, ReportVersion, Truth


def sheet_of(version: ReportVersion) -> bytes:
    """The sheet of a version; what was typed by hand, and the final check, stand on the newest one's."""
    document = version.document
    with acting(SYSTEM):
        newest = latest_version(document)
        is_newest = newest is not None and newest.pk == version.pk
        found = [each for each in edits_of([document]) if is_newest and each.state != "restored"]
        by_figure = {each.figure_id: each for each in found}
        figures = ReportFigure.objects.filter(version_of=version.based_on or version)
        rows = [_row(figure, by_figure.get(figure.pk)) for figure in figures.order_by("id")]
        lists = {
            "人工改动": [_told(edit) for edit in found],
            "事实依据": version.facts.splitlines(),
            "终核检查": [str(each) for each in problems_of(document)] if is_newest else [],
        }
    return check_sheet(f"《{document}》{version}", rows, lists)


def _row(figure: ReportFigure, edit: FigureEdit | None) -> SheetRow:
    about = f"（{figure.about_org}）" if figure.about_org else ""
    basis = f"：{figure.basis}" if figure.basis else ""
    voucher = f"（{figure.voucher}）" if figure.voucher else ""
    verdict, colour = _verdict(figure, edit)
    return SheetRow(
        place=figure.place,
        printed=f"{edit.found}（系统数{figure.printed}）" if edit else figure.printed,
        name=f"{figure.name}{about}{basis}",
        days="，".join(part for part in (figure.period, f"截至{figure.as_of}") if part),
        exact=figure.exact,
        records_count=figure.records_count,
        owner=f"{figure.owner}{voucher}",
        verdict=verdict,
        colour=colour,
    )


def _verdict(figure: ReportFigure, edit: FigureEdit | None) -> tuple[str, str]:
    if edit is not None and edit.state == RECITED:
        return f"成立：改引{edit.basis}", GREEN
    if edit is not None:
        return Truth.EDITED.label, RED
    colour = RED if figure.truth != Truth.TRUE else AMBER if figure.hint else GREEN
    return verdict_of(Truth(figure.truth).label, figure.marks, figure.hint), colour


def _told(edit: FigureEdit) -> str:
    """What became of a typed number, with the reason and whoever decided."""
    by = f"（{edit.decided_by}，{edit.decided_at:%Y-%m-%d}）" if edit.decided_at else ""
    typed = f"{edit.place}“{edit.figure.name}”系统数{edit.figure.printed}改成{edit.found}"
    if edit.state == EXCEPTED:
        return f"{typed}，领导例外：{edit.ground}{by}"
    if edit.state == RECITED:
        return f"{typed}，改引{edit.basis}{by}"
    return f"{typed}，尚未处理"
