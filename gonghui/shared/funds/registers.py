"""The registers."""
