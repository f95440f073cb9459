"""The ladder of reminders: on which days of a clock somebody is told of it. Pure.

Two working days before, on the day, then 1, 3 and 5 working days late, then every fifth; a long clock on the way, too.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from operator import itemgetter

from casework.progress import Running
from procedures.clocks import Deadline, is_in_time
from procedures.working_days import WorkingCalendar

BEFORE, ON_THE_DAY = "T-2", "due"
DAYS_BEFORE = 2
LATE_RUNGS = (1, 3, 5)
"""Working days late; after the last of them every fifth, which is a week."""


def rungs_on_the_way(deadline: Deadline, calendar: WorkingCalendar) -> tuple[tuple[str, date], ...]:
    """The rungs of a long clock before its end, with their days, as its rule has them, in whatever nation.

    A clock that was extended has only those that came with it.
    """
    if not deadline.rule.reminded_on:
        return ()
    days = ((f"day {n}", calendar.look_ahead(deadline.base_on, n)) for n in deadline.rule.reminded_on)
    after = deadline.first_due_on if deadline.is_extended else date.min
    return tuple((rung, day) for rung, day in days if after < day < deadline.due_on)


def rungs_until(
    due_on: date, today: date, calendar: WorkingCalendar, on_the_way: Sequence[tuple[str, date]] = ()
) -> tuple[str, ...]:
    """The rungs that have been reached, in their order; none before the first.

    A clock that ends on a day without work is due, to the people who remind and are reminded, on the working day before.
    """
    reached = [rung for rung, on in rungs_before(due_on, calendar, on_the_way) if on <= today]
    late = 0 if is_in_time(due_on, today) else calendar.count_working_days(due_on, today)
    reached += [f"+{n}" for n in LATE_RUNGS if n <= late]
    last = LATE_RUNGS[-1]
    return (*reached, f"+{late - late % last}") if late >= 2 * last else tuple(reached)


def rungs_before(due_on: date, calendar: WorkingCalendar, on_the_way: Sequence[tuple[str, date]]) -> list[tuple[str, date]]:
    """The rungs up to the last day, with their days, in order."""
    day = due_on if calendar.is_working_day(due_on) else calendar.look_back(due_on, 1)
    last_two = ((BEFORE, calendar.look_back(day, DAYS_BEFORE)), (ON_THE_DAY, day))
    return sorted((*on_the_way, *last_two), key=itemgetter(1))


def next_look(owed: Iterable[Running], calendar: WorkingCalendar) -> date | None:
    """The first day on which somebody may have to be reminded of one of these duties; None where there is none."""
    found = (one.deadline for one in owed)
    days = (rungs_before(one.due_on, calendar, rungs_on_the_way(one, calendar))[0][1] for one in found)
    return min(days, default=None)
