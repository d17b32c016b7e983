"""The registers of the line, by family; importing this declares them all."""

from gonghui.lines.goals.registers import plan

__all__ = ["plan"]
