"""Training, placement, job fairs and micro-loans."""
