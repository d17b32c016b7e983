"""Who has which verb, where several registers of the line agree."""

from __future__ import annotations

from gonghui.kernel.access.roles import WORKING_ROLES, Role

OWNER = "女职工部"
EVERYONE = WORKING_ROLES
LOCAL = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
OFFICES = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
EXPORTERS = (*OFFICES, Role.LEADER)
