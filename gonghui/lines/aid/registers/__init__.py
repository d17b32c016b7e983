"""The registers of the line, by family; importing this declares them all."""

from gonghui.lines.aid.registers import cross_check, grant, hardship_file, hospital, station

__all__ = ["cross_check", "grant", "hardship_file", "hospital", "station"]
