"""What every line of work stands on; it knows no line."""
