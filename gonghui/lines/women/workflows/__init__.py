"""States and actions of the line's registers."""
