"""A complaint is its numbered issues: what was found on each, what puts it right, what is learnt from it."""
