"""What can be tried next: a short list that depends on how things stand. Pure."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from bot.rehearsal.play.chatting import FIRST_WORDS, NIGHT_WORDS
from bot.rehearsal.play.desk import OnDesk
from procedures.clocks import is_in_time
from procedures.terms import Event
from procedures.working_days import LONDON, WorkingCalendar

MOST = 4
Hint = tuple[str, str]
"""What to type, and what comes of it."""


def hints(desk: Sequence[OnDesk], now: datetime, calendar: WorkingCalendar) -> list[Hint]:
    """The most telling things to do now, at most four, the most urgent first."""
    if not desk:
        return [
            ("1", f"as Sam, write: {FIRST_WORDS}"),
            ("3", "as a parent, write a letter; a receipt comes within seconds"),
            _at_night(now),
        ]
    first = [*_for_the_officer(desk), *_for_the_person(desk)[:1]]
    return [*first, *_for_the_clock(desk, now, calendar), *_for_more(desk, now)][:MOST]


def _for_the_officer(desk: Sequence[OnDesk]) -> list[Hint]:
    found = []
    if any(one.has_alert for one in desk):
        found.append(("2", "be the officer: a safety alert is open; it closes only with what was done"))
    steps = (
        (
            [one for one in desk if one.waits_for_route],
            "be the officer: {} waits for its route, with a suggestion and its reasons",
        ),
        ([one for one in desk if one.waits_for_acknowledgement], "be the officer: acknowledge {}, point by point"),
        ([one for one in desk if one.waits_for_answer], "be the officer: answer {}, or leave it and watch what happens"),
    )
    found += [("2", words.format(waiting[0].reference)) for waiting, words in steps if waiting]
    return found[:2]


def _for_the_clock(desk: Sequence[OnDesk], now: datetime, calendar: WorkingCalendar) -> list[Hint]:
    """The next morning on which something is due, is late, or is counted."""
    today = now.astimezone(LONDON).date()
    dates = (running.deadline.due_on for one in desk for running in one.progress.open)
    ahead = (on for on in dates if is_in_time(on, today))
    due = min(ahead, default=None)
    found = []
    if due is not None and (reminded := calendar.subtract_working_days(due, 2)) > today:
        found.append((_spoken(reminded), "two working days before a date, staff are reminded"))
    elif due is not None:
        found.append((_spoken(calendar.add_working_days(due, 1)), "a date is missed: see who is told"))
    found.append((_next_digest(today, calendar), "the weekly digest counts it all"))
    return found


def _for_the_person(desk: Sequence[OnDesk]) -> list[Hint]:
    answered = [one for one in desk if one.is_complaint and one.is_answered and Event.S2_REQUESTED not in one.events]
    if not answered:
        return []
    first = answered[-1]
    if first.is_chat:
        return [(f"chat {first.who}", "press [Read it] by its number, read the answer, and say: i am not happy")]
    return [("4", "find the answer, then `reply` with its number: I am not happy")]


def _for_more(desk: Sequence[OnDesk], now: datetime) -> list[Hint]:
    found = []
    if all(one.is_chat for one in desk):
        found.append(("3", "write a letter as a parent, here or with any mail program"))
    if not any(one.is_chat for one in desk):
        found.append(("1", "chat as Sam, with the lock screen beside it"))
    if not any(one.has_alert for one in desk):
        found.insert(0 if _is_night(now) else len(found), _at_night(now))
    return [*found, ("4", "see the mails; `open` with a number shows one in the browser")]


def _next_digest(today: date, calendar: WorkingCalendar) -> str:
    monday = today + timedelta(days=7 - today.weekday())
    return "next Monday" if calendar.is_working_day(monday) else _spoken(calendar.first_working_day_on_or_after(monday))


def _at_night(now: datetime) -> Hint:
    if _is_night(now):
        return "chat Kit", f"write now that nobody is at work: {NIGHT_WORDS}"
    return "23:10", "come back at night; then `chat Kit` is somebody who is not safe"


def _is_night(now: datetime) -> bool:
    return not 8 <= now.astimezone(LONDON).hour < 20


def _spoken(day: date) -> str:
    return f"{day:%-d %B}"
