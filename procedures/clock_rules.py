"""What one clock is, as the law book has it, and where its period ends from a day. A computed date is never shifted."""

import calendar as months
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from procedures.terms import ClockKind, Event, Procedure
from procedures.working_days import WorkingCalendar


class Counting(StrEnum):
    """Which day is day 1."""

    AFTER = "after"
    """The day after the event: "within N days of" excludes the day itself (law.md 9.1)."""
    INCLUDING = "including"
    """The day of the event, or the next working day if working days are counted: "commencing on", "beginning on"."""
    BEFORE = "before"
    """Counted back from the event."""


@dataclass(frozen=True, slots=True)
class Extension:
    """How much longer a clock may run, and what must have happened on or before the day it ends without."""

    decided_by: Event
    working_days: int = 0
    """Added to the period."""
    up_to_working_days: int = 0
    """The whole period at most, counted from the same base."""
    up_to_months: int = 0
    """The whole period at most, beginning on the day of `counted_from`, which is its first day."""
    counted_from: Event | None = None
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
    ends_on: tuple[Event, ...] = ()
    """A day that was agreed or set by others and is on record takes the place of the number: the first of these that there is."""
    answers: bool = False
    """What stops it is the answer to the person, of its stage."""
    given_with: tuple[Event, ...] = ()
    """All of these must have happened before the answer: the law wants somebody else's part in it."""
    theirs: bool = False
    """The complainant runs on it: nobody here is reminded of it."""
    each_year_on: tuple[int, int] | None = None
    """Month and day on which what starts it returns each year, of no case: the end of the year that a report is about."""
    keeps_open: bool = False
    """A case is not closed while it runs."""
    reminded_on: tuple[int, ...] = field(default=(), repr=False)
    """Working days after its start on which whoever has the case is told of it, before the last two (law.md §1.15). It moves no
    date, so that it is no part of how the rule reads.
    """
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

    def is_in_force(self, on: date) -> bool:
        """Whether it judges what was received on a day."""
        return self.applies_from <= on and (self.applies_until is None or on <= self.applies_until)

    @property
    def extension_is_a_notice(self) -> bool:
        """Whether more time is taken by telling the person a date within a cap, and not by adding days (reg. 17(6))."""
        return self.extension is not None and bool(self.extension.up_to_working_days or self.extension.up_to_months)

    @property
    def has_length(self) -> bool:
        """Whether the law, or the council, sets a number."""
        return bool(self.working_days or self.calendar_days or self.months or self.years)

    @property
    def length(self) -> str:
        """The period in words: `10 working days`."""
        units = (("working day", self.working_days), ("day", self.calendar_days), ("month", self.months), ("year", self.years))
        return next((f"{n} {unit}{'' if n == 1 else 's'}" for unit, n in units if n), "")


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
