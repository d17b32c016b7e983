"""The demonstration city: Pingdingshan in 2012, with invented records around the printed figures."""
