"""What a reader calls things, and how tables are headed: read once from the files of words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from templates.words import read_words

UNKNOWN = "unknown"


@dataclass(frozen=True)
class Wording:
    """The words of one language."""

    terms: Mapping[str, Any]
    tables: Mapping[str, Any]
    months: tuple[str, ...]

    def term(self, kind: str, word: str) -> str:
        """What a reader calls a word of the figures; a council's own name stands as it is."""
        if word == UNKNOWN:
            return str(self.terms[UNKNOWN])
        return str(self.terms.get(kind, {}).get(word, word))

    def of(self, table: str) -> Mapping[str, Any]:
        """The title, heads and rule of counting of a table."""
        found: Mapping[str, Any] = self.tables["table"][table]
        return found

    def __getitem__(self, name: str) -> str:
        """A word or a sentence that several tables share."""
        return str(self.tables[name])

    def story(self, name: str, **facts: object) -> str:
        """A sentence of the story."""
        return str(self.tables["story"][name]).format(**facts)

    def month(self, word: str) -> str:
        """`2024-04` is April 2024."""
        return f"{self.months[int(word[5:]) - 1]} {word[:4]}"

    def span(self, first: date, last: date) -> str:
        """A period as the head of a column: `April 2024 to March 2025`, or with its days where it is no run of whole months."""
        begins, ends = (f"{self.months[day.month - 1]} {day.year}" for day in (first, last))
        if first.day == 1 and _is_last(last):
            return begins if begins == ends else f"{begins} to {ends}"
        return f"{first.day} {begins} to {last.day} {ends}"


def _is_last(day: date) -> bool:
    return day == date.max or day.fromordinal(day.toordinal() + 1).day == 1


@cache
def wording(language: str) -> Wording:
    """The words in this language, or in English."""
    dates = read_words("dates.toml", language)
    return Wording(read_words("report/terms.toml", language), read_words("report/tables.toml", language), tuple(dates["months"]))
