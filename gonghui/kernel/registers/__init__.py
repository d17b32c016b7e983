"""Registers: declarations, the registry, permissions and the four write verbs."""
