"""Somebody who has every published report of a council beside one another, and a linear programme of another maker (scipy's).

What they know: every sum of every table, that last year's report tells what this one calls the year before, that the quarters
add up to the year, what a share was divided from where that is printed, and between which numbers a rounded share, a median or
a place in an order lies. The sums are written down from the report's contract, apart from the program that withholds.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from scipy.optimize import linprog  # type: ignore[import-untyped]  # the library has no types
from scipy.sparse import csr_array  # type: ignore[import-untyped]  # the library has no types

from tests.registers.test_disclosure import NARROW, C, attacker_knows, known

Row = tuple[dict[str, float], float]
"""Withheld counts with their weights, and what they add up to (or, of a bound, at most)."""
ROUNDING = 0.0500001
"""A share is printed with one decimal."""
MONTH = f"{C}.by_month."


class Attacker:
    """Gathers what is published, then narrows down what is withheld."""

    def __init__(self) -> None:
        self.counts: dict[str, int | None] = {}
        self._same: dict[str, str] = {}
        self._sums: list[tuple[dict[str, float], float, bool]] = []
        self._wholes: dict[str, list[tuple[list[str], list[str]]]] = {}
        self._told_before: set[str] = set()
        self._pairs: dict[str, Mapping[str, tuple[int, int]]] = {}
        self.left: dict[str, tuple[float, float]] = {}
        """What printed parts leave of a printed whole, where it is 1 to 4: people who are no cell themselves."""

    def has(self, name: str, printed: Mapping[str, Any]) -> None:
        """Read a report."""
        self.counts |= {f"{name} {path}": value for path, value in known(printed).items()}
        self._pairs[name] = {path: (int(part), int(of)) for path, (part, of) in printed.get("parts", {}).items()}
        self._wholes[name] = [(list(totals), list(parts)) for totals, parts, _ in attacker_knows(printed)]
        for totals, parts, is_whole in attacker_knows(printed):
            self._add(name, {**dict.fromkeys(parts, 1.0), **dict.fromkeys(totals, -1.0)}, 0.0, is_whole=is_whole)
            self._subtract(name, totals, parts)
        for path, pair in _divided(printed):
            self.left[f"{name} {path}"] = pair
        for row, number, is_whole in (*_shares(printed), *_changes(printed), *_medians(printed), *_orders(printed)):
            self._add(name, row, number, is_whole=is_whole)

    def years_follow(self, name: str, last: str) -> None:
        """What one report calls the year before is what the other counted."""
        for path in [path.partition(" ")[2] for path in self.counts if path.startswith(f"{last} ")]:
            for here in _a_year_later(path):
                if f"{name} {here}" in self.counts:
                    self._are_one(f"{name} {here}", f"{last} {path}")

    def adds_up(self, whole: str, parts: Collection[str]) -> None:
        """Each count of a report is the sum of those of its parts."""
        for path in [path.partition(" ")[2] for path in self.counts if path.startswith(f"{whole} ")]:
            row = {f"{part} {path}": 1.0 for part in parts if f"{part} {path}" in self.counts}
            self._sums.append(({**row, f"{whole} {path}": -1.0}, 0.0, True))

    def supposes(self, name: str, shape: Mapping[str, Any], days: tuple[date, date]) -> None:
        """A report of these days that nobody has seen: no number is known, only that they add up as in every report."""
        paths = [path for path in known(shape) if not _is_of_before(path)]
        self._told_before |= {path for path in known(shape) if _is_of_before(path)}
        first, last = (day.isoformat()[:7] for day in days)
        for path in paths:
            is_outside = path.startswith(MONTH) and not first <= path.removeprefix(MONTH)[:7] <= last
            self.counts[f"{name} {path}"] = 0 if is_outside else None
        for totals, parts, is_whole in attacker_knows(shape):
            if not any(_is_of_before(path) for path in totals):
                self._add(name, {**dict.fromkeys(parts, 1.0), **dict.fromkeys(totals, -1.0)}, 0.0, is_whole=is_whole)

    def is_made_of(self, whole: str, parts: Collection[str], parts_before: Collection[str]) -> None:
        """Each count of a report is the sum of those of its parts, and so is each of the year before; a word it lacks is none."""
        mine = {path.partition(" ")[2] for path in self.counts if path.startswith(f"{whole} ")}
        for path in {path.partition(" ")[2] for path in self.counts if path.startswith(tuple(f"{part} " for part in parts))}:
            self._is_sum(whole, path if path in mine else "", parts, path)
        before = tuple(f"{part} " for part in parts_before)
        for path in {path.partition(" ")[2] for path in self.counts if path.startswith(before)} if before else ():
            for here in _a_year_later(path):
                if here in mine or here in self._told_before:
                    self._is_sum(whole, here if here in mine else "", parts_before, path)

    def _is_sum(self, whole: str, path: str, parts: Collection[str], of_parts: str) -> None:
        row = {f"{part} {of_parts}": 1.0 for part in parts if f"{part} {of_parts}" in self.counts}
        self._sums.append((row | ({f"{whole} {path}": -1.0} if path else {}), 0.0, True))

    def subtracts(self, later: str, earlier: str) -> None:
        """Two prints of the same days: what both show less each other, and what each leaves of its wholes and shares."""
        of_earlier = {path.partition(" ")[2]: count for path, count in self.counts.items() if path.startswith(f"{earlier} ")}
        moves = {
            path: now - then
            for path, then in of_earlier.items()
            if then is not None and (now := self.counts.get(f"{later} {path}")) is not None
        }
        self.left |= {f"{later} less {earlier} {path}": (move, move) for path, move in moves.items() if 0 < abs(move) < NARROW}
        for totals, parts in self._wholes[later]:
            if all(path in moves for path in (*totals, *parts)):
                move = sum(moves[path] for path in totals) - sum(moves[path] for path in parts)
                if 0 < abs(move) < NARROW:
                    self.left[f"{later} less {earlier} {totals} but {parts}"] = (move, move)
        for path, pair in self._pairs[later].items():
            if then := self._pairs[earlier].get(path):
                apart = (pair[0] - then[0], pair[1] - then[1], pair[1] - pair[0] - then[1] + then[0])
                if any(0 < abs(move) < NARROW for move in apart):
                    self.left[f"{later} less {earlier} share {path}"] = (pair[0], then[0])

    def narrowed(self, asked: Collection[str] | None = None) -> dict[str, tuple[float, float]]:
        """The withheld counts (of all, or of those asked for) that lie within fewer than six numbers, with what is found."""
        wanted = None if asked is None else {self._root(path) for path in asked}
        found = {path: (0.0, 0.0) for path in wanted or () if self.value(path) is not None}
        for programme in self._together():
            some = [path for path in programme.columns if wanted is None or path in wanted]
            found |= {path: (low, high) for path, low, high in programme.range_of(some) if high - low < NARROW - 1e-6}
        return found | self.left

    def _subtract(self, name: str, totals: Collection[str], parts: Collection[str]) -> None:
        numbers = [[self.counts.get(f"{name} {path}") for path in some] for some in (totals, parts)]
        if all(number is not None for some in numbers for number in some) and parts:
            left = sum(numbers[0]) - sum(numbers[1])  # type: ignore[arg-type]  # none of them is None
            if 0 < left < NARROW:
                self.left[f"{name} {' + '.join(totals)} less {' + '.join(parts)}"] = (left, left)

    def value(self, path: str) -> int | None:
        """What is printed of it, here or where the same is told."""
        return self.counts.get(self._root(path))

    def _are_one(self, one: str, other: str) -> None:
        first, second = self._root(one), self._root(other)
        if first != second:
            self._same[second] = first
            if self.counts[first] is None:
                self.counts[first] = self.counts[second]

    def _root(self, path: str) -> str:
        while path in self._same:
            path = self._same[path]
        return path

    def _add(self, name: str, row: Mapping[str, float], number: float, *, is_whole: bool) -> None:
        self._sums.append(({f"{name} {path}": weight for path, weight in row.items()}, number, is_whole))

    def _rows(self) -> Iterator[tuple[dict[str, float], float, bool]]:
        for row, number, is_whole in self._sums:
            hidden: dict[str, float] = {}
            left = number
            for path, weight in row.items():
                root = self._root(path)
                if root in self.counts and self.counts[root] is None:
                    hidden[root] = hidden.get(root, 0.0) + weight
                else:
                    left -= weight * (self.counts.get(root) or 0)
            if hidden:
                yield hidden, left, is_whole

    def _together(self) -> Iterator["_Programme"]:
        """The withheld counts that hang together, with the sums that hold them."""
        rows, group = list(self._rows()), {path: {path} for path, value in self.counts.items() if value is None}
        group = {path: some for path, some in group.items() if self._root(path) == path}
        for row, _, _ in rows:
            joined = set[str]().union(*(group[path] for path in row))
            for path in joined:
                group[path] = joined
        for some in {id(one): one for one in group.values()}.values():
            inside = [one for one in rows if next(iter(one[0])) in some]
            exact, most = ([(row, number) for row, number, is_whole in inside if is_whole is which] for which in (True, False))
            yield _Programme({path: place for place, path in enumerate(sorted(some))}, exact, most)


def _is_of_before(path: str) -> bool:
    return path.endswith(".previous") or path.startswith(f"{C}.previous_outcomes.")


def _a_year_later(path: str) -> Iterator[str]:
    """Where next year's report tells the same."""
    if path.endswith(".count"):
        before = path.removesuffix(".count")
        if before.startswith(MONTH):
            year, month = before.removeprefix(MONTH).split("-")
            before = f"{MONTH}{int(year) + 1}-{month}"
        yield f"{before}.previous"
    if path.startswith(f"{C}.outcomes."):
        yield path.replace(".outcomes.", ".previous_outcomes.")


def _shares(printed: Mapping[str, Any]) -> Iterator[tuple[dict[str, float], float, bool]]:
    """Of each printed share what it was divided from: the counts that are its numerator, and those that are its denominator."""
    c, received = printed[C], {f"{C}.received.count": 1.0}
    for path, (part, of) in printed.get("parts", {}).items():
        name = path.removeprefix(f"{C}.")
        found: dict[str, tuple[dict[str, float], dict[str, float]]] = {
            "informal_percent": ({f"{C}.informal.count": 1.0}, received),
            "per_contact_percent": (received, {}),
            "per_referral_percent": (received, {}),
            "on_behalf_percent": ({}, received),
            "directly_by_young_people_percent": (
                {f"{C}.raised_by.{word}.count": 1.0 for word in ("child", "care_leaver") if word in c["raised_by"]},
                received,
            ),
            "escalation.stage_1_to_2_percent": ({}, {f"{C}.formal.count": 1.0}),
            "escalation.previous_stage_1_to_2_percent": ({}, {f"{C}.formal.previous": 1.0}),
            "successful_per_contact_percent": (_successful(c), {}),
        }
        for counted, number in zip(found.get(name, ({}, {})), (part, of), strict=True):
            if counted:
                yield counted, number, True
        if name.startswith("timeliness."):
            yield from _of_times(path, part, of)
        if name.endswith("top_themes_upheld_percent"):
            block = path.rpartition(".")[0]
            themes = _at(printed, f"{block}.top_themes") or []
            yield {f"{block}.by_theme.{theme}.upheld": -1.0 for theme in themes}, -part, False


def _divided(printed: Mapping[str, Any]) -> Iterator[tuple[str, tuple[float, float]]]:
    """A withheld share of a stage whose numerator is printed, and whose denominator stands in the share beside it."""
    for path in printed.get("hidden", ()):
        stage, _, share = path.rpartition(".")
        if ".timeliness." not in path or not share.endswith("_percent") or "permitted" in share:
            continue
        part = _at(printed, stage)[share.removesuffix("_percent")]
        beside = [of for other, (_, of) in printed["parts"].items() if other.rpartition(".")[0] == stage]
        if part is not None and any(0 < of - part < NARROW for of in beside):
            yield path, (part, part)


def _successful(c: Mapping[str, Any]) -> dict[str, float]:
    return {
        f"{C}.outcomes.{p}.{w}": 1.0 for p, some in c["outcomes"].items() for w in some if w in ("upheld", "partially_upheld")
    }


def _of_times(path: str, part: int, of: int) -> Iterator[tuple[dict[str, float], float, bool]]:
    """Of a share of a stage: those in time are counted beside it; those it is out of are answered, or began at least."""
    stage, share = path.rpartition(".")[0], path.removesuffix("_percent")
    if not share.endswith("permitted"):
        yield {share: 1.0}, part, True
    yield {f"{stage}.answered": -1.0}, -part, False
    yield {f"{stage.replace('.timeliness.', '.stages.')}.count": -1.0}, -of, False


def _changes(printed: Mapping[str, Any], value: Any = None, path: str = "") -> Iterator[tuple[dict[str, float], float, bool]]:
    """A printed change, and a printed change in percent, of two counts."""
    value = printed if not path else value
    if not isinstance(value, Mapping):
        return
    if "change_percent" in value:
        now, before = f"{path}.count", f"{path}.previous"
        if value["change"] is not None:
            yield {now: 1.0, before: -1.0}, float(value["change"]), True
        if value["change_percent"] is not None:
            least, most = ((100 + value["change_percent"] + sign * ROUNDING) / 100 for sign in (-1, 1))
            yield {now: 1.0, before: -most}, 0.0, False
            yield {now: -1.0, before: least}, 0.0, False
        return
    for name, inner in value.items():
        if name not in ("parts", "period", "compared_with"):
            yield from _changes(printed, inner, f"{path}.{name}" if path else str(name))


def _medians(printed: Mapping[str, Any]) -> Iterator[tuple[dict[str, float], float, bool]]:
    """At least half took no longer than the median, and at least half no less."""
    for procedure, stages in printed[C]["timeliness"].items():
        for stage, found in stages.items():
            path, median = f"{C}.timeliness.{procedure}.{stage}", found["median_working_days"]
            for name in found if median is not None else ():
                limit = name.removeprefix("within_")
                if not limit.isdecimal() or stage == "3":
                    continue
                sign = 1.0 if median > int(limit) else -1.0
                yield {f"{path}.{name}": sign, f"{path}.answered": -sign / 2}, 0.0, False


def _orders(printed: Mapping[str, Any]) -> Iterator[tuple[dict[str, float], float, bool]]:
    """No theme has more than the one that is named before it."""
    issues, path = printed[C]["issues"], f"{C}.issues"
    blocks = {path: issues} | {f"{path}.by_procedure.{p}": block for p, block in issues["by_procedure"].items()}
    for of, block in blocks.items():
        top = block["top_themes"] or []
        rest = [theme for theme in block["by_theme"] if theme not in top]
        for first, second in (*pairwise(top), *((top[-1], theme) for theme in rest if top)):
            yield {f"{of}.by_theme.{second}.count": 1.0, f"{of}.by_theme.{first}.count": -1.0}, 0.0, False
        found = block["upheld_themes"] or []
        for first, second in pairwise(found):
            row = {f"{of}.by_theme.{second}.{word}": 1.0 for word in ("upheld", "partially_upheld")}
            yield row | {f"{of}.by_theme.{first}.{word}": -1.0 for word in ("upheld", "partially_upheld")}, 0.0, False


def _at(printed: Mapping[str, Any], path: str) -> Any:
    found: Any = printed
    for step in path.split("."):
        found = found[step]
    return found


@dataclass(frozen=True)
class _Programme:
    """The withheld counts that hang together, by their column, with every sum that holds them."""

    columns: Mapping[str, int]
    exact: list[Row]
    most: list[Row]

    def range_of(self, asked: Collection[str]) -> Iterator[tuple[str, float, float]]:
        """Each of those asked for with the least and the most that it can be."""
        exact, most = self._matrix(self.exact), self._matrix(self.most)
        for path in asked:
            low, high = (self._bound(path, sign, exact, most) for sign in (1, -1))
            yield path, low, high

    def _matrix(self, rows: list[Row]) -> tuple[Any, Any]:
        if not rows:
            return None, None
        entries = [(weight, place, self.columns[path]) for place, (row, _) in enumerate(rows) for path, weight in row.items()]
        values, down, across = zip(*entries, strict=True)
        return csr_array((values, (down, across)), shape=(len(rows), len(self.columns))), [number for _, number in rows]

    def _bound(self, path: str, sign: int, exact: tuple[Any, Any], most: tuple[Any, Any]) -> float:
        """The least (sign 1) or the most (-1) that one of them can be."""
        cost = np.zeros(len(self.columns))
        cost[self.columns[path]] = sign
        solved = linprog(cost, A_ub=most[0], b_ub=most[1], A_eq=exact[0], b_eq=exact[1], bounds=(0, None))
        if solved.status == 3:  # without end
            return float("inf") * -sign
        assert solved.status == 0, solved.message
        return float(solved.fun) * sign
