"""`make bench`: what the service costs, beside the least program that could do the same. For developers; not shipped."""
