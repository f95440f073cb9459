"""In time or late, stage by stage, in the terms of the register: counted on from the day on which the stage began.

Whether an answer was in time is decided where it is decided for every clock: `procedures.clocks.is_in_time`.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any

from procedures.clocks import is_in_time
from procedures.terms import Procedure
from procedures.working_days import UnknownDates, WorkingCalendar
from reports.figures.rounding import median, percent
from storage.tallies import Timed

WITHOUT = (Procedure.UNDECIDED, Procedure.DATA_PROTECTION, Procedure.OTHER_BODY)
"""Procedures that are shown without timeliness."""
STAGE_1 = (10, 20)
STAGE_2 = {Procedure.STATUTORY: (25, 65)}
STAGE_2_OF_OTHERS = (20, 40)
PANEL_WITHIN = 30
REPLY_AFTER_PANEL = 20


@dataclass
class Share:
    """How many of those whose last day is known to have come or to be met were in time."""

    in_time: int = 0
    of: int = 0

    @property
    def percent(self) -> float | None:
        return percent(self.in_time, self.of)


@dataclass
class Times:
    """The times of one procedure and stage."""

    answered: int = 0
    shares: dict[str, Share] = field(default_factory=dict)
    taken: Counter[int] = field(default_factory=Counter)
    """Working days after the start up to and with the reply, and how often."""
    over: Counter[int] = field(default_factory=Counter)
    """Of stage 2: working days past the longer of its two times, of those answered past it, and how often."""
    outside: int = 0
    """Stages whose dates lie outside the calendar: nothing is counted of them."""

    def share(self, name: str) -> Share:
        return self.shares.setdefault(name, Share())


def limits(procedure: str, stage: int) -> tuple[int, int]:
    """The two numbers of working days that a stage is measured against."""
    if stage == 1:
        return STAGE_1
    return STAGE_2.get(Procedure(procedure), STAGE_2_OF_OTHERS)


def longest(procedure: str) -> str:
    """The name of the longer share of stage 2."""
    return names_of(procedure, 2)[1]


def times_of(procedure: str, stage: int, rows: Iterable[Timed], as_at: date, calendar: WorkingCalendar) -> Times:
    """Count the stages of a procedure that began in the period."""
    judged = _Stage(procedure, stage, calendar)
    times = Times(shares={name: Share() for name in judged.names})
    for row in rows:
        if row.procedure != procedure:
            continue
        try:
            _count(times, judged, row, as_at)
        except UnknownDates:
            times.outside += row.number
    return times


def names_of(procedure: str, stage: int) -> tuple[str, ...]:
    """The shares that a stage has, in order."""
    if stage == 3:
        return "panel_within_30", "within_20"
    shorter, longer = limits(procedure, stage)
    found = (f"within_{shorter}", f"within_{longer}")
    return (*found, "within_permitted") if stage == 1 else found


def as_figures(times: Times) -> dict[str, Any]:
    """As the report prints it."""
    found: dict[str, Any] = {"answered": times.answered}
    for name, share in times.shares.items():
        if name != "within_permitted":
            found[name] = share.in_time
        found[f"{name}_percent"] = share.percent
    return found | {"median_working_days": median(times.taken)}


class _Stage:
    """A stage of a procedure, with the last days of what began on each day: most stages begin on a day on which others did."""

    def __init__(self, procedure: str, stage: int, calendar: WorkingCalendar) -> None:
        self.number, self.names, self.limits = stage, names_of(procedure, stage), limits(procedure, stage)
        self.add: Callable[[date, int], date] = cache(calendar.add_working_days)
        self.count: Callable[[date, date], int] = calendar.count_working_days

    def last_days(self, row: Timed, began_on: date) -> Iterable[tuple[str, date, date | None]]:
        """Each share's last day, and the day on which what it measures was done."""
        if self.number == 3:
            yield "panel_within_30", self.add(began_on, PANEL_WITHIN), row.panel_on
            if row.panel_on is not None:
                yield "within_20", self.add(row.panel_on, REPLY_AFTER_PANEL), row.answered_on
            return
        shorter, longer = (self.add(began_on, number) for number in self.limits)
        yield self.names[0], shorter, row.answered_on
        yield self.names[1], longer, row.answered_on
        if self.number == 1:
            is_extended = row.extended_on is not None and is_in_time(shorter, row.extended_on)
            yield "within_permitted", longer if is_extended else shorter, row.answered_on


def _count(times: Times, judged: _Stage, row: Timed, as_at: date) -> None:
    began_on = row.recorded_on or row.began_on
    if row.answered_on is not None:
        taken = judged.count(began_on, row.answered_on)
    elif row.is_decided:
        return  # decided, and on no known day: in no figure of time
    last_days = list(judged.last_days(row, began_on))
    if row.answered_on is not None:
        times.answered += row.number
        times.taken[taken] += row.number
        if judged.number == 2 and not is_in_time(last_days[1][1], row.answered_on):
            times.over[taken - judged.limits[1]] += row.number
    for name, last_day, done_on in last_days:
        _judge(times.shares[name], last_day, done_on, row, as_at)


def _judge(share: Share, last_day: date, done_on: date | None, row: Timed, as_at: date) -> None:
    if done_on is not None:
        share.of += row.number
        share.in_time += row.number if is_in_time(last_day, done_on) else 0
    elif not is_in_time(last_day, row.withdrawn_on or as_at):
        share.of += row.number  # its last day had passed, and there was no answer
