"""The desk: an arrival becomes a case or a casework action."""
