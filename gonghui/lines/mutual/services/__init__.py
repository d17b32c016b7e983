"""The rules of the line, by family."""
