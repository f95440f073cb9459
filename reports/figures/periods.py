"""The period of a report and the one that it is compared with."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

APRIL = 4
_YEAR = re.compile(r"([0-9]{4})-([0-9]{2})")
_QUARTER = re.compile(r"([0-9]{4}-[0-9]{2})Q([1-4])")


@dataclass(frozen=True, order=True)
class Period:
    """From a day to a day, both included."""

    begins: date
    ends: date

    def __post_init__(self) -> None:
        """A period has at least one day."""
        if self.begins > self.ends:
            raise ValueError(f"The period ends on {self.ends.isoformat()}, before it begins on {self.begins.isoformat()}.")

    @property
    def days(self) -> tuple[date, date]:
        return self.begins, self.ends

    @property
    def months(self) -> tuple[str, ...]:
        """Every month that it touches, as `2024-04`."""
        first, last = self.begins.year * 12 + self.begins.month - 1, self.ends.year * 12 + self.ends.month - 1
        return tuple(f"{number // 12:04}-{number % 12 + 1:02}" for number in range(first, last + 1))

    def holds(self, day: date) -> bool:
        return self.begins <= day <= self.ends

    def overlaps(self, other: "Period") -> bool:
        return self.begins <= other.ends and other.begins <= self.ends

    @property
    def year_before(self) -> "Period":
        """The same dates one year earlier; 29 February becomes 28 February, and no other date moves."""
        return Period(a_year_before(self.begins), a_year_before(self.ends))

    def as_json(self) -> dict[str, str]:
        return {"from": self.begins.isoformat(), "to": self.ends.isoformat()}


def a_year_before(day: date) -> date:
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return date(day.year - 1, 2, 28)


def month_before(month: str) -> str:
    """The same month of the year before."""
    return f"{int(month[:4]) - 1:04}{month[4:]}"


def year_of(words: str) -> Period:
    """A financial year, April to March: `2024-25`. ValueError says what is wrong."""
    found = _YEAR.fullmatch(words)
    if not found or (int(found[1]) + 1) % 100 != int(found[2]):
        raise ValueError(f"{words[:40]!r} is not a financial year like 2024-25.")
    return Period(date(int(found[1]), APRIL, 1), date(int(found[1]) + 1, APRIL, 1) - timedelta(days=1))


def quarter_of(words: str) -> Period:
    """A quarter of a financial year: `2021-22Q2` is July to September 2021. ValueError says what is wrong."""
    found = _QUARTER.fullmatch(words)
    if not found:
        raise ValueError(f"{words[:40]!r} is not a quarter like 2021-22Q2.")
    year = year_of(found[1])
    first = APRIL + 3 * (int(found[2]) - 1)
    begins, after = _first_of(year.begins.year, first), _first_of(year.begins.year, first + 3)
    return Period(begins, after - timedelta(days=1))


def _first_of(year: int, month: int) -> date:
    return date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
