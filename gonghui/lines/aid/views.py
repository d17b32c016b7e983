"""The list that another office gets, in clear and with nothing that it does not need."""

from __future__ import annotations

from io import BytesIO

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from gonghui.kernel.excel.kinds import CellKind
from gonghui.kernel.excel.write import Column, write_rows
from gonghui.kernel.files.kinds import XLSX
from gonghui.kernel.records.reveals import note_reveals
from gonghui.kernel.registers.permission import require
from gonghui.kernel.registers.registry import register_of
from gonghui.lines.aid.models import CrossCheck
from gonghui.lines.aid.services import cross_checks
from gonghui.web.downloads import download
from gonghui.web.found import record_or_404
from gonghui.web.requests import actor_of_request

_COLUMNS = (
    Column(label="姓名", kind=CellKind.NAME),
    Column(label="身份证号", kind=CellKind.ID_NUMBER),
    Column(label="项目"),
    Column(label="结果"),
    Column(label="内容", width=30),
)


@never_cache
@require_POST
def cross_check_list(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The list with numbers in clear, to be filled in and given back; each download is noted."""
    actor = actor_of_request(request)
    register = register_of(CrossCheck)
    check = record_or_404(register, pk, actor)
    require(actor, "reveal", register, check.org_id)
    rows = cross_checks.list_to_send(check)
    seen = {("members.person", row.person_id, "id_no") for row in rows}
    note_reveals(actor, seen, purpose=f"下载信息比对名单{check.number}")
    target = BytesIO()
    write_rows(
        target,
        _COLUMNS,
        [(row.name, row.id_no, row.item, "", "") for row in rows],
        title=f"{check.org}困难职工家庭信息比对名单（{check.get_agency_display()}）",
        sheet_name="比对名单",
    )
    name = f"{check.number}{check.get_agency_display()}比对名单.xlsx"
    return download(target.getvalue(), name, XLSX)
