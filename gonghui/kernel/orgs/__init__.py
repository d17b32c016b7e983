"""The union organisations and their dated relations."""
