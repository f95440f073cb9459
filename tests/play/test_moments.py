"""What people say becomes a moment, and no working morning before it is left out. Monday 2 March 2026, 14:40, is now."""

from datetime import UTC, date, datetime, time

import pytest

from bot.rehearsal.play.moments import NoSuchMoment, mornings_before, read_moment
from casework.council import Council
from procedures.working_days import LONDON, WorkingCalendar, moment_at_the_desk

ENGLAND = WorkingCalendar.of("england")
NOW = moment_at_the_desk(date(2026, 3, 2), time(14, 40))


def at(words: str, now: datetime = NOW) -> str:
    moment = read_moment(words, now, ENGLAND)
    assert moment is not None, words
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("words", "moment"),
    [
        ("tomorrow", "2026-03-03 09:05"),
        ("Tomorrow at 8am.", "2026-03-03 08:00"),
        ("friday", "2026-03-06 09:05"),
        ("friday 9am", "2026-03-06 09:00"),
        ("on Friday, 16:30", "2026-03-06 16:30"),
        ("next Monday", "2026-03-09 09:05"),
        ("monday", "2026-03-09 09:05"),
        ("monday 3pm", "2026-03-02 15:00"),
        ("monday 9am", "2026-03-09 09:00"),
        ("in two hours", "2026-03-02 16:40"),
        ("half an hour", "2026-03-02 15:10"),
        ("in 3 days", "2026-03-05 14:40"),
        ("in 10 working days", "2026-03-16 09:05"),
        ("23:10", "2026-03-02 23:10"),
        ("tonight", "2026-03-02 23:10"),
        ("9am", "2026-03-03 09:00"),
        ("2 April", "2026-04-02 09:05"),
        ("april 2nd", "2026-04-02 09:05"),
        ("2026-04-02", "2026-04-02 09:05"),
        ("easter", "2026-04-06 09:05"),
        ("good friday", "2026-04-03 09:05"),
        ("Christmas", "2026-12-25 09:05"),
        ("christmas eve 23:10", "2026-12-24 23:10"),
        ("new year", "2027-01-01 09:05"),
    ],
)
def test_a_moment_is_understood_as_people_say_it(words: str, moment: str) -> None:
    assert at(words) == moment


def test_two_hours_over_the_change_of_the_clocks_are_two_hours() -> None:
    """On 29 March 2026 one o'clock becomes two."""
    assert at("in two hours", datetime(2026, 3, 29, 0, 30, tzinfo=UTC)) == "2026-03-29 03:30"


@pytest.mark.parametrize("words", ["yesterday", "today", "2 March", "2026-02-02", "today at 8am"])
def test_the_clock_only_moves_on(words: str) -> None:
    with pytest.raises(NoSuchMoment, match="only moves on"):
        read_moment(words, NOW, ENGLAND)


@pytest.mark.parametrize(
    ("words", "says"), [("31 April", "no day 31"), ("1 March 2040", "a year"), ("in 400 working days", "a year")]
)
def test_what_is_no_day_or_too_far_is_said_to_be_so(words: str, says: str) -> None:
    with pytest.raises(NoSuchMoment, match=says):
        read_moment(words, NOW, ENGLAND)


@pytest.mark.parametrize("words", ["", "hello", "in the end", "may", "25:00", "13pm", "friday 99", "open 3", "42"])
def test_what_is_no_moment_is_none(words: str) -> None:
    assert read_moment(words, NOW, ENGLAND) is None


def test_beyond_the_known_bank_holidays_no_moment_is_made() -> None:
    with pytest.raises(NoSuchMoment, match="known until 31 December 2035"):
        read_moment("in 30 days", moment_at_the_desk(date(2035, 12, 20), time(9)), ENGLAND)


def test_every_working_morning_on_the_way_happens_and_the_digest_where_nobody_worked_on_monday() -> None:
    """Good Friday is 3 April, Easter Monday 6 April 2026: the digest of that week comes on Tuesday."""
    begin, end = moment_at_the_desk(date(2026, 4, 2), time(8, 45)), moment_at_the_desk(date(2026, 4, 8), time(8, 30))

    stops = [f"{stop:%a %d %H:%M}" for stop in mornings_before(end, begin, Council(), ENGLAND)]

    assert stops == ["Thu 02 09:00", "Tue 07 08:00", "Tue 07 08:30", "Tue 07 09:00", "Wed 08 08:30"]


def test_on_a_monday_the_digest_is_first() -> None:
    end = moment_at_the_desk(date(2026, 3, 9), time(9, 5))

    stops = [f"{stop:%H:%M}" for stop in mornings_before(end, moment_at_the_desk(date(2026, 3, 8), time(12)), Council(), ENGLAND)]

    assert stops == ["08:00", "08:30", "09:00"]
