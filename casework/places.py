"""Places that people send in the chat: sealed, looked at by two members of staff with a reason, gone after three days.

practice.md §2: places are sealed for 72 hours until a person decides, not thrown away. They are for the moment in which somebody
may not be safe, and stand in no mail, no history, no bundle and no report.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from casework.acting import Acting, Refused, the_case
from casework.two_people import look
from procedures.terms import Event
from storage import places
from storage.filing import Filing, write
from storage.tables import PlaceRow, TaskRow
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class Sealed:
    """What asking to look came to."""

    asked_by: str
    """The first of the two."""
    gone_at: datetime
    places: tuple[PlaceRow, ...] = ()
    """Newest first; empty while only one has asked."""


@dataclass(frozen=True)
class _Asked:
    """What is asked for: the places of a case, or of a chat that has none; then its task keeps who looked."""

    reference: str
    found: Sequence[PlaceRow]
    task: TaskRow | None = None


async def look_at_places(uow: UnitOfWork, named: str, why: str, acting: Acting) -> Sealed:
    """Ask to look at the places of a case, or agree to it, and say why; the second person opens them for both.

    `named` is the case's reference, or the number of the task that a place made; a place without a case has no other name.
    Once two have agreed, what is sent later in these three days is open to both. Each look is on the record of the case.
    Raises Refused, and changes nothing, where there is none, without a reason, and for anybody but officers and who is on duty.
    """
    asked = await _what(uow, named, acting.now)
    turn = look(asked.found, why, acting, "a place")
    if not asked.found:
        raise Refused(f"There is no place on {named}, or its three days are over. Nothing was shown.")
    did = "looked" if turn.is_open else "asks to look"
    await _note(uow, asked, turn.said, f"{did} at the place that was sent: {why.strip()}", acting)
    return Sealed(turn.asked_by, _last(asked.found), tuple(asked.found) if turn.is_open else ())


async def _what(uow: UnitOfWork, named: str, now: datetime) -> _Asked:
    if not named.isdecimal():
        await the_case(uow, named)
        return _Asked(named, await places.of_case(uow, named, now))
    about = await places.of_task(uow, int(named), now) if len(named) < 10 else None
    if about is None:
        return _Asked("", ())
    task, place = about
    # A chat that has a case by now is asked about by it: it may be kept from who asks.
    if reference := place.case_reference or await places.case_of_chat(uow, place.chat_id):
        return await _what(uow, reference, now)
    return _Asked("", await places.without_a_case(uow, place.chat_id, now), task)


async def _note(uow: UnitOfWork, asked: _Asked, said: Mapping[str, object], note: str, acting: Acting) -> None:
    filing = Filing()
    for row in asked.found:
        filing.change(PlaceRow, {"arrival_id": row.arrival_id}, **said)
    if asked.task is not None:  # the place and what stands on it are gone after three days; the task stays
        detail = f"{asked.task.detail}; {acting.person.address} {note}"
        filing.change(TaskRow, {"key": asked.task.key}, detail=detail[:1000])
    else:
        filing.add(acting.event(asked.reference, Event.NOTED, note))
    await write(uow, [filing])


def _last(found: Sequence[PlaceRow]) -> datetime:
    return max(row.gone_at for row in found)
