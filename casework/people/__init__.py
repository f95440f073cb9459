"""Who stands around a case: by what right, on which side of a wall, and with whom."""
