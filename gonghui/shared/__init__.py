"""Building blocks that several lines share."""
