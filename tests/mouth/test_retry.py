"""Trying again is patient, predictable and ends."""

from datetime import UTC, datetime, timedelta

import pytest

from notifications.retry import next_attempt

NOW = datetime(2026, 6, 12, 16, 0, tzinfo=UTC)


def test_the_waits_grow_from_half_a_minute_to_six_hours() -> None:
    waits = [(at - NOW).total_seconds() for tries in range(1, 15) if (at := next_attempt(tries, NOW))]

    assert waits == [30, 120, 600, 1_800, 3_600, 7_200, 14_400, *[21_600] * 7]


def test_it_gives_up_after_fifteen_tries_in_about_two_days() -> None:
    at: datetime | None = NOW
    tries = 0
    last = NOW
    while at is not None:
        last = at
        tries += 1
        at = next_attempt(tries, at)

    assert tries == 15
    # Friday 16:00 to Sunday 17:42:30
    assert last == datetime(2026, 6, 14, 17, 42, 30, tzinfo=UTC)


def test_a_server_that_says_when_is_believed() -> None:
    assert next_attempt(1, NOW, timedelta(seconds=3)) == NOW + timedelta(seconds=3)
    assert next_attempt(1, NOW, timedelta(minutes=20)) == NOW + timedelta(minutes=20)


def test_a_server_that_keeps_saying_soon_does_not_use_up_the_tries() -> None:
    """The fourth wait of ours is half an hour."""
    assert next_attempt(4, NOW, timedelta(seconds=3)) == NOW + timedelta(minutes=30)
    assert next_attempt(4, NOW, timedelta(hours=3)) == NOW + timedelta(hours=3)


def test_a_server_that_asks_for_nothing_or_less_is_not_hammered() -> None:
    assert next_attempt(1, NOW, timedelta(seconds=-5)) == NOW + timedelta(seconds=1)


def test_a_server_that_asks_for_more_than_two_days_is_given_up_on() -> None:
    assert next_attempt(1, NOW, timedelta(hours=48)) == NOW + timedelta(hours=48)
    assert next_attempt(1, NOW, timedelta(hours=48, seconds=1)) is None


def test_before_the_first_try_there_is_nothing_to_repeat() -> None:
    with pytest.raises(ValueError, match="nothing was tried"):
        next_attempt(0, NOW)
