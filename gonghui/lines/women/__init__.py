"""Women workers (女职工): lectures, labour protection, screening, facilities, and the view over all lines."""
