"""The views; each module is one kind of page."""
