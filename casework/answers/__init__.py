"""An answer on its way: drafted, checked, signed, sent, and redacted where somebody else is to read it."""
