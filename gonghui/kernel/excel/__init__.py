"""Reading the sheets people really have, and writing big ones."""
