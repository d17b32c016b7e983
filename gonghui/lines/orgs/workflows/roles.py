"""Who acts in the line's workflows."""

from __future__ import annotations

from gonghui.kernel.access.roles import Role

LOCAL = (Role.BASIC, Role.STATION)
SUPERIORS = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
OFFICES = (Role.STATION, Role.COUNTY, Role.INDUSTRY, Role.DEPT)
APPROVERS = (Role.COUNTY, Role.INDUSTRY, Role.DEPT, Role.LEADER)
