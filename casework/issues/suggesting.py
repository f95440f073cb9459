"""A first draft of the numbered list, from the person's own words and what reading them showed. An officer mends it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from casework.acting import Acting, the_open_case
from casework.issues.issue_list import LONGEST, add
from casework.issues.numbered import issues_of
from procedures.terms import Procedure, Theme
from storage import cases
from storage.unit_of_work import UnitOfWork

MOST = 12
"""More points than this in one letter are not told apart by any rule: a person reads it."""
_NUMBERED = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+(\S.*)$", re.MULTILINE)
_END = re.compile(r"[.!?](?=\s)|\n+")
_CUT = " …"


@dataclass(frozen=True)
class Suggested:
    """A point that the words seem to make, in the person's own words."""

    words: str
    theme: Theme
    procedure: Procedure | None = None
    """Its own, where the law splits the letter."""


async def suggested_for(uow: UnitOfWork, reference: str) -> list[Suggested]:
    """What the first letter of a case seems to complain of, without what is on its list already."""
    letters = await cases.letters_of(uow, reference)
    readings = [row for row in await cases.readings_of(uow, reference) if row.made_by == "rules"]
    if not letters or not readings:
        return []
    listed = {issue.words.casefold() for issue in await issues_of(uow, reference)}
    found = suggest(letters[0].words, readings[-1].reasons)
    return list({one.words.casefold(): one for one in found if one.words.casefold() not in listed}.values())


async def list_suggested(uow: UnitOfWork, reference: str, acting: Acting) -> list[int]:
    """Put on the list what is suggested, and return the numbers. An officer confirms each by that, and mends it.

    Before the route of the case is confirmed no point goes another way than it: there is none yet to differ from.
    """
    case = await the_open_case(uow, reference)
    found = await suggested_for(uow, reference)
    if case.procedure is Procedure.UNDECIDED:
        found = [replace(one, procedure=None) for one in found]
    return [await add(uow, reference, one.words, acting, theme=one.theme, procedure=one.procedure) for one in found]


def suggest(words: str, reasons: Sequence[Mapping[str, Any]]) -> list[Suggested]:
    """The points of a letter as it was read: `reasons` as the classification gives them, with offsets in code points.

    What was no complaint when it was read, or was read before points were, is cut here: its own numbered points if it has
    several, else each sentence that shows a theme. Pure.
    """
    own = {_span(one): Procedure(one["value"]) for one in reasons if one.get("field") == "issue_procedure"}
    read = [(one, _quoted(words, _span(one))) for one in reasons if one.get("field") == "issue"]
    if found := [Suggested(said, Theme(one["value"]), own.get(_span(one))) for one, said in read if said]:
        return found
    return _cut_here(words, reasons)


def _span(reason: Mapping[str, Any]) -> tuple[int, int]:
    return reason["start"], reason["end"]


def _quoted(words: str, span: tuple[int, int]) -> str:
    """What stands there, as one line and no longer than an issue may be."""
    said = " ".join(words[slice(*span)].split())
    return said if len(said) <= LONGEST else said[: LONGEST - len(_CUT)].rstrip() + _CUT


def _cut_here(words: str, reasons: Iterable[Mapping[str, Any]]) -> list[Suggested]:
    signs = [(reason["start"], str(reason["value"])) for reason in reasons if _shows_a_theme(reason)]
    spans = [match.span(1) for match in _NUMBERED.finditer(words)]
    if len(spans) < 2:
        of_signs = dict.fromkeys(_sentence(words, start) for start, _ in sorted(signs))
        spans = list(of_signs) or [(0, len(words))] * bool(words.strip())
    found = [Suggested(said, _theme(span, signs)) for span in spans if (said := _quoted(words, span))]
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
