"""Every word that people read, and what turns it into letters and chat."""
