"""What the line's declarations cannot say, by family."""
