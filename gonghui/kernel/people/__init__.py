"""Human beings, employers and households, known once for all lines."""
