"""The play of `heard demo` in a terminal: whoever sits there is the young person, the parent, the officer, and moves the time."""
