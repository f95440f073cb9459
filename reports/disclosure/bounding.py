"""How far a reader can narrow a withheld count down: the least and the most that it can be, given every sum of the report.

A linear programme for each withheld count, solved here by the simplex method over the counts that hang together. The tests try
to narrow them down with another program.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from reports.disclosure.relations import Relation

NARROWEST = 5
"""A withheld count must be able to be two numbers that lie at least so far apart."""
_TINY = 1e-7


@dataclass(frozen=True)
class Sum:
    """What is known of withheld counts: with these signs they add up to a number; with slack, to that number or more."""

    signs: tuple[tuple[str, int], ...]
    value: int
    has_slack: bool


def sums_of(relations: Iterable[Relation], counts: Mapping[str, int], hidden: Collection[str]) -> list[Sum]:
    """Every relation with a withheld count in it: the sum of its total less its parts."""
    found = []
    for one in relations:
        signs: dict[str, int] = {}
        value = 0
        for paths, sign in ((one.total, 1), (one.parts, -1)):
            for path in paths:
                if path in hidden:
                    signs[path] = signs.get(path, 0) + sign
                else:
                    value -= sign * counts.get(path, 0)
        if any(signs.values()):
            found.append(Sum(tuple(sorted((path, sign) for path, sign in signs.items() if sign)), value, not one.is_whole))
    return found


def narrowed(relations: Iterable[Relation], counts: Mapping[str, int], hidden: Collection[str]) -> list[str]:
    """The withheld counts that a reader can narrow down too far.

    A count that is not 0 is taken as known to be at least 1: a word that is printed has occurred.
    """
    found: list[str] = []
    for sums in _together(sums_of(relations, counts, hidden)):
        found += _narrowed_among(sums, counts)
    return sorted(found)


def _together(sums: list[Sum]) -> Iterator[list[Sum]]:
    """The sums that share counts, in groups that have nothing to do with each other."""
    of_path: dict[str, list[int]] = {}
    for place, one in enumerate(sums):
        for path, _ in one.signs:
            of_path.setdefault(path, []).append(place)
    seen: set[int] = set()
    for start in range(len(sums)):
        if start in seen:
            continue
        group, waiting = set[int](), [start]
        while waiting:
            place = waiting.pop()
            if place not in group:
                group.add(place)
                waiting += [other for path, _ in sums[place].signs for other in of_path[path]]
        seen |= group
        yield [sums[place] for place in sorted(group)]


def _narrowed_among(sums: list[Sum], counts: Mapping[str, int]) -> Iterator[str]:
    paths = sorted({path for one in sums for path, _ in one.signs})
    least = {path: min(1, counts[path]) for path in paths}
    program = _Program(paths, sums, least)
    for place, path in enumerate(paths):
        if program.most(place) - program.least(place) < NARROWEST - _TINY:
            yield path


class _Program:
    """Counts of at least 0 whose sums are given: a simplex tableau that stands at one possible answer."""

    def __init__(self, paths: list[str], sums: list[Sum], least: Mapping[str, int]) -> None:
        slacks = sum(one.has_slack for one in sums)
        self._width = len(paths) + slacks
        places = {path: place for place, path in enumerate(paths)}
        self._rows: list[list[float]] = []
        slack = len(paths)
        for one in sums:
            row = [0.0] * (self._width + 1)
            for path, sign in one.signs:
                row[places[path]] += sign
            row[-1] = one.value - sum(sign * least[path] for path, sign in one.signs)
            if one.has_slack:
                row[slack] = -1.0
                slack += 1
            self._rows.append([-cell for cell in row] if row[-1] < 0 else row)
        self._basis: list[int] = []
        self._begin()

    def most(self, place: int) -> float:
        """The most that a count can be above its least; without end, infinite."""
        return self._best(place, 1.0)

    def least(self, place: int) -> float:
        """The least that it can be above its least."""
        return -self._best(place, -1.0)

    def _begin(self) -> None:
        """Find one possible answer: with a makeshift count in each row, whose sum is brought to nothing."""
        height, width = len(self._rows), self._width
        for number, row in enumerate(self._rows):
            row[width:width] = [1.0 if number == other else 0.0 for other in range(height)]
        self._basis = [width + number for number in range(height)]
        cost = [0.0] * width + [-1.0] * height
        self._climb(cost, width + height)
        for number in range(height):
            if self._basis[number] >= width:  # at nothing: put a real count in its place, if there is one
                column = next((c for c in range(width) if abs(self._rows[number][c]) > _TINY), None)
                if column is not None:
                    self._pivot(number, column)
        kept = [number for number in range(height) if self._basis[number] < width]
        self._rows = [self._rows[number][:width] + self._rows[number][-1:] for number in kept]
        self._basis = [self._basis[number] for number in kept]

    def _best(self, place: int, sign: float) -> float:
        cost = [0.0] * self._width
        cost[place] = sign
        return self._climb(cost, self._width)

    def _climb(self, cost: list[float], width: int) -> float:
        """Move to where the cost is highest, by Bland's rule, which never goes in circles."""
        while True:
            gains = self._gains(cost, width)
            column = next((c for c in range(width) if gains[c] > _TINY), None)
            if column is None:
                return sum(cost[self._basis[number]] * row[-1] for number, row in enumerate(self._rows))
            ratios = [(row[-1] / row[column], self._basis[n], n) for n, row in enumerate(self._rows) if row[column] > _TINY]
            if not ratios:
                return float("inf")
            self._pivot(min(ratios)[2], column)

    def _gains(self, cost: list[float], width: int) -> list[float]:
        gains = cost[:width]
        for number, row in enumerate(self._rows):
            worth = cost[self._basis[number]]
            if worth:
                gains = [gain - worth * cell for gain, cell in zip(gains, row[:width], strict=True)]
        return gains

    def _pivot(self, number: int, column: int) -> None:
        chosen = self._rows[number]
        by = chosen[column]
        self._rows[number] = chosen = [cell / by for cell in chosen]
        for other, row in enumerate(self._rows):
            if other != number and row[column]:
                times = row[column]
                self._rows[other] = [cell - times * mine if mine else cell for cell, mine in zip(row, chosen, strict=True)]
        self._basis[number] = column
