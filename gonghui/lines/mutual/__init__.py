"""Group enrolment in mutual protection and its claims."""
