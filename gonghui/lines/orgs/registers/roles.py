"""Who has which verb, where several registers of the line agree."""

from __future__ import annotations

from gonghui.kernel.access.roles import WORKING_ROLES, Role

OWNER = "组织部"
EVERYONE = WORKING_ROLES
OFFICES = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
LOCAL = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
EXPORTERS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
KEEPERS = (Role.COUNTY, Role.DEPT)
