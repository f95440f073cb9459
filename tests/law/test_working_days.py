"""Working days: which they are, and how they are counted."""

from datetime import UTC, date, datetime, time, timedelta

import holidays
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.working_days import (
    LONDON,
    UnknownDates,
    WorkingCalendar,
    date_at_the_desk,
    moment_at_the_desk,
    read_calendars,
)
from tests.law.tables import dated_rows, rows

ENGLAND = WorkingCalendar.of("england")
days = st.dates(date(2010, 1, 1), date(2033, 12, 31))
numbers = st.integers(1, 70)
VECTORS = [
    (row["id"], date.fromisoformat(row["start"]), int(key.removeprefix("plus_")), date.fromisoformat(value))
    for row in rows("vectors.csv")
    for key, value in row.items()
    if key.startswith("plus_")
]


def test_there_are_490_worked_dates() -> None:
    assert len(VECTORS) == 490


@pytest.mark.parametrize(("start", "working_days", "end"), [vector[1:] for vector in VECTORS])
def test_a_period_ends_where_the_law_page_says(start: date, working_days: int, end: date) -> None:
    assert ENGLAND.add_working_days(start, working_days) == end


@pytest.mark.parametrize(
    ("received", "working_days", "due"),
    [  # deadline-engines.md 2.1: other systems made day 0 of the next working day, or day 1 of the day of receipt
        (date(2026, 3, 2), 10, date(2026, 3, 16)),
        (date(2026, 3, 6), 10, date(2026, 3, 20)),
        (date(2026, 3, 7), 3, date(2026, 3, 11)),
        (date(2026, 3, 7), 10, date(2026, 3, 20)),
        (date(2025, 12, 19), 10, date(2026, 1, 7)),
        (date(2025, 12, 20), 3, date(2025, 12, 24)),
        (date(2025, 12, 25), 10, date(2026, 1, 12)),
        (date(2026, 4, 3), 10, date(2026, 4, 20)),
        (date(2026, 4, 1), 10, date(2026, 4, 17)),
        (date(2026, 4, 1), 20, date(2026, 5, 1)),
        (date(2026, 4, 1), 25, date(2026, 5, 11)),
        (date(2026, 4, 1), 65, date(2026, 7, 7)),
    ],
)
def test_day_1_is_the_next_working_day_whatever_day_it_came(received: date, working_days: int, due: date) -> None:
    assert ENGLAND.add_working_days(received, working_days) == due


@pytest.mark.parametrize("row", dated_rows("nations.csv"), ids=lambda row: str(row["received"]))
def test_the_same_start_ends_differently_in_each_nation(row: dict[str, date]) -> None:
    for nation in ("england", "scotland", "northern_ireland"):
        assert WorkingCalendar.of(nation).add_working_days(row["received"], 10) == row[f"{nation}_10"]


def test_nothing_added_ends_where_it_began() -> None:
    assert ENGLAND.add_working_days(date(2026, 4, 4), 0) == date(2026, 4, 4)


def test_a_period_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="cannot last -1"):
        ENGLAND.add_working_days(date(2026, 4, 4), -1)
    with pytest.raises(ValueError, match="cannot last -1"):
        ENGLAND.subtract_working_days(date(2026, 4, 4), -1)


def test_two_working_days_before_tuesday_after_easter_is_maundy_thursday_minus_none() -> None:
    """Back from Tuesday 22 April 2025: Thursday 17 is one, Wednesday 16 is two."""
    assert ENGLAND.subtract_working_days(date(2025, 4, 22), 2) == date(2025, 4, 16)
    assert ENGLAND.subtract_working_days(date(2025, 4, 22), 0) == date(2025, 4, 22)
    assert ENGLAND.subtract_working_days(date(2025, 4, 21), 1) == date(2025, 4, 17)


def test_days_from_10_to_26_march_2025_are_twelve() -> None:
    assert ENGLAND.count_working_days(date(2025, 3, 10), date(2025, 3, 26)) == 12
    assert ENGLAND.count_working_days(date(2025, 3, 26), date(2025, 3, 10)) == 0


def test_the_first_working_day_on_or_after_boxing_day_2026_is_the_29th() -> None:
    assert ENGLAND.first_working_day_on_or_after(date(2026, 12, 26)) == date(2026, 12, 29)
    assert ENGLAND.first_working_day_on_or_after(date(2026, 12, 29)) == date(2026, 12, 29)


def test_skipped_days_are_named() -> None:
    assert ENGLAND.skipped(date(2025, 4, 4), date(2025, 4, 22)) == (
        (date(2025, 4, 18), "Good Friday"),
        (date(2025, 4, 21), "Easter Monday"),
    )
    assert ENGLAND.skipped(date(2026, 12, 24), date(2026, 12, 29)) == (
        (date(2026, 12, 25), "Christmas Day"),
        (date(2026, 12, 28), "bank holiday for Boxing Day"),
    )


def test_a_date_beyond_the_calendar_is_refused_with_what_is_known() -> None:
    with pytest.raises(UnknownDates, match=r"2036-01-01 .* from 2006-01-01 to 2035-12-31"):
        ENGLAND.is_working_day(date(2036, 1, 1))
    with pytest.raises(UnknownDates, match="2005-12-31"):
        ENGLAND.count_working_days(date(2005, 12, 31), date(2006, 2, 1))
    with pytest.raises(UnknownDates, match="65 working days after 2035-12-01"):
        ENGLAND.add_working_days(date(2035, 12, 1), 65)
    with pytest.raises(UnknownDates, match="20 working days before 2006-01-06"):
        ENGLAND.subtract_working_days(date(2006, 1, 6), 20)


def test_there_is_no_calendar_for_a_nation_unheard_of() -> None:
    with pytest.raises(ValueError, match="No calendar for 'cornwall'"):
        WorkingCalendar.of("cornwall")


def test_a_proclaimed_day_moves_the_end_and_marks_the_version() -> None:
    """V17: 8 May 2026 proclaimed. From Friday 1 May: 5, 6, 7, 11, 12."""
    proclaimed = WorkingCalendar.of("england", added={date(2026, 5, 8): "a royal wedding"})

    assert ENGLAND.add_working_days(date(2026, 5, 1), 5) == date(2026, 5, 11)
    assert proclaimed.add_working_days(date(2026, 5, 1), 5) == date(2026, 5, 12)
    assert proclaimed.skipped(date(2026, 5, 4), date(2026, 5, 12)) == ((date(2026, 5, 8), "a royal wedding"),)
    assert proclaimed.version.startswith(ENGLAND.version + "+")


def test_a_withdrawn_day_counts_again() -> None:
    moved = WorkingCalendar.of("england", removed=[date(2026, 5, 4)])

    assert moved.is_working_day(date(2026, 5, 4))
    assert moved.version not in (ENGLAND.version, WorkingCalendar.of("england", added={date(2026, 5, 4): "May"}).version)


@pytest.mark.parametrize(
    ("nation", "subdivision"), [("england", "ENG"), ("wales", "WLS"), ("scotland", "SCT"), ("northern_ireland", "NIR")]
)
def test_the_shipped_calendar_is_that_of_the_package(nation: str, subdivision: str) -> None:
    given_days = holidays.country_holidays("GB", subdiv=subdivision, years=range(2006, 2036))

    assert set(read_calendars()[nation].days) >= set(given_days)
    assert {day for day in read_calendars()[nation].days if day not in given_days} == set()


def test_england_and_wales_have_at_least_eight_days_a_year() -> None:
    by_year = [sum(day.year == year for day in read_calendars()["england"].days) for year in range(2006, 2036)]

    assert min(by_year) >= 8


@pytest.mark.parametrize("nation", ["england", "wales", "scotland", "northern_ireland"])
def test_the_calendar_is_known_at_least_fourteen_months_after_it_was_read(nation: str) -> None:
    data = read_calendars()[nation]
    read_on = date.fromisoformat(data.version[-10:])

    assert data.known_until >= read_on + timedelta(days=14 * 31)
    assert data.known_until >= date(2028, 12, 31)


@pytest.mark.parametrize(
    ("moment", "received", "due"),
    [
        ("2025-06-30T23:30:00Z", date(2025, 7, 1), date(2025, 7, 15)),
        ("2025-08-24T23:05:00Z", date(2025, 8, 25), date(2025, 9, 8)),
        ("2026-03-29T00:30:00Z", date(2026, 3, 29), date(2026, 4, 14)),
        ("2026-10-24T23:15:00Z", date(2026, 10, 25), date(2026, 11, 6)),
        ("2025-12-31T23:59:59Z", date(2025, 12, 31), date(2026, 1, 15)),
    ],
    ids=["V4", "V5", "V6", "V7", "V8"],
)
def test_the_legal_day_is_the_day_at_the_desk(moment: str, received: date, due: date) -> None:
    assert date_at_the_desk(datetime.fromisoformat(moment)) == received
    assert ENGLAND.add_working_days(received, 10) == due


def test_a_moment_without_a_zone_has_no_legal_day() -> None:
    with pytest.raises(ValueError, match="no time zone"):
        date_at_the_desk(datetime(2026, 7, 1, 0, 30))  # noqa: DTZ001 -- a naive moment is what is refused


def test_nine_at_the_desk_is_eight_in_universal_time_in_summer() -> None:
    assert moment_at_the_desk(date(2026, 7, 1), time(9)) == datetime(2026, 7, 1, 8, tzinfo=UTC)
    assert moment_at_the_desk(date(2026, 12, 1), time(9)) == datetime(2026, 12, 1, 9, tzinfo=UTC)


def test_half_past_one_in_the_night_of_the_spring_change_is_half_past_two() -> None:
    assert moment_at_the_desk(date(2026, 3, 29), time(1, 30)) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert moment_at_the_desk(date(2026, 3, 29), time(1, 30)).astimezone(LONDON).time() == time(2, 30)


@given(days, numbers)
def test_the_end_of_a_period_is_a_working_day_with_so_many_before_it(start: date, working_days: int) -> None:
    end = ENGLAND.add_working_days(start, working_days)

    assert ENGLAND.is_working_day(end)
    assert ENGLAND.count_working_days(start, end) == working_days
    assert sum(ENGLAND.is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1)) == working_days


@given(days, numbers, days)
def test_a_new_holiday_never_makes_an_end_earlier(start: date, working_days: int, proclaimed: date) -> None:
    later = WorkingCalendar.of("england", added={proclaimed: "proclaimed"})

    assert later.add_working_days(start, working_days) >= ENGLAND.add_working_days(start, working_days)


@given(days, numbers)
def test_going_back_and_forth_returns_to_a_working_day(day: date, working_days: int) -> None:
    end = ENGLAND.first_working_day_on_or_after(day)

    assert ENGLAND.add_working_days(ENGLAND.subtract_working_days(end, working_days), working_days) == end


@given(st.lists(days, min_size=1, max_size=30), numbers)
def test_counting_agrees_with_numpy(starts: list[date], working_days: int) -> None:
    free = np.array([np.datetime64(day) for day in ENGLAND.holidays])
    # numpy counts from a business day: rolled back to the last one, n more end where our n days after the start end
    oracle = np.busday_offset(np.array(starts, "datetime64[D]"), working_days, roll="backward", holidays=free)

    assert ENGLAND.add_many(starts, working_days) == [day.astype(date) for day in oracle]


def test_many_dates_at_once_are_those_of_numpy_and_of_one_at_a_time() -> None:
    """How long a million of them take beside numpy is measured by `make bench`, part dates."""
    starts = [date(2020, 1, 1) + timedelta(days=n) for n in range(4000)]
    free = np.array([np.datetime64(day) for day in ENGLAND.holidays])
    for working_days in (1, 10, 65):
        oracle = np.busday_offset(np.array(starts, "datetime64[D]"), working_days, roll="backward", holidays=free)
        found = ENGLAND.add_many(starts, working_days)

        assert found == oracle.astype(date).tolist()
        assert found == [ENGLAND.add_working_days(start, working_days) for start in starts]
    assert ENGLAND.add_many(starts, 0) == starts


@pytest.mark.parametrize("beyond", [date(2005, 12, 31), date(2035, 12, 28), date(9999, 12, 31), date(1, 1, 1)])
def test_one_date_beyond_the_calendar_among_many_is_refused_and_named(beyond: date) -> None:
    with pytest.raises(UnknownDates, match=str(beyond)):
        ENGLAND.add_many([date(2026, 3, 2), beyond, date(2026, 3, 3)], 10)


def test_many_periods_cannot_be_negative() -> None:
    with pytest.raises(ValueError, match="cannot last -1"):
        ENGLAND.add_many([date(2026, 4, 4)], -1)


def test_who_looks_ahead_or_back_stops_at_the_ends_of_the_calendar() -> None:
    """The last Monday of December 2035 is the 31st, and the calendar's last day; 3 January 2006 is its first working day."""
    england = WorkingCalendar.of("england")

    assert england.look_ahead(date(2026, 4, 2), 5) == date(2026, 4, 13) == england.add_working_days(date(2026, 4, 2), 5)
    assert england.look_ahead(date(2035, 12, 27), 5) == date(2035, 12, 31)
    assert england.look_back(date(2026, 4, 13), 5) == date(2026, 4, 2) == england.subtract_working_days(date(2026, 4, 13), 5)
    assert england.look_back(date(2006, 1, 4), 2) == date(2006, 1, 1)
