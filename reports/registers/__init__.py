"""Registers: the spreadsheets in which a council kept its past complaints, in and out again as plain CSV."""
