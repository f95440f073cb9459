"""Places that people send in the chat: sealed, looked at by two members of staff with a reason, gone after three days.

practice.md §2: places are sealed for 72 hours until a person decides, not thrown away. They are for the moment in which somebody
may not be safe, and stand in no mail, no history, no bundle and no report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.acting import Acting, Refused, the_case
from procedures.terms import Event
from storage import places
from storage.filing import Filing, write
from storage.tables import PlaceRow
from storage.unit_of_work import UnitOfWork

RULE = "two people must agree, each with a reason"


@dataclass(frozen=True)
class Sealed:
    """What asking to look came to."""

    asked_by: str
    """The first of the two."""
    gone_at: datetime
    places: tuple[PlaceRow, ...] = ()
    """Newest first; empty while only one has asked."""


async def look_at_places(uow: UnitOfWork, reference: str, why: str, acting: Acting) -> Sealed:
    """Ask to look at the places of a case, or agree to it, and say why; the second person opens them for both.

    Once two have agreed, what is sent later in these three days is open to both. Each look is on the record of the case.
    Raises Refused, and changes nothing, where there is none, without a reason, and for anybody but officers and who is on duty.
    """
    await the_case(uow, reference)
    who, why = acting.person.address.lower(), why.strip()
    duty = {address.strip().lower() for address in acting.office.council.duty_addresses}
    if not acting.office.council.may_decide(acting.person) and who not in duty:
        raise Refused("Only a complaints officer or whoever is on duty may look at a place. Nothing was shown.")
    if not why:
        raise Refused(f"Say why with --why: {RULE}. Nothing was shown.")
    found = await places.of_case(uow, reference, acting.now)
    if not found:
        raise Refused(f"There is no place on {reference}, or its three days are over. Nothing was shown.")
    first = next((row for row in found if row.asked_by), None)
    if first is None:
        return await _ask(uow, reference, found, who, why, acting)
    opened = next((row for row in found if row.seen_by), None)
    if opened is None and who == first.asked_by:
        raise Refused(f"You have asked already; {RULE}. A colleague gives the same command. Nothing was shown.")
    if opened is not None and who not in (opened.asked_by, opened.seen_by):
        raise Refused(f"{opened.asked_by} and {opened.seen_by} have looked: ask them. Nothing was shown.")
    return await _open(uow, reference, found, opened or first, who, why, acting)


async def _ask(uow: UnitOfWork, reference: str, found: Sequence[PlaceRow], who: str, why: str, acting: Acting) -> Sealed:
    asked = {"asked_by": who, "asked_at": acting.now, "asked_why": why}
    await _note(uow, reference, found, asked, f"asks to look at the place that was sent: {why}", acting)
    return Sealed(who, _last(found))


async def _open(
    uow: UnitOfWork, reference: str, found: Sequence[PlaceRow], agreed: PlaceRow, who: str, why: str, acting: Acting
) -> Sealed:
    both = {"asked_by": agreed.asked_by, "asked_at": agreed.asked_at, "asked_why": agreed.asked_why}
    both |= {
        "seen_by": agreed.seen_by or who,
        "seen_at": agreed.seen_at or acting.now,
        "seen_why": agreed.seen_why or why,
    }
    await _note(uow, reference, found, both, f"looked at the place that was sent: {why}", acting)
    return Sealed(agreed.asked_by, _last(found), tuple(found))


async def _note(
    uow: UnitOfWork, reference: str, found: Sequence[PlaceRow], said: Mapping[str, object], note: str, acting: Acting
) -> None:
    filing = Filing()
    for row in found:
        filing.change(PlaceRow, {"arrival_id": row.arrival_id}, **said)
    filing.add(acting.event(reference, Event.NOTED, note))
    await write(uow, [filing])


def _last(found: Sequence[PlaceRow]) -> datetime:
    return max(row.gone_at for row in found)
