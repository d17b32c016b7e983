"""What the line does with many records at once."""
