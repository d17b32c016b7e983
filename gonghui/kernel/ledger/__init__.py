"""The figure ledger: every number of the system is a sum over its append-only differences."""
