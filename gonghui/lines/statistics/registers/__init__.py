"""The registers of the line: what is certified and sealed, statutory forms, the dictionary."""

from gonghui.lines.statistics.registers import dictionary, forms, sealing

__all__ = ["dictionary", "forms", "sealing"]
