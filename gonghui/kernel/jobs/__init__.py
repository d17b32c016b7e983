"""Work in the background, and work that comes back by itself."""
