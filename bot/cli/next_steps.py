"""What must happen next on a case, by when, and why: as programs and people are told it."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from typing import Any

from casework.progress import Progress, Running, is_due_soon
from notifications.on_desk import owed
from procedures.terms import Event
from procedures.working_days import WorkingCalendar, date_at_the_desk
from storage.tables import TaskRow
from templates.words import read_words

MARKS = {"late": "#", "due_soon": "^", "on_track": "+"}
"""A shape beside the words, so that nothing is said by a colour alone."""


def named(clock: str) -> str:
    """A clock or a task as staff call it."""
    return _names().get(clock) or clock.replace("_", " ").capitalize()


@cache
def _names() -> Mapping[str, str]:
    return read_words("clocks.toml", "en")


def how_near(due: date, today: date, calendar: WorkingCalendar) -> str:
    """late, due_soon or on_track: the same ranks as everywhere else."""
    if due < today:
        return "late"
    return "due_soon" if is_due_soon(due, today, calendar) else "on_track"


def in_days(due: date, today: date, calendar: WorkingCalendar) -> str:
    """How far off it is: `3 working days late`, `today`, `in 1 working day`."""
    if due == today:
        return "today"
    if due < today:
        late = calendar.count_working_days(due, today)
        return f"{_days(late)} late" if late else f"late since {due:%A}"
    left = calendar.count_working_days(today, due)
    return f"in {_days(left)}" if left else f"on {due:%A}"


def _what(one: Running, progress: Progress) -> str:
    """What is owed; for issues that go another way than their case with that way's name."""
    what = named(one.deadline.clock)
    return f"{what} ({one.deadline.procedure.value.replace('_', ' ')} issues)" if progress.is_a_part(one) else what


def _days(number: int) -> str:
    return f"{number} working day{'' if number == 1 else 's'}"


def next_steps(
    progress: Progress, events: Mapping[Event, date], tasks: Iterable[TaskRow], calendar: WorkingCalendar, today: date
) -> list[dict[str, Any]]:
    """The open duties and the open tasks of a case together, what is due first at the top."""
    known = {event: on for event, on in events.items() if on <= today}
    duties = [
        {
            "what": _what(one, progress),
            "clock": one.deadline.clock,
            "task": None,
            "stage": one.deadline.stage or None,
            "due": one.deadline.due_on,
            "authority": one.deadline.authority,
            "force": one.deadline.kind.value,
            "why": one.deadline.explanation,
        }
        for one in owed(progress, known)
    ]
    waiting = [
        {
            "what": named(task.kind.value),
            "clock": None,
            "task": task.id,
            "stage": None,
            "due": date_at_the_desk(task.due_at),
            "authority": None,
            "force": None,
            "why": task.detail,
        }
        for task in tasks
        if task.done_at is None
    ]
    found: list[dict[str, Any]] = sorted([*waiting, *duties], key=lambda one: (one["due"], one["task"] is None))
    return [
        {**one, "how": how_near(one["due"], today, calendar), "in_words": in_days(one["due"], today, calendar)} for one in found
    ]
