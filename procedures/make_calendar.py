"""Write the calendars of `rules/` anew from the `holidays` package: `python -m procedures.make_calendar 2026-11-22`.

For whoever prepares a release; the service itself never imports `holidays`. The argument is the day of reading. A day that a
file already has stays even when the package no longer gives it (append-only: old deadlines must be computable again).
"""

import sys
import tomllib
from collections.abc import Mapping
from datetime import date
from importlib.metadata import version
from pathlib import Path

RULES = Path(__file__).parent / "rules"
FIRST_YEAR, LAST_YEAR = 2006, 2035


def made_for(file: Path) -> tuple[tuple[str, ...], str]:
    """The nations of a calendar file, and the package's word for them, as the file itself has them."""
    table = tomllib.loads(file.read_text("utf-8"))
    return tuple(table["nations"]), table["source"].rpartition("GB-")[2]


NATIONS = {file.stem.removeprefix("calendar_"): made_for(file) for file in sorted(RULES.glob("calendar_*.toml"))}
"""For a nation more, write the head of its file by hand: whom it is for, and the package's word in `source`."""

NAMES_IN_USE = {
    "New Year Holiday": "2 January",
    "New Year Holiday (observed)": "2 January",
    "May Day": "Early May bank holiday",
    "Spring Bank Holiday": "Spring bank holiday",
    "Late Summer Bank Holiday": "Summer bank holiday",
    "Summer Bank Holiday": "Summer bank holiday",
    "Saint Andrew's Day": "St Andrew's Day",
    "Saint Patrick's Day": "St Patrick's Day",
}


def name_in_use(name: str) -> str:
    """The name that people here know a day by: the trace of a deadline is read by parents."""
    plain = name.removesuffix(" (observed)")
    known = " and ".join(NAMES_IN_USE.get(part, part) for part in plain.removesuffix(" (observed)").split("; "))
    return known if plain == name else f"bank holiday for {known}"


def days_given(subdivision: str) -> dict[date, str]:
    """The package's days for a part of the United Kingdom, in English as used there."""
    import holidays  # noqa: PLC0415 -- development only

    years = range(FIRST_YEAR, LAST_YEAR + 1)
    given = holidays.country_holidays("GB", subdiv=subdivision, years=years, language="en_GB")
    return {day: name_in_use(name) for day, name in given.items()}


def package_version() -> str:
    """The version of the package that the days come from."""
    return version("holidays")


def days_kept(file: Path) -> dict[date, str]:
    """The days that a calendar file already has."""
    if not file.exists():
        return {}
    return {day["on"]: day["name"] for day in tomllib.loads(file.read_text("utf-8"))["day"]}


def calendar_text(name: str, days: Mapping[date, str], package: str, read_on: date) -> str:
    """The text of one calendar file."""
    nations = ", ".join(f'"{nation}"' for nation in NATIONS[name][0])
    head = [
        "# Days that are not working days, besides Saturdays and Sundays. Made by procedures/make_calendar.py; only ever add.",
        "# A day proclaimed later: add it here in the next release, or at once in the council's settings.",
        f"nations = [{nations}]",
        f'source = "holidays {package} (Python package), GB-{NATIONS[name][1]}"',
        f'package_version = "{package}"',
        f"read_on = {read_on}",
        f"known_from = {FIRST_YEAR}-01-01",
        f"known_until = {LAST_YEAR}-12-31",
        f'version = "{name}-{read_on}"',
    ]
    blocks = [f'\n[[day]]\non = {day}\nname = "{days[day]}"' for day in sorted(days)]
    return "\n".join(head) + "\n" + "\n".join(blocks) + "\n"


def main(read_on: date) -> None:
    """Write every calendar file."""
    for name, (_, subdivision) in NATIONS.items():
        file = RULES / f"calendar_{name}.toml"
        days = days_kept(file) | days_given(subdivision)
        file.write_text(calendar_text(name, days, package_version(), read_on), "utf-8")


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
