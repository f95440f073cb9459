"""A day in words, as every trace, letter and refusal says it."""

from datetime import date

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)


def in_words(day: date, beside: date | None = None) -> str:
    """`Tuesday 22 April 2025`; without the year if it is the year of `beside`."""
    year = "" if beside and beside.year == day.year else f" {day.year}"
    return f"{_DAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]}{year}"
