"""Screens made from registers; they know no line."""
