"""The registers of the line."""

from gonghui.lines.employment.registers import fair, loan, placement, seeking, training, windows

__all__ = ["fair", "loan", "placement", "seeking", "training", "windows"]
