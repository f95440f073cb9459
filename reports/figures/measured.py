"""What the measures ask for beyond the figures of the JSON: mean times, what went past its last day, stages beside stages.

They stand in the figures under MEASURED, in no JSON: `measured.statutory.1.mean_working_days`.
"""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction
from typing import Any

from reports.figures.complaints import UNKNOWN, Counted, procedures, times, total
from reports.figures.rounding import rounded
from reports.figures.timeliness import WITHOUT, longest

MEASURED = "measured"
MEANS = "means"
"""Where the figures hold what a mean was divided from, by its path; in no JSON either."""
STEPS = ((1, 2), (2, 3))
LONGEST = "longest"
"""Where the figures of a staff's report hold the longest time of a stage; in no JSON."""


def measured_figures(counted: Counted) -> dict[str, Any]:
    """By procedure; a mean or a share of nothing is None."""
    found: dict[str, Any] = {procedure: {} for procedure in procedures(counted)}
    for path, pair in (*means_of(counted).items(), *shares_of(counted).items()):
        _, procedure, *steps, name = path.split(".")
        place = found[procedure]
        for step in steps:
            place = place.setdefault(step, {})
        part, of = pair
        scale = 1 if name.endswith("working_days") else 100
        place[name] = rounded(Fraction(scale * part, of), 1) if of else None
    return found


def means_of(counted: Counted) -> dict[str, tuple[int, int]]:
    """Working days, and of how many stages they are the sum: until the answer of stage 1, past the last day of stage 2."""
    found = {}
    for procedure in _timed(counted):
        first, second = (times(counted, procedure, stage) for stage in (1, 2))
        for path, days in (("1.mean_working_days", first.taken), ("2.mean_over_working_days", second.over)):
            found[f"{MEASURED}.{procedure}.{path}"] = _sum(days), days.total()
    return found


def shares_of(counted: Counted) -> dict[str, tuple[int, int]]:
    """Numerator and denominator of each share, by its path."""
    return dict((*_beyond(counted), *_steps(counted)))


def _beyond(counted: Counted) -> Iterator[tuple[str, tuple[int, int]]]:
    """Stages 2 past the longer of their two times, answered or not: what is left of those in time."""
    for procedure in _timed(counted):
        share = times(counted, procedure, 2).share(longest(procedure))
        yield f"{MEASURED}.{procedure}.2.beyond_percent", (share.of - share.in_time, share.of)


def _steps(counted: Counted) -> Iterator[tuple[str, tuple[int, int]]]:
    """Stages that began in the period beside those of the stage before that began in it, whosever they are."""
    for procedure in procedures(counted):
        began = {
            stage: total(row for row in rows if (row.procedure or UNKNOWN) == procedure)
            for stage, rows in counted.now.begun.items()
        }
        for one, following in STEPS:
            yield f"{MEASURED}.{procedure}.stage_{one}_to_{following}_percent", (began[following], began[one])


def _timed(counted: Counted) -> Iterator[str]:
    return (procedure for procedure in procedures(counted) if procedure not in WITHOUT)


def longest_of(counted: Counted) -> dict[str, dict[str, dict[str, int]]]:
    """Of each procedure and stage the most working days that an answer took: `longest.statutory.1.working_days`.

    One case is the longest, so a published report has none of them, however many there are.
    """
    found: dict[str, dict[str, dict[str, int]]] = {}
    for procedure in _timed(counted):
        taken = {f"{stage}": times(counted, procedure, stage).taken for stage in counted.now.timed}
        found[procedure] = {stage: {"working_days": max(days)} for stage, days in taken.items() if days}
    return found


def _sum(days: Counter[int]) -> int:
    return sum(number * often for number, often in days.items())
