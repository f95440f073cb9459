"""How a rule and the events of a case make a deadline. Always counted from the base event; a computed date is never shifted."""

import calendar as months
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from procedures.terms import ClockKind, Event, Procedure, Timeliness
from procedures.working_days import WorkingCalendar


class Counting(StrEnum):
    """Which day is day 1."""

    AFTER = "after"
    """The day after the event: "within N days of" excludes the day itself (law.md 9.1)."""
    INCLUDING = "including"
    """The day of the event, or the next working day if working days are counted: "commencing on", "beginning on"; Scotland."""
    BEFORE = "before"
    """Counted back from the event."""


class ExtensionRefused(ValueError):
    """The law does not allow this extension; the message says why."""


@dataclass(frozen=True, slots=True)
class Extension:
    """How much longer a clock may run, and what must have happened on or before the day it ends without."""

    decided_by: Event
    working_days: int = 0
    """Added to the period."""
    up_to_working_days: int = 0
    """The whole period at most, counted from the same base."""
    only_if: str = ""
    authority: str = ""


@dataclass(frozen=True, slots=True)
class ClockRule:
    """One clock of a procedure as the law book has it; exactly one length is set, or none if it is only "as soon as possible"."""

    name: str
    procedure: Procedure
    kind: ClockKind
    starts_on: tuple[Event, ...]
    """The first of these that has happened starts it."""
    authority: str
    applies_from: date
    """Rules are chosen by the day of receipt: a later rule does not judge an earlier case."""
    applies_until: date | None = None
    nation: str = "england"
    stage: int = 0
    or_later_on: tuple[Event, ...] = ()
    """The start moves to the latest of these that has happened (SI 2006/1738, reg. 14(3), (4))."""
    later_needs: tuple[tuple[Event, Event], ...] = ()
    """A later start counts only if this was asked for before the clock had run out (law.md U3)."""
    oral_starts_on: tuple[Event, ...] = ()
    """What starts it instead if the complaint was made orally (reg. 17(5))."""
    oral_only: bool = False
    working_days: int = 0
    calendar_days: int = 0
    months: int = 0
    years: int = 0
    as_soon_as_possible: bool = False
    """The law sets no number: `working_days`, if any, is a local target."""
    stops_on: tuple[Event, ...] = ()
    extension: Extension | None = None
    counts: Counting = Counting.AFTER
    rolls_forward: bool = False
    """A last day that is not a working day becomes the next one."""
    council_closures: bool = False
    """A council's own closure days are not counted; never so for a clock set by law (law.md 9.1)."""
    check: bool = False
    """From general knowledge: to be checked against the source before anyone relies on it."""
    plain: str = "The last day is"
    """How the sentence for a parent begins."""
    note: str = ""

    @property
    def rule_id(self) -> str:
        """Names the rule for ever, so that a stored deadline says by what it was counted."""
        return f"{self.nation}.{self.procedure}.{self.name}@{self.applies_from}"

    @property
    def extension_is_a_notice(self) -> bool:
        """Whether more time is taken by telling the person a date within a cap, and not by adding days (reg. 17(6))."""
        return self.extension is not None and bool(self.extension.up_to_working_days)

    @property
    def length(self) -> str:
        """The period in words: `10 working days`."""
        units = (("working day", self.working_days), ("day", self.calendar_days), ("month", self.months), ("year", self.years))
        return next((f"{n} {unit}{'' if n == 1 else 's'}" for unit, n in units if n), "")


@dataclass(frozen=True, slots=True)
class Deadline:
    """The last day of a clock, and how it was found. Due means by the end of that day in London."""

    clock: str
    procedure: Procedure
    stage: int
    kind: ClockKind
    rule_id: str
    base_event: Event
    base_on: date
    due_on: date
    authority: str
    calendar_version: str
    check: bool
    trace: tuple[str, ...]
    length: str
    first_due_on: date
    """Where it ends without an extension; the same as `due_on` if there is none."""
    longest_on: date | None
    """Where the longest extension would end; none if the clock cannot be extended."""
    stops_on: tuple[Event, ...]
    explanation: str

    @property
    def is_extended(self) -> bool:
        return self.due_on != self.first_due_on

    def stopped_on(self, events: Mapping[Event, date]) -> date | None:
        """The day on which the first of the stopping events happened, or none."""
        return min((events[event] for event in self.stops_on if event in events), default=None)


def in_words(day: date, beside: date | None = None) -> str:
    """`Tuesday 22 April 2025`; without the year if it is the year of `beside`."""
    year = "" if beside and beside.year == day.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"


def months_later(day: date, number: int) -> date:
    """The corresponding date, or the month's last day if there is none: 29 February 2024 and a year is 28 February 2025."""
    year, month = divmod(day.year * 12 + day.month - 1 + number, 12)
    return date(year, month + 1, min(day.day, months.monthrange(year, month + 1)[1]))


def last_day(rule: ClockRule, start: date, calendar: WorkingCalendar, working_days: int = 0) -> date:
    """The last day of the rule's period from `start`; `working_days`, if given, in place of the rule's own."""
    number = working_days or rule.working_days
    if number and rule.counts is Counting.BEFORE:
        return calendar.subtract_working_days(start, number)
    if number and rule.counts is Counting.INCLUDING:
        return calendar.add_working_days(calendar.first_working_day_on_or_after(start), number - 1)
    if number:
        return calendar.add_working_days(start, number)
    end = months_later(start, rule.months + 12 * rule.years) + timedelta(days=rule.calendar_days)
    end -= timedelta(days=1 if rule.counts is Counting.INCLUDING else 0)
    return calendar.first_working_day_on_or_after(end) if rule.rolls_forward else end


def start_of(
    rule: ClockRule, events: Mapping[Event, date], calendar: WorkingCalendar, *, oral: bool
) -> tuple[Event, date] | None:
    """What starts the clock and when, or none if it has not started."""
    if rule.oral_only and not oral:
        return None
    starts = rule.oral_starts_on if oral and rule.oral_starts_on else rule.starts_on
    first = next((event for event in starts if event in events), None)
    if first is None:
        return None
    needs = dict(rule.later_needs)
    asked_by = last_day(rule, events[first], calendar) if needs else events[first]
    later = [
        event
        for event in rule.or_later_on
        if event in events and (event not in needs or events.get(needs[event], asked_by) <= asked_by)
    ]
    start = max([first, *later], key=lambda event: events[event])
    return start, events[start]


def deadline(rule: ClockRule, events: Mapping[Event, date], calendar: WorkingCalendar, *, oral: bool = False) -> Deadline | None:
    """The rule's deadline for a case with these events, or none if its clock has not started or the law sets no number."""
    start = start_of(rule, events, calendar, oral=oral)
    if start is None or not rule.length:
        return None
    event, base_on = start
    first_due_on = last_day(rule, base_on, calendar)
    longest_on = longest(rule, base_on, calendar)
    decided_on = events.get(rule.extension.decided_by) if rule.extension else None
    due_on = longest_on if longest_on and decided_on and decided_on <= first_due_on else first_due_on
    return Deadline(
        clock=rule.name,
        procedure=rule.procedure,
        stage=rule.stage,
        kind=rule.kind,
        rule_id=rule.rule_id,
        base_event=event,
        base_on=base_on,
        due_on=due_on,
        authority=rule.authority,
        calendar_version=calendar.version,
        check=rule.check,
        trace=(
            *_trace_of_count(rule, event, base_on, first_due_on, calendar),
            *_trace_of_extension(rule, decided_on, first_due_on, due_on),
            f"By {rule.authority}." + (" To be checked against the source." if rule.check else ""),
        ),
        length=_length_until(rule, base_on, due_on, first_due_on, calendar),
        first_due_on=first_due_on,
        longest_on=longest_on,
        stops_on=rule.stops_on,
        explanation=_explanation(rule, base_on, due_on, first_due_on, calendar),
    )


def deadlines(
    rules: Iterable[ClockRule],
    events: Mapping[Event, date],
    calendar: WorkingCalendar,
    *,
    oral: bool = False,
    local_calendar: WorkingCalendar | None = None,
) -> tuple[Deadline, ...]:
    """The deadlines of the clocks that have started. `local_calendar` (with closure days) serves only rules that allow it."""
    found = (
        deadline(rule, events, local_calendar if local_calendar and rule.council_closures else calendar, oral=oral)
        for rule in rules
    )
    return tuple(one for one in found if one)


def longest(rule: ClockRule, base_on: date, calendar: WorkingCalendar) -> date | None:
    """Where the longest extension that the rule allows would end."""
    if rule.extension is None:
        return None
    number = rule.extension.up_to_working_days or rule.working_days + rule.extension.working_days
    return last_day(rule, base_on, calendar, number)


def judge(due_on: date, stopped_on: date | None, today: date) -> Timeliness:
    """In time or late, done or open. A stop that is planned for later than today has not happened."""
    if stopped_on is not None and stopped_on <= today:
        return Timeliness.IN_TIME if stopped_on <= due_on else Timeliness.LATE
    return Timeliness.OPEN_IN_TIME if today <= due_on else Timeliness.OPEN_LATE


def working_days_late(due_on: date, stopped_on: date | None, today: date, calendar: WorkingCalendar) -> int:
    """Working days after the due date until the stop, or until today; 0 on a weekend after a Friday, though that is late."""
    return calendar.count_working_days(due_on, stopped_on if stopped_on is not None and stopped_on <= today else today)


def check_extension(rule: ClockRule, running: Deadline, reason: str, decided_on: date) -> date:
    """Return the day an extension decided on `decided_on` would end, or refuse it. The reason is a word: `complex`."""
    if rule.extension is None or running.longest_on is None:
        raise ExtensionRefused(f"{rule.name} cannot be extended ({rule.authority}).")
    if running.is_extended:
        raise ExtensionRefused(f"{rule.name} has been extended once, to {in_words(running.due_on)}; it cannot be extended again.")
    if not reason.strip():
        raise ExtensionRefused("An extension needs a reason.")
    if rule.extension.only_if and reason.strip().lower() != rule.extension.only_if:
        raise ExtensionRefused(
            f"Only a {rule.extension.only_if} complaint may take longer, and {reason!r} is not that ({rule.extension.authority})."
        )
    if decided_on > running.first_due_on:
        raise ExtensionRefused(
            f"Decided on {in_words(decided_on)}, but the clock ended on {in_words(running.first_due_on)}: it moves nothing."
        )
    return running.longest_on


def check_delay_notice(running: Deadline, notice_on: date, promised_on: date, reason: str) -> Timeliness:
    """Whether a stage 2 delay notice went out in time; refuse one without a reason or with a date beyond day 65 (reg. 17(6)).

    One sent after day 25 is a breach that must be recorded, even if the response comes within day 65.
    """
    if not reason.strip():
        raise ExtensionRefused("A delay notice must give the reason (SI 2006/1738, reg. 17(6)).")
    if running.longest_on is None or promised_on > running.longest_on:
        raise ExtensionRefused(
            f"A delay notice cannot promise {in_words(promised_on)}; the last day is "
            f"{in_words(running.longest_on or running.due_on)} (SI 2006/1738, reg. 17(6))."
        )
    if promised_on <= running.first_due_on:
        raise ExtensionRefused(f"{in_words(promised_on)} is within the first period; no delay notice is needed.")
    return judge(running.first_due_on, notice_on, today=notice_on)


def explain(found: Deadline) -> str:
    """The deadline in words that a parent understands."""
    return found.explanation


def _words(event: Event) -> str:
    return event.value.replace("_", " ").replace("s1", "stage 1").replace("s2", "stage 2").replace("s3", "stage 3")


def _trace_of_count(rule: ClockRule, event: Event, base_on: date, due_on: date, calendar: WorkingCalendar) -> tuple[str, ...]:
    """How the period without extension was counted."""
    lines = [f"It counts from {in_words(base_on)} ({_words(event)})."]
    if rule.as_soon_as_possible:
        lines.append("The law says as soon as possible; the number is a local target.")
    if rule.counts is Counting.BEFORE:
        lines.append("Days are counted back from there.")
    elif rule.working_days:
        day_1 = last_day(rule, base_on, calendar, working_days=1)
        lines.append(f"Day 1 is {in_words(day_1)}. Saturdays and Sundays are not counted.")
        lines += [f"{in_words(day)} is not counted: {name}." for day, name in calendar.skipped(base_on, due_on)]
    elif rule.counts is Counting.INCLUDING:
        lines.append(f"The period begins on {in_words(base_on)} itself.")
    else:
        lines.append(f"Every day is counted, from {in_words(base_on + timedelta(days=1))}.")
    if rule.rolls_forward:
        lines.append("If the last day is not a working day, the next working day is the last.")
    return (*lines, f"{rule.length}: {in_words(due_on)}.")


def _trace_of_extension(rule: ClockRule, decided_on: date | None, first_due_on: date, due_on: date) -> tuple[str, ...]:
    """What an extension did, or why it did nothing."""
    if rule.extension is None or decided_on is None:
        return ()
    decided = f"{_words(rule.extension.decided_by).capitalize()} on {in_words(decided_on)}"
    if decided_on > first_due_on:
        return (f"{decided}, after {in_words(first_due_on)}: too late, it moves nothing.",)
    longer = rule.extension.up_to_working_days or rule.working_days + rule.extension.working_days
    return (f"{decided}, in time: at most {longer} working days, until {in_words(due_on)} ({rule.extension.authority}).",)


def _length_until(rule: ClockRule, base_on: date, due_on: date, first_due_on: date, calendar: WorkingCalendar) -> str:
    """The period in words, the extended one if it was extended."""
    return rule.length if due_on == first_due_on else f"{calendar.count_working_days(base_on, due_on)} working days"


def _explanation(rule: ClockRule, base_on: date, due_on: date, first_due_on: date, calendar: WorkingCalendar) -> str:
    """The sentence for a parent: by when, how long that is, from when, and which days are not counted."""
    length = _length_until(rule, base_on, due_on, first_due_on, calendar)
    begins = f"{rule.plain} {in_words(due_on)}."
    if rule.counts is Counting.BEFORE:
        return f"{begins} That is {length} before {in_words(base_on, due_on)}."
    if rule.counts is Counting.INCLUDING:
        return f"{begins} That is {length}, and {in_words(base_on, due_on)} is the first day."
    counted = f"{begins} That is {length} after {in_words(base_on, due_on)}"
    if not rule.working_days:
        return f"{counted}."
    names = [f"{name} ({day.day} {day:%B})" for day, name in calendar.skipped(base_on, due_on)]
    left_out = ["weekends", *names]
    listed = left_out[0] if len(left_out) == 1 else f"{', '.join(left_out[:-1])} or {left_out[-1]}"
    return f"{counted}; we do not count {listed}."
