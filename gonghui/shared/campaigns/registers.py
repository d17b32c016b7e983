"""The register of campaigns."""

from __future__ import annotations

from gonghui.kernel.access.roles import WORKING_ROLES, Role
from gonghui.kernel.registers.declare import Register, allow, section
from gonghui.kernel.registers.registry import register
from gonghui.shared.campaigns.models import Campaign

CAMPAIGNS = register(
    Register(
        key="campaigns.campaign",
        model=Campaign,
        date="window_from",
        columns=("code", "name", "kind", "window_from", "window_to", "plan_amount"),
        filters=("kind", "window_from", "counts_in_service"),
        search=("code", "name"),
        sections=(
            section("活动", "code", "name", "kind", "part_of", "counts_in_service"),
            section("期限与规模", "window_from", "window_to", "plan_amount", "plan_headcount"),
        ),
        access=(
            allow("view export", *WORKING_ROLES),
            allow("add change void", Role.COUNTY, Role.DEPT),
        ),
        order=10,
        help="专项活动的起止日期决定活动数字的统计区间，可以跨年度（如双节送温暖）。",
    )
)
