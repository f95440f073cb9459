"""What the law leaves to an officer: weighed in words, with its rule, its letter and its day."""
