"""Programs for those who work on the system; no part of it."""
