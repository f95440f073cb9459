"""Shares and changes, exact and half away from zero: 6.25 is 6.3, -18.75 is -18.8."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

Figure = int | float | None


def rounded(exact: Fraction, places: int) -> float:
    """Rounded half away from zero."""
    scale: int = 10**places
    whole = int(abs(exact) * scale + Fraction(1, 2))
    sign = 1 if exact >= 0 else -1
    return sign * whole / scale


def percent(part: int, of: int | None, places: int = 1) -> float | None:
    """The share in percent; None of nothing, or of what is not known."""
    return rounded(Fraction(100 * part, of), places) if of else None


def measure(now: int, before: int) -> dict[str, Figure]:
    """A count beside that of the period before."""
    return {"count": now, "previous": before, "change": now - before, "change_percent": percent(now - before, before)}


def measures(now: Mapping[Any, int], before: Mapping[Any, int]) -> dict[Any, dict[str, Figure]]:
    """A measure for each word that occurs in either period, in the order of the alphabet."""
    return {word: measure(now.get(word, 0), before.get(word, 0)) for word in sorted(now.keys() | before.keys())}


def median(values: Mapping[int, int]) -> Figure:
    """The median of numbers, each with how often it occurs; None of nothing."""
    count = sum(values.values())
    if not count:
        return None
    ordered = sorted(values)
    middle = [_nth(values, ordered, place) for place in ((count - 1) // 2, count // 2)]
    total = sum(middle)
    return total // 2 if total % 2 == 0 else total / 2


def _nth(values: Mapping[int, int], ordered: list[int], place: int) -> int:
    seen = 0
    for value in ordered:
        seen += values[value]
        if place < seen:
            return value
    raise AssertionError(place)
