"""The registers of the block, by family; importing this declares them all."""

from gonghui.shared.funds.registers import batch, moving

__all__ = ["batch", "moving"]
