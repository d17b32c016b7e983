"""The registers of the line, by family; importing this declares them all."""

from gonghui.lines.goals.registers import assessment, matter, plan, supervision

__all__ = ["assessment", "matter", "plan", "supervision"]
