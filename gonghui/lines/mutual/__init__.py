"""Mutual protection of workers (职工互助保障): who is covered, what is claimed, what is paid."""
