"""Rules that have a date: values, holidays."""
