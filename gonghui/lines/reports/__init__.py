"""Templates and reports: documents whose figures come from the ledger and can be stood up for."""
