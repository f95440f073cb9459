"""Read the tables of worked dates beside the tests. Every date in them was worked out before the code was."""

import csv
from collections.abc import Iterator
from datetime import date
from pathlib import Path

HERE = Path(__file__).parent


def rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a table, as text."""
    with (HERE / name).open(encoding="utf-8", newline="") as table:
        yield from csv.DictReader(table)


def dated_rows(name: str) -> list[dict[str, date]]:
    """The rows of a table, as dates; its id column left out."""
    return [{key: date.fromisoformat(value) for key, value in row.items() if key != "id"} for row in rows(name)]
