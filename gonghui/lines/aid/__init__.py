"""Hardship files and the help that households get."""
