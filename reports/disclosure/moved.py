"""What moved by very few since it was published: two prints of the same days, subtracted, are one child's record.

Each figure that a later print shows is either what an earlier one showed, or another by five or more. What moved by 1 to 4 is
withheld, and guarded as any withheld count: the sums of the later print leave it a range of five, and so its move.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from reports.disclosure.hiding import SMALL, as_counted, is_of_before
from reports.disclosure.relations import Relation, counts_of, relations_of
from reports.figures.measured import MEANS
from reports.figures.periods import Period

Counts = Mapping[str, int]


@dataclass(frozen=True)
class Shown:
    """A published print that was kept: its period, and its figures without what it withheld."""

    period: Period
    figures: Mapping[str, Any]


Apart = tuple[Period, tuple[Period, ...]]
"""A printed period, and the printed ones that with this one make it up."""


def moved(
    data: Mapping[str, Any], period: Period, prints: Iterable[Shown], parts: Iterable[Period] = (), wholes: Iterable[Apart] = ()
) -> set[str]:
    """The paths of what a report of this period must not show beside earlier prints.

    `parts` make the period up, if any do; it is itself a part of each of the `wholes`.
    """
    every, found = tuple(prints), set[str]()
    counts, relations = counts_of(data), relations_of(data)
    for was in (*told_of(period, every), *_added_up(tuple(parts), every), *_left_of(wholes, every)):
        found |= {path for path, count in was.items() if path in counts and abs(counts[path] - count) in SMALL}
        found |= set(_left_otherwise(relations, counts, was))
    for one in every:
        if one.period == period:
            found |= set(_shares(data, one.figures)) | set(_medians(data, one.figures))
    return found


def told_of(period: Period, prints: Iterable[Shown]) -> Iterator[Counts]:
    """What each print told of these days, by the paths of a report of their own: as its period, or as the one before."""
    for one in prints:
        counts = counts_of(one.figures)
        if one.period == period:
            yield {path: count for path, count in counts.items() if not is_of_before(path)}
        elif one.period.year_before == period:
            yield {told: count for path, count in counts.items() if is_of_before(path) for told in as_counted(path)}


def _added_up(parts: tuple[Period, ...], prints: tuple[Shown, ...]) -> Iterator[Counts]:
    """Of a year whose quarters were published what anybody can add up: each figure that every part showed that has it."""
    if found := _sums(parts, prints):
        counts, hidden = found
        yield {path: count for path, count in counts.items() if path not in hidden}


def _left_of(wholes: Iterable[Apart], prints: tuple[Shown, ...]) -> Iterator[Counts]:
    """Of a quarter what a print of its year leaves beside the other quarters."""
    for whole, others in wholes:
        if found := _sums(others, prints):
            counts, hidden = found
            for told in told_of(whole, prints):
                yield {path: count - counts.get(path, 0) for path, count in told.items() if path not in hidden}


def _sums(parts: tuple[Period, ...], prints: tuple[Shown, ...]) -> tuple[Counts, set[str]] | None:
    """The figures of the last prints of these periods added up, and what any of them withheld; None where one was not printed."""
    last = {one.period: one for one in prints}
    if not parts or not all(part in last for part in parts):
        return None
    total: dict[str, int] = {}
    for part in parts:
        for path, count in counts_of(last[part].figures).items():
            if not is_of_before(path):
                total[path] = total.get(path, 0) + count
    return total, {path for part in parts for path in last[part].figures.get("hidden", ())}


def _left_otherwise(relations: Iterable[Relation], counts: Counts, was: Counts) -> Iterator[str]:
    """The smallest part of a sum that now leaves 1 to 4 more or fewer for what is not printed: waiting, late, undecided."""
    for one in relations:
        paths = (*one.total, *one.parts)
        if one.is_whole or any(path not in counts or path not in was for path in paths):
            continue
        left = sum(counts[path] - was[path] for path in one.total) - sum(counts[path] - was[path] for path in one.parts)
        if abs(left) in SMALL and (parts := [path for path in one.parts if counts[path]]):
            yield min(parts, key=lambda path: (counts[path], path))


def _shares(data: Mapping[str, Any], was: Mapping[str, Any]) -> Iterator[str]:
    """Shares whose numbers moved by very few; means that moved at all, since a mean with its number is a sum."""
    for path, (part, of) in data["parts"].items():
        then = was.get("parts", {}).get(path)
        if then and any(abs(move) in SMALL for move in (part - then[0], of - then[1], of - part - (then[1] - then[0]))):
            yield path
    for path, pair in data.get(MEANS, {}).items():
        then = was.get(MEANS, {}).get(path)
        if then and list(then) != list(pair):
            yield path


def _medians(data: Mapping[str, Any], was: Mapping[str, Any]) -> Iterator[str]:
    earlier = was["complaints"]["timeliness"]
    for procedure, stages in data["complaints"]["timeliness"].items():
        for stage, found in stages.items():
            before = earlier.get(procedure, {}).get(stage, {}).get("median_working_days")
            if before is not None and before != found["median_working_days"]:
                yield f"complaints.timeliness.{procedure}.{stage}.median_working_days"
