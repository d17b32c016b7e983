"""Who sees and keeps the registers of the line."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role

OWNER = "权益保障部"
KEEPERS = (Role.BASIC, Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
OFFICES = (Role.COUNTY, Role.INDUSTRY, Role.DEPT)
VIEWERS = (*KEEPERS, Role.LEADER, Role.FINANCE, Role.AUDIT)
