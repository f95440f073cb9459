"""What may be told to whom on a case today, by what right they speak on it (practice.md 5.4). Pure.

What is missing or has ended limits what somebody is told. It never stands against taking the complaint, a stage or a clock.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from casework.people.on_case import OnCase
from procedures.people import NEEDS_EVIDENCE, REPRESENTS
from procedures.terms import Notice
from storage.tables import AuthorityRow

AUTHORITY = "UK GDPR, art. 5(1)(f); practice on authority: evidence, scope and end are asked for"
FROM_THE_FILE = frozenset(
    {
        Notice.RESPONSE,
        Notice.LETTER,
        Notice.TERMS,
        Notice.S2_RESPONSE,
        Notice.LATE_PANEL_REFUSED,
        Notice.EARLY_REFERRAL,
        Notice.PANEL_REPORT,
        Notice.S3_RESPONSE,
        Notice.CLOSURE,
        Notice.YOU_SAID_WE_DID,
    }
)
"""Letters that say what was found or done: more than what somebody told us, and by when they hear."""


class MayBeTold(StrEnum):
    """What may be told to somebody on a case."""

    EVERYTHING = "everything"
    THEIR_OWN = "their_own"
    """What they told us, that we look into it, and by when; nothing from the child's file."""
    NOTHING = "nothing"


@dataclass(frozen=True)
class Limit:
    """Somebody to whom less may be told than a letter says, and why."""

    who: str
    may: MayBeTold
    why: str
    speaks_for_another: bool
    """Then the letter goes without them; else it is to them, and a person must look at it."""


def standing_one(rows: Sequence[AuthorityRow], one: OnCase, today: date) -> AuthorityRow | None:
    """The authority of a person that stands today: the newest entry, unless it has ended."""
    theirs = [row for row in rows if one.row_id is not None and row.person_id == one.row_id]
    if not theirs or (theirs[-1].ends_on is not None and theirs[-1].ends_on < today):
        return None
    return theirs[-1]


def may_be_told(rows: Sequence[AuthorityRow], one: OnCase, today: date) -> MayBeTold:
    """What may be told to somebody on the case today. Nobody's complaint waits for it."""
    if not one.is_on_it or not one.is_told:
        return MayBeTold.NOTHING
    stands = standing_one(rows, one, today)
    had = [row for row in rows if one.row_id is not None and row.person_id == one.row_id]
    if had and stands is None:
        return MayBeTold.NOTHING if one.role in REPRESENTS else MayBeTold.THEIR_OWN
    if stands is not None and stands.basis in NEEDS_EVIDENCE and not stands.evidence:
        return MayBeTold.THEIR_OWN
    return MayBeTold.EVERYTHING


def may_get(notice: Notice, may: MayBeTold, *, speaks_for_another: bool) -> bool:
    """Whether a letter may go to them. Who complained gets the answer, whose words a second person has looked at."""
    if may is MayBeTold.NOTHING:
        return False
    return may is MayBeTold.EVERYTHING or not speaks_for_another or notice not in FROM_THE_FILE


def limits(rows: Sequence[AuthorityRow], there: Sequence[OnCase], today: date) -> list[Limit]:
    """Who of those to whom letters go may be told less than an answer says."""
    found = []
    for one in there:
        may = may_be_told(rows, one, today)
        if may is MayBeTold.EVERYTHING or not one.is_told or one.waits_to_be_confirmed:
            continue
        theirs = [row for row in rows if row.person_id == one.row_id]
        ended = theirs[-1].ends_on if theirs else None
        why = f"the authority ended on {ended}" if ended is not None and ended < today else "nothing shows that they may act"
        name = one.name or f"number {one.number}, the {one.role.value.replace('_', ' ')}"
        found.append(Limit(name, may, why, one.role in REPRESENTS))
    return found
