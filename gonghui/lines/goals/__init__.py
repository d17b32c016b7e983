"""Targets: what was asked for, of whom, by when, and how far it has been reached."""
