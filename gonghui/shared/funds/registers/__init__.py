"""The registers of the block, by family; importing this declares them all."""

from gonghui.shared.funds.registers import batch, moving, sampling

__all__ = ["batch", "moving", "sampling"]
