"""What the line does to many records at once."""
