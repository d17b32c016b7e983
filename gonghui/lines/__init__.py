"""The lines of work; none imports another."""
