"""The registers of the line."""

from gonghui.lines.employment.registers import fair, loan, placement, seeking, training

__all__ = ["fair", "loan", "placement", "seeking", "training"]
