"""From what people say to a moment ("tomorrow", "friday 9am", "in two hours"), and the mornings that lie before it. Pure."""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from casework.council import Council
from notifications.late_letters import LATE_AT
from procedures.working_days import LONDON, WorkingCalendar, moment_at_the_desk

DAY_AT = time(9, 5)
"""A day without an hour means this: the letters of the morning have gone by then."""
EXAMPLES = "tomorrow, friday 9am, next Monday, in two hours, in 10 working days, 2 April, Christmas"

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
FURTHEST = timedelta(days=400)
_FEASTS = {
    "christmas": (12, 25), "christmas day": (12, 25), "xmas": (12, 25), "christmas eve": (12, 24),
    "boxing day": (12, 26), "new year": (1, 1), "new year's day": (1, 1), "new years day": (1, 1),
}  # fmt: skip
_NUMBERS = {
    "a": 1, "an": 1, "one": 1, "two": 2, "a couple of": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20,
}  # fmt: skip
_HOURS = {
    "noon": time(12), "midday": time(12), "lunch": time(12, 30), "morning": DAY_AT, "afternoon": time(14),
    "evening": time(19), "tonight": time(23, 10), "night": time(23, 10), "midnight": time(23, 59),
}  # fmt: skip
_LEAD = re.compile(r"^(?:(?:go to|move to|move on to|wait until|wait till|wait|until|it is|say|on|at|this|the)\s+)+")
_LATER = re.compile(
    r"^(?:in |after )?(?P<number>[a-z]+(?: couple of)?|\d{1,3}) (?P<unit>minute|hour|working day|day|week|month)s?(?: later)?$"
)
_CLOCK = re.compile(r"^(?:at )?(?P<hour>\d{1,2})(?:[:.](?P<minute>\d{2}))?\s?(?P<half>am|pm)?$")
_WITH_HOUR = re.compile(r"^(?P<day>.+?)[ ,]+(?:at |in the )?(?P<at>\d{1,2}[:.]\d{2}(?:\s?[ap]m)?|\d{1,2}\s?[ap]m|[a-z]+)$")
_DATE = re.compile(r"^(?P<day>\d{1,2})(?:st|nd|rd|th)?(?: of)? (?P<month>[a-z]{3,9})(?: (?P<year>\d{4}))?$")
_DATE_AMERICAN = re.compile(r"^(?P<month>[a-z]{3,9}) (?P<day>\d{1,2})(?:st|nd|rd|th)?(?: (?P<year>\d{4}))?$")
_ISO = re.compile(r"^(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})$")


class NoSuchMoment(ValueError):
    """It is a moment, but the clock cannot be moved there; the message says why."""


def read_moment(said: str, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """The moment that was said, later than `now`; None if it is no moment at all. NoSuchMoment if it is past or too far."""
    words = _LEAD.sub("", " ".join(said.lower().replace(",", " ").split()).rstrip(".!")).strip()
    moment = _later(words, now, calendar) or _on_a_day(words, now, calendar)
    if moment is None:
        return None
    if moment > now + FURTHEST:
        raise NoSuchMoment(
            "That is more than a year ahead, and each working morning on the way happens for real. Say a day nearer."
        )
    if moment.astimezone(LONDON).date() > calendar.known_until:
        raise NoSuchMoment(f"The bank holidays are known until {calendar.known_until:%d %B %Y}. The clock cannot go beyond it.")
    if moment <= now:
        raise NoSuchMoment(f"That has passed: it is {now.astimezone(LONDON):%A %d %B %Y, %H:%M}. The clock only moves on.")
    return moment


def mornings_before(moment: datetime, now: datetime, council: Council, calendar: WorkingCalendar) -> Iterator[datetime]:
    """The moments after `now` and up to `moment` at which the service sends something by the clock, on working days, in order.

    Reminders and late letters each working day, the digest on its weekday or, when nobody works then, the next working day.
    """
    day, last = now.astimezone(LONDON).date(), moment.astimezone(LONDON).date()
    while day <= last:
        if calendar.is_working_day(day):
            hours = {council.reminders_at, LATE_AT} | ({council.digest_at} if _is_digest_day(day, council, calendar) else set())
            yield from (at for hour in sorted(hours) if now < (at := moment_at_the_desk(day, hour)) <= moment)
        day += timedelta(days=1)


def _is_digest_day(day: date, council: Council, calendar: WorkingCalendar) -> bool:
    week_of = day - timedelta(days=(day.weekday() - council.digest_weekday) % 7)
    return day == calendar.first_working_day_on_or_after(week_of)


def _later(words: str, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """ "in two hours", "10 working days"."""
    if words.removeprefix("in ") == "half an hour":
        return now + timedelta(minutes=30)
    found = _LATER.match(words)
    number = _number(found["number"]) if found else None
    if found is None or number is None:
        return None
    here = now.astimezone(LONDON)
    if found["unit"] == "working day":
        # far days are refused by the caller: beyond the calendar there are no working days to count
        is_far = timedelta(days=number) > FURTHEST
        return moment_at_the_desk(date.max if is_far else calendar.add_working_days(here.date(), number), DAY_AT)
    if found["unit"] in ("minute", "hour"):
        return now + timedelta(**{found["unit"] + "s": number})
    days = number * {"day": 1, "week": 7, "month": 30}[found["unit"]]
    return moment_at_the_desk(here.date() + timedelta(days=days), here.time())


def _on_a_day(words: str, now: datetime, calendar: WorkingCalendar) -> datetime | None:
    """ "friday", "friday 9am", "9am", "christmas", "2 april 14:00"."""
    here = now.astimezone(LONDON)
    if (hour := _hour(words)) is not None:
        today = moment_at_the_desk(here.date(), hour)
        return today if today > now else moment_at_the_desk(here.date() + timedelta(days=1), hour)
    if (day := _day(words, here, None, calendar)) is not None:
        return moment_at_the_desk(day, DAY_AT)
    found = _WITH_HOUR.match(words)
    hour = _hour(found["at"]) if found else None
    if found is None or hour is None or (day := _day(found["day"], here, hour, calendar)) is None:
        return None
    return moment_at_the_desk(day, hour)


def _hour(words: str) -> time | None:
    if words in _HOURS:
        return _HOURS[words]
    found = _CLOCK.match(words)
    if found is None or not (found["minute"] or found["half"]):
        return None
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if found["half"]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    return time(hour, minute) if hour < 24 and minute < 60 else None


def _day(words: str, here: datetime, hour: time | None, calendar: WorkingCalendar) -> date | None:
    today = here.date()
    near = {"yesterday": -1, "today": 0, "tomorrow": 1, "day after tomorrow": 2}
    if words in near:
        return today + timedelta(days=near[words])
    if words == "next week":
        words = "next monday"
    name = words.removeprefix("next ").removeprefix("coming ")
    matching = [number for number, weekday in enumerate(_WEEKDAYS) if name in (weekday, weekday[:3])]
    if matching:
        ahead = (matching[0] - today.weekday()) % 7
        is_today = ahead == 0 and name == words and hour is not None and hour > here.time()
        return today + timedelta(days=ahead if ahead or is_today else 7)
    if name in _FEASTS:
        return _next(today, *_FEASTS[name])
    return _holiday(name, today, calendar) or _dated(words, today)


def _holiday(name: str, today: date, calendar: WorkingCalendar) -> date | None:
    """The next bank holiday of this name; "easter" is Easter Monday."""
    wanted = {"easter": "easter monday"}.get(name, name)
    days = calendar.skipped(today, min(today + FURTHEST, calendar.known_until))
    return next((day for day, called in days if called.lower() == wanted), None)


def _dated(words: str, today: date) -> date | None:
    if found := _ISO.match(words):
        return _as_date(int(found["year"]), int(found["month"]), int(found["day"]))
    found = _DATE.match(words) or _DATE_AMERICAN.match(words)
    months = [number for number, month in enumerate(_MONTHS, 1) if found and month.startswith(found["month"])]
    if found is None or len(months) != 1:
        return None
    if found["year"]:
        return _as_date(int(found["year"]), months[0], int(found["day"]))
    _as_date(2024, months[0], int(found["day"]))  # a leap year: has any year such a day?
    return _next(today, months[0], int(found["day"]))


def _next(today: date, month: int, day: int) -> date:
    """The next day of this name from today on."""
    year = today.year
    while True:
        try:
            if (found := date(year, month, day)) >= today:
                return found
        except ValueError:
            pass  # 29 February
        year += 1


def _as_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise NoSuchMoment(f"{_MONTHS[month - 1].title() if 0 < month < 13 else 'That month'} has no day {day}.") from None


def _number(word: str) -> int | None:
    return int(word) if word.isdigit() else _NUMBERS.get(word)
