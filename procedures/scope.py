"""Which procedure a representation belongs to, and why: the certain half of classification (law.md 5.1, 5.2)."""

from procedures.facts import Facts, Function, Gate, Matter

__all__ = ["Facts", "Function", "Gate", "Matter"]
