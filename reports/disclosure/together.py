"""What published reports of other periods tell beside one: a quarter beside its year, a year beside its quarters.

A report whose parts were published shows only what every one of its parts shows; the rest of its days, of which nothing was
published, count as one part more. Then each figure that it shows is the sum of figures that everybody has already, and the two
together tell no more than the parts alone. A period that lies in a published one, or across its end, cannot be made safe so:
it is for staff.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise

from reports.disclosure.hiding import as_counted
from reports.figures.periods import Period

Hidden = frozenset[str]
ONE = timedelta(days=1)


class Conflict(Exception):
    """A period was published that this one cannot stand beside."""

    def __init__(self, period: Period) -> None:
        super().__init__(f"{period.begins} to {period.ends}")
        self.period = period


@dataclass(frozen=True)
class Told:
    """What was published of a period."""

    hidden: Hidden | None
    """The paths that its own report withheld; None where only another report told it, as the period before."""
    as_before: Hidden = frozenset()
    """What that one withheld of it, by the paths of a report of its own."""


Published = Mapping[Period, Told]


def told_by(prints: Iterable[tuple[Period, Hidden]]) -> dict[Period, Told]:
    """Of each period what was published, by its own reports (what all of them withheld) or as the period before another."""
    found: dict[Period, Told] = {}
    for period, hidden in prints:
        known = found.get(period, _NOTHING)
        found[period] = replace(known, hidden=hidden if known.hidden is None else hidden & known.hidden)
        earlier = found.get(period.year_before, _NOTHING)
        found[period.year_before] = replace(earlier, as_before=earlier.as_before | frozenset(_of_before(hidden)))
    return found


_NOTHING = Told(None)


def _of_before(hidden: Hidden) -> Iterator[str]:
    return (told for path in hidden for told in as_counted(path))


def parts_of(whole: Period, published: Published) -> list[tuple[Period, Told]]:
    """The published periods inside this one, and the gaps between them; nothing where none lies in it.

    What a report of one would withhold that nobody has printed has still to be worked out. Raises Conflict.
    """
    others = [period for period in published if period != whole and period.overlaps(whole)]
    for period in others:
        if not _lies_in(period, whole):
            raise Conflict(period)
    most = sorted(one for one in others if not any(_lies_in(one, other) for other in others if other != one))
    for one, following in pairwise(most):
        if one.overlaps(following):
            raise Conflict(one)
    gaps = _gaps(whole, most) if most else ()
    return [(period, published[period]) for period in most] + [(gap, _NOTHING) for gap in gaps]


def printed_parts_of(whole: Period, published: Published) -> list[Period]:
    """The periods that make this one up, where each was published itself; whatever else was published across it."""
    inside = {period: told for period, told in published.items() if _lies_in(period, whole)}
    try:
        parts = parts_of(whole, inside)
    except Conflict:
        return []
    return [part for part, _ in parts] if all(one.hidden is not None for _, one in parts) else []


def wholes_of(part: Period, published: Published) -> list[tuple[Period, tuple[Period, ...]]]:
    """The longer periods that were told and that this one makes up with others, each printed itself: with those others."""
    found = []
    for whole in published:
        parts = printed_parts_of(whole, published) if whole != part and _lies_in(part, whole) else []
        if part in parts:
            found.append((whole, tuple(one for one in parts if one != part)))
    return found


def may_stand(period: Period, published: Published) -> bool:
    """Whether a period may be told as the one before: it was printed itself, or no report holds days of it and of others."""
    own = published.get(period)
    if own is not None and own.hidden is not None:
        return True
    try:
        parts_of(period, published)
    except Conflict:
        return False
    return True


def _lies_in(one: Period, other: Period) -> bool:
    return other.begins <= one.begins and one.ends <= other.ends


def _gaps(whole: Period, parts: Iterable[Period]) -> list[Period]:
    found, begins = list[Period](), whole.begins
    for one in parts:
        if begins < one.begins:
            found.append(Period(begins, one.begins - ONE))
        begins = one.ends + ONE
    return [*found, Period(begins, whole.ends)] if begins <= whole.ends else found
