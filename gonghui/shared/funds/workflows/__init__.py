"""The states and actions of the block's registers, by family."""
