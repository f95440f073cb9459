"""`make soak`: kills, floods and faults for as long as asked, then everything is counted."""
