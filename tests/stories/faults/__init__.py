"""The fifteen faults that the Ombudsman finds (law.md §6): staff try to commit each one and cannot, or are stopped in time."""
