"""What the line does across records: derivations, checks over sets, effects of actions."""
