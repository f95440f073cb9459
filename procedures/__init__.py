"""The law book: words, working days, clocks, rules and scope. Pure: no I/O but reading its own data once."""
