"""Hardship aid (困难职工帮扶): where help is to be had, who is in hardship, what was given."""
