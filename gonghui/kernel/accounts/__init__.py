"""Accounts, the roles they hold, and how they log in."""
