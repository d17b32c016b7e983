"""The registers of the line; importing this declares them all."""

from gonghui.lines.women.registers import inspection, lecture, post, screening, slices

__all__ = ["inspection", "lecture", "post", "screening", "slices"]
