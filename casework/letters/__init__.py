"""The letters of a case: which leaves with which step, to whom, with what facts, and whether it was opened."""
