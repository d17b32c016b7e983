"""Who acts, and which rows exist for him."""
