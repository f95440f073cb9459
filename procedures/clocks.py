"""How a rule and the events of a case make a deadline. Always counted from the base event; a computed date is never shifted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import cached_property

from procedures.clock_rules import ClockRule, Counting, Extension, last_day, months_later
from procedures.day_words import in_words
from procedures.terms import ClockKind, Event, Procedure, Timeliness
from procedures.wording import explanation_of, length_of, trace_of
from procedures.working_days import UnknownDates, WorkingCalendar

__all__ = [
    "ClockRule",
    "Counting",
    "Deadline",
    "Extension",
    "ExtensionRefused",
    "check_agreed_end",
    "check_delay_notice",
    "check_extension",
    "deadline",
    "deadlines",
    "explain",
    "in_words",
    "is_in_time",
    "judge",
    "last_day",
    "months_later",
    "working_days_late",
]


class ExtensionRefused(ValueError):
    """The law does not allow this extension; the message says why."""


@dataclass(frozen=True)
class Deadline:
    """The last day of a clock, and how it was found. Due means by the end of that day in London.

    What is said about it is put into words only when somebody asks: a sweep over every case never does.
    """

    rule: ClockRule
    base_event: Event
    base_on: date
    due_on: date
    first_due_on: date
    """Where it ends without an extension; the same as `due_on` if there is none."""
    longest_on: date | None
    """Where the longest extension would end; none if the clock cannot be extended."""
    calendar_version: str
    decided_on: date | None = None
    """When more time was decided on, in time or not."""
    set_by: Event | None = None
    """Whose day it is, where the last day was set and not counted."""
    calendar: WorkingCalendar = field(repr=False, compare=False, kw_only=True)

    @property
    def clock(self) -> str:
        return self.rule.name

    @property
    def procedure(self) -> Procedure:
        return self.rule.procedure

    @property
    def stage(self) -> int:
        return self.rule.stage

    @property
    def kind(self) -> ClockKind:
        return self.rule.kind

    @property
    def rule_id(self) -> str:
        return self.rule.rule_id

    @property
    def authority(self) -> str:
        return self.rule.authority

    @property
    def check(self) -> bool:
        return self.rule.check

    @property
    def stops_on(self) -> tuple[Event, ...]:
        return self.rule.stops_on

    @property
    def is_extended(self) -> bool:
        return self.due_on != self.first_due_on

    @property
    def length(self) -> str:
        """The period in words, the extended one if it was extended."""
        return length_of(self)

    @cached_property
    def trace(self) -> tuple[str, ...]:
        """How it was counted, step by step."""
        return trace_of(self)

    @cached_property
    def explanation(self) -> str:
        """The sentence for a parent: by when, how long that is, from when, and which days are not counted."""
        return explanation_of(self)

    def stopped_on(self, events: Mapping[Event, date]) -> date | None:
        """The day on which the first of the stopping events happened, or none."""
        return min((events[event] for event in self.rule.stops_on if event in events), default=None)


def start_of(
    rule: ClockRule, events: Mapping[Event, date], calendar: WorkingCalendar, *, oral: bool
) -> tuple[Event, date] | None:
    """What starts the clock and when, or none if it has not started."""
    if rule.oral_only and not oral:
        return None
    first = None
    for event in rule.oral_starts_on if oral and rule.oral_starts_on else rule.starts_on:
        if event in events:
            first = event
            break
    if first is None:
        return None
    if not rule.or_later_on:
        return first, events[first]
    needs = dict(rule.later_needs)
    asked_by = last_day(rule, events[first], calendar) if needs else events[first]
    later = [
        event
        for event in rule.or_later_on
        if event in events and (event not in needs or is_in_time(asked_by, events.get(needs[event], asked_by)))
    ]
    start = max([first, *later], key=lambda event: events[event])
    return start, events[start]


def deadline(
    rule: ClockRule,
    events: Mapping[Event, date],
    calendar: WorkingCalendar,
    *,
    oral: bool = False,
    not_counted: list[str] | None = None,
) -> Deadline | None:
    """The rule's deadline for a case with these events, or none if its clock has not started or has neither number nor day.

    Raises UnknownDates beyond the calendar. With `not_counted` a longest extension that nobody took is left out, and said there.
    """
    start = start_of(rule, events, calendar, oral=oral)
    if start is None:
        return None
    event, base_on = start
    set_by = next((one for one in rule.ends_on if one in events), None) if rule.ends_on else None
    if set_by is not None:
        due_on = events[set_by]
        return Deadline(rule, event, base_on, due_on, due_on, None, calendar.version, None, set_by, calendar=calendar)
    if not rule.has_length:
        return None
    first_due_on = due_on = last_day(rule, base_on, calendar)
    longest_on = decided_on = None
    if rule.extension is not None:
        decided_on = events.get(rule.extension.decided_by)
        is_extended = decided_on is not None and is_in_time(first_due_on, decided_on)
        try:
            longest_on = longest(rule, base_on, events, calendar)
        except UnknownDates as problem:
            if not_counted is None or is_extended:
                raise
            not_counted.append(str(problem))
        else:
            due_on = longest_on if is_extended else due_on
    return Deadline(rule, event, base_on, due_on, first_due_on, longest_on, calendar.version, decided_on, calendar=calendar)


def deadlines(
    rules: Iterable[ClockRule],
    events: Mapping[Event, date],
    calendar: WorkingCalendar,
    *,
    oral: bool = False,
    local_calendar: WorkingCalendar | None = None,
    not_counted: list[str] | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines of the clocks that have started. `local_calendar` (with closure days) serves only rules that allow it.

    A clock that ends beyond the calendar raises UnknownDates; with `not_counted` it is left out, and said there why.
    """
    found = []
    for rule in rules:
        try:
            days = local_calendar if local_calendar and rule.council_closures else calendar
            one = deadline(rule, events, days, oral=oral, not_counted=not_counted)
        except UnknownDates as problem:
            if not_counted is None:
                raise
            not_counted.append(str(problem))
        else:
            found += [one] if one else []
    return tuple(found)


def longest(rule: ClockRule, base_on: date, events: Mapping[Event, date], calendar: WorkingCalendar) -> date:
    """Where the longest extension that the rule allows would end; never before the clock itself."""
    extension = rule.extension
    assert extension is not None
    if extension.up_to_months:
        begins = events.get(extension.counted_from, base_on) if extension.counted_from else base_on
        return max(months_later(begins, extension.up_to_months) - timedelta(days=1), last_day(rule, base_on, calendar))
    return last_day(rule, base_on, calendar, extension.up_to_working_days or rule.working_days + extension.working_days)


def is_in_time(due_on: date, done_on: date) -> bool:
    """Whether what was done on a day was done in time: a clock ends with the end of its last day. Nothing else decides it."""
    return done_on <= due_on


def judge(due_on: date, stopped_on: date | None, today: date) -> Timeliness:
    """In time or late, done or open. A stop that is planned for later than today has not happened."""
    if stopped_on is not None and stopped_on <= today:
        return Timeliness.IN_TIME if is_in_time(due_on, stopped_on) else Timeliness.LATE
    return Timeliness.OPEN_IN_TIME if is_in_time(due_on, today) else Timeliness.OPEN_LATE


def working_days_late(due_on: date, stopped_on: date | None, today: date, calendar: WorkingCalendar) -> int:
    """Working days after the due date until the stop, or until today; 0 on a weekend after a Friday, though that is late."""
    until = stopped_on if stopped_on is not None and stopped_on <= today else today
    return 0 if is_in_time(due_on, until) else calendar.count_working_days(due_on, until)


def check_extension(rule: ClockRule, running: Deadline, reason: str, decided_on: date) -> date:
    """Return the day an extension decided on `decided_on` would end, or refuse it. The reason is a word: `complex`."""
    if rule.extension is None or running.longest_on is None:
        raise ExtensionRefused(f"{rule.name} cannot be extended ({rule.authority}).")
    law = rule.extension.authority
    if running.is_extended:
        until = in_words(running.due_on)
        raise ExtensionRefused(f"{rule.name} has been extended once, to {until}; it cannot be extended again ({law}).")
    if not reason.strip():
        raise ExtensionRefused(f"An extension needs a reason ({law}).")
    if rule.extension.only_if and reason.strip().lower() != rule.extension.only_if:
        raise ExtensionRefused(f"Only a {rule.extension.only_if} complaint may take longer, and {reason!r} is not that ({law}).")
    if not is_in_time(running.first_due_on, decided_on):
        ended = in_words(running.first_due_on)
        raise ExtensionRefused(f"Decided on {in_words(decided_on)}, but the clock ended on {ended}: it moves nothing ({law}).")
    return running.longest_on


def check_told_in_time(running: Deadline, told_on: date) -> None:
    """Refuse a longer time of which the person first hears after the clock had ended: what was late stays late."""
    if not is_in_time(running.first_due_on, told_on):
        extension = running.rule.extension
        raise ExtensionRefused(
            f"The clock ended on {in_words(running.first_due_on)}, and the letter that says so would reach them after it "
            f"({extension.authority if extension else running.authority}): it moves nothing. Tell them that it is late."
        )


def check_delay_notice(running: Deadline, notice_on: date, promised_on: date, reason: str) -> Timeliness:
    """Whether a delay notice went out in time; refuse one without a reason or with a date beyond the cap (reg. 17(6)).

    One sent after the first period is a breach that must be recorded, even if the response comes within the cap.
    """
    extension = running.rule.extension
    rule = extension.authority if extension else running.authority
    if not reason.strip():
        raise ExtensionRefused(f"A delay notice must give the reason ({rule}).")
    if running.longest_on is None or promised_on > running.longest_on:
        raise ExtensionRefused(
            f"A delay notice cannot promise {in_words(promised_on)}; the last day is "
            f"{in_words(running.longest_on or running.due_on)} ({rule})."
        )
    if promised_on <= running.first_due_on:
        raise ExtensionRefused(f"{in_words(promised_on)} is within the first period; no delay notice is needed ({rule}).")
    return judge(running.first_due_on, notice_on, today=notice_on)


def check_agreed_end(running: Deadline, agreed_on: date) -> None:
    """Refuse an end that was agreed after the clock had ended: what was late stays late (SI 2009/309, reg. 14(3))."""
    if running.kind is ClockKind.STATUTORY and not is_in_time(running.due_on, agreed_on):
        raise ExtensionRefused(
            f"It was due on {in_words(running.due_on)}: a later day can be agreed before a clock has ended and not after it "
            f"({running.authority})."
        )


def explain(found: Deadline) -> str:
    """The deadline in words that a parent understands."""
    return found.explanation
