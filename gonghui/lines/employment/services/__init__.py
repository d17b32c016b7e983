"""What the line's registers do together."""
