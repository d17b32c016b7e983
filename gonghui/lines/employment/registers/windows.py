"""The windows for small loans at the aid line's stations, counted by that register's own columns."""

from __future__ import annotations

from django.db.models import Q

from gonghui.kernel.ledger.declare import stock
from gonghui.kernel.registers.registry import find, indicators_on
from gonghui.lines.employment.registers.access import OWNER

_STATIONS = "aid.station"

if find(_STATIONS) is not None:
    indicators_on(
        _STATIONS,
        (
            stock(
                "employment.loan_windows",
                "小额贷款窗口",
                "个",
                on="opened_on",
                until="counted_until",
                where=Q(
                    state__in=("open", "suspended", "closed"), services__contains=["loan_window"]
                ),
                definition=(
                    "服务功能有“小额贷款窗口”的帮扶中心（站点），自设立日期起、停用或撤销日期止。"
                ),
                owner=OWNER,
            ),
        ),
    )
