"""Work that has to be done by somebody, by some day."""
