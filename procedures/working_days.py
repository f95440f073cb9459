"""Which days count, and how to count them. Calendars are data (`rules/calendar_*.toml`); dates beyond them are refused."""

import hashlib
import tomllib
from array import array
from bisect import bisect_right
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatch
from functools import lru_cache
from importlib.resources import files
from itertools import accumulate
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

LONDON = ZoneInfo("Europe/London")
CALENDAR_FILES = "calendar_*.toml"
"""Whichever lie in `rules/`; each names its nations, and no code does."""
SATURDAY = 5


class UnknownDates(ValueError):
    """A day lies outside the days that the calendar knows bank holidays for."""

    def __init__(self, calendar: "WorkingCalendar", asked: str) -> None:
        super().__init__(
            f"{asked} lies outside the calendar {calendar.version}, which knows bank holidays from {calendar.known_from} "
            f"to {calendar.known_until}. No date was guessed. Install a release with a longer calendar."
        )


def date_at_the_desk(moment: datetime) -> date:
    """The legal day of a moment: the date in Europe/London. A moment without a zone is refused."""
    if moment.tzinfo is None:
        raise ValueError(f"{moment!r} has no time zone, so its day cannot be known.")
    return moment.astimezone(LONDON).date()


def moment_at_the_desk(day: date, at: time) -> datetime:
    """The moment when London clocks show `at` on `day`; in the hour that spring skips, the moment one hour on."""
    return datetime.combine(day, at, LONDON).astimezone(UTC).astimezone(LONDON)


@dataclass(frozen=True)
class CalendarData:
    """One calendar file as read."""

    days: Mapping[date, str]
    known_from: date
    known_until: date
    version: str


@lru_cache(maxsize=1)
def read_calendars() -> Mapping[str, CalendarData]:
    """Every nation's bank holidays, from the files that ship with the service."""
    calendars: dict[str, CalendarData] = {}
    for entry in sorted((files("procedures") / "rules").iterdir(), key=lambda entry: entry.name):
        if not fnmatch(entry.name, CALENDAR_FILES):
            continue
        table: dict[str, Any] = tomllib.loads(entry.read_text("utf-8"))
        days = MappingProxyType({day["on"]: day["name"] for day in table["day"]})
        data = CalendarData(days, table["known_from"], table["known_until"], table["version"])
        calendars.update(dict.fromkeys(table["nations"], data))
    return MappingProxyType(calendars)


def version_with(version: str, added: Mapping[date, str], removed: Collection[date]) -> str:
    """The version, marked by the council's own days if there are any: a stored deadline names what it was counted with."""
    if not added and not removed:
        return version
    words = [f"+{day}" for day in sorted(added)] + [f"-{day}" for day in sorted(removed)]
    return f"{version}+{hashlib.sha256(' '.join(words).encode()).hexdigest()[:8]}"


@dataclass(frozen=True)
class WorkingCalendar:
    """The working days of a nation: not Saturday, not Sunday, not a bank holiday (SI 2006/1738, reg. 2).

    A council's closure days still count for statutory clocks; put them in `added` only of a calendar for local ones.
    """

    nation: str
    holidays: Mapping[date, str]
    known_from: date
    known_until: date
    version: str
    _working: tuple[date, ...] = field(init=False, repr=False, compare=False)
    _counted: "array[int]" = field(init=False, repr=False, compare=False)
    _on_weekdays: tuple[date, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make the look-up table: for each known day, how many working days have come by its end."""
        span = (self.known_until - self.known_from).days + 1
        every = [self.known_from + timedelta(days=n) for n in range(span)]
        works = [day.weekday() < SATURDAY and day not in self.holidays for day in every]
        object.__setattr__(self, "_working", tuple(day for day, open_ in zip(every, works, strict=True) if open_))
        object.__setattr__(self, "_counted", array("l", accumulate(works)))
        object.__setattr__(self, "_on_weekdays", tuple(sorted(day for day in self.holidays if day.weekday() < SATURDAY)))

    @classmethod
    def of(cls, nation: str, added: Mapping[date, str] | None = None, removed: Collection[date] = ()) -> "WorkingCalendar":
        """The nation's calendar, with days proclaimed since (`added`, by name) and days withdrawn (`removed`)."""
        return cls._made(nation, tuple(sorted((added or {}).items())), frozenset(removed))

    @classmethod
    @lru_cache(maxsize=8)
    def _made(cls, nation: str, added: tuple[tuple[date, str], ...], removed: frozenset[date]) -> "WorkingCalendar":
        """The calendar, made once: it never changes, and its table of fifty years takes longer than all that is asked of it."""
        try:
            data = read_calendars()[nation]
        except KeyError:
            raise ValueError(f"No calendar for {nation!r}; there are {', '.join(sorted(read_calendars()))}.") from None
        days = {day: name for day, name in {**data.days, **dict(added)}.items() if day not in removed}
        version = version_with(data.version, dict(added), removed)
        return cls(nation, MappingProxyType(days), data.known_from, data.known_until, version)

    def knows(self, day: date) -> bool:
        """Whether bank holidays are known for this day; of no other day is anything counted."""
        return self.known_from <= day <= self.known_until

    def is_working_day(self, day: date) -> bool:
        """Whether work is done on this day."""
        self._number(day)
        return day.weekday() < SATURDAY and day not in self.holidays

    def add_working_days(self, start: date, working_days: int) -> date:
        """Return the last day of a period of `working_days` that begins the day after `start`. None at all ends on `start`."""
        if working_days < 0:
            raise ValueError(f"A period cannot last {working_days} working days.")
        if working_days == 0:
            return start
        return self._working_day(self._number(start) + working_days - 1, f"{working_days} working days after {start}")

    def add_many(self, starts: Iterable[date], working_days: int) -> list[date]:
        """`add_working_days` for many starts at once: each is one look in a table, made for this number of days."""
        days = list(starts)
        if working_days <= 0:
            return [self.add_working_days(start, working_days) for start in days]
        first, last, ends = self.known_from.toordinal(), len(self._working), self._working
        table = {
            first + day: ends[number + working_days - 1]
            for day, number in enumerate(self._counted)
            if number + working_days <= last
        }
        try:
            return list(map(table.__getitem__, map(date.toordinal, days)))
        except KeyError as missing:
            self.add_working_days(date.fromordinal(missing.args[0]), working_days)  # raises UnknownDates with the day
            raise

    def subtract_working_days(self, day: date, working_days: int) -> date:
        """The working day that many before `day`: adding them again ends on `day`, if `day` is a working day."""
        if working_days < 0:
            raise ValueError(f"A period cannot last {working_days} working days.")
        if working_days == 0:
            return day
        before = self._number(day) - (1 if self.is_working_day(day) else 0)
        return self._working_day(before - working_days, f"{working_days} working days before {day}")

    def look_ahead(self, start: date, working_days: int) -> date:
        """`add_working_days` for who looks over many cases: where the calendar ends sooner, its last day. No deadline is this."""
        last = self._number(start) + working_days - 1
        return self._working[last] if last < len(self._working) else self.known_until

    def look_back(self, day: date, working_days: int) -> date:
        """`subtract_working_days` for who looks over many cases: where the calendar begins later, its first day."""
        before = self._number(day) - (1 if self.is_working_day(day) else 0)
        return self._working[before - working_days] if before >= working_days else self.known_from

    def count_working_days(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 if `end` is not later."""
        return max(0, self._number(end) - self._number(start))

    def first_working_day_on_or_after(self, day: date) -> date:
        """The day itself if it is a working day, else the next one."""
        return day if self.is_working_day(day) else self.add_working_days(day, 1)

    def skipped(self, start: date, end: date) -> tuple[tuple[date, str], ...]:
        """The bank holidays on weekdays after `start`, up to and including `end`, with their names."""
        first, last = bisect_right(self._on_weekdays, start), bisect_right(self._on_weekdays, end)
        return tuple((day, self.holidays[day]) for day in self._on_weekdays[first:last])

    def _number(self, day: date) -> int:
        """How many known working days have come by the end of `day`."""
        if not self.knows(day):
            raise UnknownDates(self, str(day))
        return self._counted[(day - self.known_from).days]

    def _working_day(self, number: int, asked: str) -> date:
        """The working day with this number, from 0."""
        if not 0 <= number < len(self._working):
            raise UnknownDates(self, asked)
        return self._working[number]
