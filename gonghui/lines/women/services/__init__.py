"""What the registers of the line do and check."""
