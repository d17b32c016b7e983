"""The registers of the line, by family; importing this declares them all."""

from gonghui.lines.orgs.registers import (
    coverage,
    elections,
    formation,
    honours,
    kernel,
    life,
)

__all__ = ["coverage", "elections", "formation", "honours", "kernel", "life"]
