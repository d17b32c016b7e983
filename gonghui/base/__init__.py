"""Plain Python that every layer may use; no Django here."""
