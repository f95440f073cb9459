"""A day in words, as every trace, letter and refusal says it."""

from datetime import date


def in_words(day: date, beside: date | None = None) -> str:
    """`Tuesday 22 April 2025`; without the year if it is the year of `beside`."""
    year = "" if beside and beside.year == day.year else f" {day.year}"
    return f"{day:%A} {day.day} {day:%B}{year}"
