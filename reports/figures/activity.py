"""The denominators: what services did in a period, added up only where it is known of the whole of it."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta

from procedures.register_words import Activity
from reports.figures.periods import Period
from storage.tables import ActivityRow


@dataclass(frozen=True)
class Known:
    """How much there was of a measure in the period; None where that is not known, and why."""

    count: int | None
    why_not: str = ""
    """`missing` or `partial`."""
    reaches_out: bool = False
    """Rows were left out that reach out of the period."""


def known(rows: Iterable[ActivityRow], measure: Activity, period: Period) -> Known:
    """Add up the rows inside the period, directorate by directorate; each must cover every day once."""
    of_measure: dict[str, list[ActivityRow]] = defaultdict(list)
    for row in rows:
        if row.measure is measure:
            of_measure[row.directorate].append(row)
    if not of_measure:
        return Known(None, "missing")
    reaches_out = any(_reaches_out(row, period) for rows_of_one in of_measure.values() for row in rows_of_one)
    total = 0
    for rows_of_one in of_measure.values():
        inside = [row for row in rows_of_one if period.begins <= row.from_on and row.until_on <= period.ends]
        if not _tile(inside, period):
            return Known(None, "partial", reaches_out)
        total += sum(row.count for row in inside)
    return Known(total, "", reaches_out)


def _reaches_out(row: ActivityRow, period: Period) -> bool:
    touches = row.from_on <= period.ends and period.begins <= row.until_on
    return touches and not (period.begins <= row.from_on and row.until_on <= period.ends)


def _tile(rows: list[ActivityRow], period: Period) -> bool:
    """Whether they cover each day of the period once."""
    wanted = period.begins
    for row in sorted(rows, key=lambda one: one.from_on):
        if row.from_on != wanted:
            return False
        wanted = row.until_on + timedelta(days=1)
    return wanted == period.ends + timedelta(days=1)
