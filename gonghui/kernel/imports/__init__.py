"""Taking over the sheets people have: looked at first, then written, and taken back if need be."""
