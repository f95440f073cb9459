"""What a working day asks for: each job once, from its hour on, in this order."""

from collections.abc import Awaitable, Callable
from datetime import datetime, time

from casework.counted_by import count_by_what_holds_now
from casework.decisions.duties import see_to_duties
from casework.office import Office
from notifications.digest import queue_digests
from notifications.felt import ASKED_AT, ask_who_was_answered
from notifications.late_letters import LATE_AT, tell_late
from notifications.reminders import remind
from storage.unit_of_work import Memory

LETS_GO_AT = time(3)
"""Before anybody is at work: what became no case is read once more before it goes."""


def jobs(
    memory: Memory, office: Office, now: datetime, letting_go: Callable[[], Awaitable[object]]
) -> tuple[tuple[str, time, Callable[[], Awaitable[object]]], ...]:
    """The name of each, the hour at the desk from which it is due, and what does it as of `now`."""
    council = office.council
    return (
        ("loose letters", LETS_GO_AT, letting_go),
        # First of those that write, so that nobody is reminded of a date that no rule gives any more.
        ("dates", time.min, lambda: count_by_what_holds_now(memory, office, now)),
        # Looked for every working day: a Monday that was a holiday, or on which the machine was off, is made up for.
        ("digest", council.digest_at, lambda: queue_digests(memory, office, now)),
        ("duties", council.reminders_at, lambda: see_to_duties(memory, office, now)),
        ("reminders", council.reminders_at, lambda: remind(memory, office, now)),
        ("late letters", LATE_AT, lambda: tell_late(memory, office, now)),
        ("felt", ASKED_AT, lambda: ask_who_was_answered(memory, office, now)),
    )
