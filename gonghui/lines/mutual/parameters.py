"""The numbers of the rules, with their sources."""
