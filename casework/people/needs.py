"""What somebody needs, to complain as others do: on the case, before whoever writes, calls or meets them.

A reasonable adjustment is made, recorded and looked at again (Equality Act 2010, s. 20; LGSCO Complaint Handling Code 2024, 5.6).
Anybody of the staff takes one down, since it may be said to anybody; none ends without a reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from casework.acting import Acting, Refused, progress_of, the_case
from casework.answers.turns import keep_turns
from procedures.people import Need, adjustments_by
from procedures.terms import Event
from storage import people
from storage.filing import Filing, write
from storage.tables import AccessNeedRow
from storage.unit_of_work import UnitOfWork

LONGEST = 1000
"""Symbols of the words about one need."""


@dataclass(frozen=True)
class NeedOnCase:
    """What somebody needs, with its number on the case."""

    number: int
    row: AccessNeedRow

    @property
    def stands(self) -> bool:
        return self.row.ended_at is None


async def needs_on(uow: UnitOfWork, reference: str, *, also_ended: bool = False) -> list[NeedOnCase]:
    """What is needed now on a case; with `also_ended` what was needed, too."""
    found = [NeedOnCase(number, row) for number, row in enumerate(await people.needs_of(uow, reference), start=1)]
    return [one for one in found if also_ended or one.stands]


def in_words(row: AccessNeedRow) -> str:
    """A need as staff read it: `interpreter: Kurmanji, a woman (the mother)`."""
    whose = f" ({row.who})" if row.who else ""
    return row.need.spoken + (f": {row.words}" if row.words else "") + whose


async def add(uow: UnitOfWork, reference: str, need: Need, acting: Acting, *, words: str = "", who: str = "") -> NeedOnCase:
    """Keep that somebody needs something; `who` where it is not the complainant. The task to draft says it, too."""
    await the_case(uow, reference)
    words, who = words.strip(), who.strip()
    law = adjustments_by(acting.office.nation)
    if need in (Need.OTHER, Need.INTERPRETER, Need.MEETING_PLACE) and not words:
        raise Refused(
            f"Say more of it with --words: which language, which place, what they asked for ({law}). Nothing was changed."
        )
    if len(words) > LONGEST or len(who) > 300:
        raise Refused(f"Say it shorter: {LONGEST} symbols of what they need, 300 of who. Nothing was changed.")
    same = next((one for one in await needs_on(uow, reference) if _same(one.row, need, words, who)), None)
    if same is not None:
        raise Refused(f"It stands already, as number {same.number}. Nothing was changed.")
    row = AccessNeedRow(
        case_reference=reference,
        need=need,
        words=words,
        who=who,
        recorded_at=acting.now,
        recorded_by=acting.person.address,
    )
    filing = Filing()
    filing.add(row)
    filing.add(acting.event(reference, Event.NOTED, f"they need: {in_words(row)}"))
    return (await _kept(uow, reference, filing, acting))[-1]


async def end(uow: UnitOfWork, reference: str, number: int, why: str, acting: Acting) -> NeedOnCase:
    """It is needed no more, or was never: with the reason. What was recorded stays."""
    await the_case(uow, reference)
    one = next((one for one in await needs_on(uow, reference) if one.number == number), None)
    if one is None:
        raise Refused(f"No need of {reference} has number {number}: `heard case need list {reference}`. Nothing was changed.")
    if not why.strip():
        law = adjustments_by(acting.office.nation)
        raise Refused(f"Say why it is needed no more, with --why: they may still count on it ({law}). Nothing was changed.")
    filing = Filing()
    ended = {"ended_at": acting.now, "ended_by": acting.person.address, "ended_why": why.strip()}
    filing.change(AccessNeedRow, {"id": one.row.id}, **ended)
    filing.add(acting.event(reference, Event.NOTED, f"needed no more: {in_words(one.row)}: {why.strip()}"))
    return next(kept for kept in await _kept(uow, reference, filing, acting) if kept.number == number)


async def _kept(uow: UnitOfWork, reference: str, filing: Filing, acting: Acting) -> Sequence[NeedOnCase]:
    """Write it, and let the task of whoever drafts say it."""
    await write(uow, [filing])
    uow.expire_all()
    case = await the_case(uow, reference)
    progress = await progress_of(uow, case, acting.office, acting.today)
    await keep_turns(uow, case, progress, acting.office, acting.now, acting.person.address)
    uow.expire_all()
    return await needs_on(uow, reference, also_ended=True)


def _same(row: AccessNeedRow, need: Need, words: str, who: str) -> bool:
    return (row.need, row.words.casefold(), row.who.casefold()) == (need, words.casefold(), who.casefold())
