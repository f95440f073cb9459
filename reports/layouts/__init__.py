"""Layouts: which chapters and tables a report has, in whose order and words. Files that a council can write for itself."""
