"""What was found and done, for the practice centre: upheld findings by theme, and the words of the actions without names.

Every name that the case's file knows is taken out of the words, and each part of a name. What a file does not know it cannot take
out: so this stands in reports for staff alone, and a person reads it before it goes further (people-and-safety.md §7.5).
"""

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Any
from unicodedata import combining, normalize

from sqlalchemy import select

from procedures.terms import Kind, Outcome
from reports.composing.wording import wording
from reports.reckoning import Wanted
from reports.values import Promise, SaidAndDone
from storage.courses import COURSES, ISSUES_OF_COURSES
from storage.filing import table_of
from storage.tables import CasePersonRow, MemberEnquiryRow, PartyRow, WallRow
from storage.unit_of_work import UnitOfWork

IN_ITS_PLACE = "[name]"
PARTICLES = frozenset({"da", "de", "di", "dr", "du", "la", "mr", "ms", "st"})
"""Of two letters, and no names by themselves."""
_MARKS = r"[\u0300-\u036f]*"
_UPHELD = (Outcome.UPHELD, Outcome.PARTIALLY_UPHELD)


async def said_and_done(
    uow: UnitOfWork, wanted: Wanted, promises: Iterable[Promise], language: str = "en"
) -> tuple[SaidAndDone, ...]:
    """Of each complaint of the period that was upheld at least in part, what was done since, of all that was promised.

    In a reading for which the courses of the period were laid out. For staff alone.
    """
    words = wording(language)
    found, names = await _upheld(uow, wanted), await _names(uow)
    done = [one for one in promises if one.done_on is not None and one.reference in found]
    lines = []
    for one in done:
        themes = sorted({words.term("theme", theme) for theme, _ in found[one.reference]})
        outcome = Outcome.UPHELD if any(what == Outcome.UPHELD for _, what in found[one.reference]) else Outcome.PARTIALLY_UPHELD
        said = f"{', '.join(themes)}: {words.term('outcome', outcome).lower()}"
        lines.append(SaidAndDone(said, without_names(one.action, names[one.reference]), one.reference))
    return tuple(sorted(lines, key=lambda line: (line.said, line.did)))


def without_names(words: str, names: Iterable[str]) -> str:
    """The words with each name, and each part of one, taken out; with its accents or without, in whatever case it is written.

    A part of two letters is taken out where the words give it a capital: "Jo", and not "to".
    """
    parts = {_plain(part) for name in names for part in (name.strip(), *re.split(r"[\s,.'’-]+", name))}
    words = normalize("NFD", words)
    for part in sorted(parts, key=lambda one: (-len(one), one)):
        if len(part) < 2 or part in PARTICLES:
            continue
        letters = "".join(f"{re.escape(letter)}{_MARKS}" for letter in part)
        first = r"(?=(?-i:[^\Wa-zß-ÿ]))" if len(part) == 2 else ""
        words = re.sub(rf"(?<![\w\u0300-\u036f]){first}{letters}(?!\w)", IN_ITS_PLACE, words, flags=re.IGNORECASE)
    return normalize("NFC", re.sub(rf"{re.escape(IN_ITS_PLACE)}(\s+{re.escape(IN_ITS_PLACE)})+", IN_ITS_PLACE, words))


def _plain(name: str) -> str:
    """In small letters, without accents."""
    return "".join(letter for letter in normalize("NFD", name.lower()) if not combining(letter))


async def _upheld(uow: UnitOfWork, wanted: Wanted) -> dict[str, list[tuple[str, str]]]:
    issues = ISSUES_OF_COURSES.c
    of_complaints = (issues.kind == Kind.COMPLAINT, issues.received_on.between(*wanted.period.days))
    query = select(issues.case_reference, issues.theme, issues.outcome).where(*of_complaints, issues.outcome.in_(_UPHELD))
    found: dict[str, list[tuple[str, str]]] = {}
    for reference, theme, outcome in await _rows(uow, query):
        found.setdefault(reference, []).append((theme, outcome))
    return found


async def _names(uow: UnitOfWork) -> dict[str, list[str]]:
    """Everybody whom the files of these cases name; also who is on a case no more."""
    found: dict[str, list[str]] = defaultdict(list)
    party, wall, on_case, asked = (table_of(table).c for table in (PartyRow, WallRow, CasePersonRow, MemberEnquiryRow))
    for column, of in (
        (party.name, party),
        (wall.name, wall),
        (on_case.name, on_case),
        (asked.name, asked),
        (asked.constituent, asked),
    ):
        query = select(of.case_reference, column).where(column != "", of.case_reference.in_(select(COURSES.c.case_reference)))
        for reference, name in await _rows(uow, query):
            found[reference].append(name)
    return found


async def _rows(uow: UnitOfWork, query: Any) -> list[Any]:
    return list((await (await uow.connection()).execute(query)).all())
