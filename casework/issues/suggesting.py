"""A first draft of the numbered list, from the person's own words and what reading them showed. An officer mends it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from casework.issues.numbered import issues_of
from procedures.terms import Theme
from storage import cases
from storage.unit_of_work import UnitOfWork

MOST = 12
"""More points than this in one letter are not told apart by any rule: a person reads it."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+(\S.*)$", re.MULTILINE)
_END = re.compile(r"[.!?]+(?=\s)|\n+")


@dataclass(frozen=True)
class Suggested:
    """A point that the words seem to make."""

    words: str
    theme: Theme


async def suggested_for(uow: UnitOfWork, reference: str) -> list[Suggested]:
    """What the first letter of a case seems to complain of, without what is on its list already."""
    letters = await cases.letters_of(uow, reference)
    readings = [row for row in await cases.readings_of(uow, reference) if row.made_by == "rules"]
    if not letters or not readings:
        return []
    listed = {issue.words.casefold() for issue in await issues_of(uow, reference)}
    return [one for one in suggest(letters[0].words, readings[-1].reasons) if one.words.casefold() not in listed]


def suggest(words: str, reasons: Iterable[Mapping[str, Any]]) -> list[Suggested]:
    """The points of a letter: its own numbered ones if it has several, else each sentence that shows a theme.

    `reasons` as the classification gives them, with offsets in code points into `words`. Pure.
    """
    signs = [(reason["start"], str(reason["value"])) for reason in reasons if _shows_a_theme(reason)]
    spans = [match.span(1) for match in _NUMBERED.finditer(words)]
    if len(spans) < 2:
        of_signs = dict.fromkeys(_sentence(words, start) for start, _ in sorted(signs))
        spans = list(of_signs) or [(0, len(words))] * bool(words.strip())
    found = [Suggested(said, _theme(span, signs)) for span in spans if (said := " ".join(words[slice(*span)].split()))]
    return found[:MOST]


def _shows_a_theme(reason: Mapping[str, Any]) -> bool:
    return reason.get("field") == "theme" and reason.get("in") == "text" and reason.get("end", 0) > 0


def _sentence(words: str, at: int) -> tuple[int, int]:
    """Where the sentence around a place begins and ends."""
    ends = [match.end() for match in _END.finditer(words)]
    start = max((end for end in ends if end <= at), default=0)
    stop = min((end for end in ends if end > at), default=len(words))
    return start, stop


def _theme(span: tuple[int, int], signs: Sequence[tuple[int, str]]) -> Theme:
    """What most of the signs within say; of equals the first."""
    inside = [value for start, value in signs if span[0] <= start < span[1] and value in set(Theme)]
    return Theme(max(dict.fromkeys(inside), key=inside.count)) if inside else Theme.OTHER
