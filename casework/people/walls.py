"""Walls: whoever is complained about, or has a conflict of interest, neither sees nor handles nor hears of the case.

A person named in a complaint is walled at once; an officer confirms or lifts it with a reason, and where every officer is named
the monitoring officer does (practice.md §3). The memory itself holds the gate (`storage.walls.gate`): here is what people
decide, and what a wall takes away when it comes late.
"""

from dataclasses import dataclass

from casework.acting import Acting, Refused, only_officers, the_case
from casework.council import Person
from casework.office import Office
from casework.people.behind_walls import pass_on, take_away
from casework.representation import fold_address
from procedures.people import WallKind
from procedures.terms import Event
from storage import walls
from storage.filing import Filing, write
from storage.tables import TaskRow, WallRow
from storage.unit_of_work import UnitOfWork
from storage.walls import task_key, walled_from

__all__ = ["Whom", "confirm", "is_walled", "lift", "put_up", "walled_from", "walls_around"]


@dataclass(frozen=True)
class Whom:
    """From whom a case is kept: a member of staff, or somebody of the family, by name and, if known, address."""

    name: str = ""
    address: str = ""
    chat_id: int | None = None
    kind: WallKind = WallKind.STAFF


async def is_walled(uow: UnitOfWork, person: Person | str, reference: str) -> bool:
    """Whether this case is kept from this member of staff, or this address."""
    address = person if isinstance(person, str) else person.address
    return reference in await walls.walled_from(uow, fold_address(address))


async def walls_around(uow: UnitOfWork, reference: str, *, also_lifted: bool = False) -> list[WallRow]:
    """The walls around a case, oldest first."""
    return (await walls.walls_of(uow, [reference], also_lifted=also_lifted))[reference]


async def put_up(uow: UnitOfWork, reference: str, whom: Whom, why: str, acting: Acting) -> WallRow:
    """Keep a case from somebody at once, and take from them what they have of it.

    An officer's wall is confirmed by being put up. Anybody of the staff may wall themselves: who has a conflict says so.
    """
    await the_case(uow, reference)
    found = _found_among(whom, acting.office)
    is_self = found.address == fold_address(acting.person.address)
    if not is_self:
        only_officers(acting, "keep a case from somebody else")
    if not why.strip():
        raise Refused("A wall needs its reason. Add --why. Nothing was changed.")
    if not found.name.strip() and not found.address:
        raise Refused("Say from whom: a name, or an address. Nothing was changed.")
    if any(_is_about(wall, found) for wall in await walls_around(uow, reference)):
        raise Refused(f"{found.address or found.name} is walled from {reference} already. Nothing was changed.")
    row = WallRow(
        key=f"{reference}:{found.address or found.name}:{acting.now.isoformat()}"[:400],
        case_reference=reference,
        kind=found.kind,
        address=found.address,
        chat_id=found.chat_id,
        name=found.name[:300],
        why=why.strip(),
        made_at=acting.now,
        made_by=acting.person.address,
        confirmed_at=acting.now,
        confirmed_by=acting.person.address,
    )
    filing, after = Filing(), Filing()
    filing.add(row, acting.event(reference, Event.NOTED, f"kept from {found.name or found.address}: {why.strip()}"))
    dropped = await write(uow, [filing])
    # A wall around oneself takes the case away in the service's name: nobody behind a wall acts on it.
    by = "service" if is_self else acting.person.address
    await take_away(uow, row, by, acting.office, acting.now, after)
    await pass_on(uow, dropped, acting.office, acting.now, after)
    await write(uow, [after])
    return row


async def confirm(uow: UnitOfWork, reference: str, who: str, why: str, acting: Acting) -> WallRow:
    """An officer confirms a wall that stands, with the reason."""
    wall = await _standing(uow, reference, who, acting)
    if wall.confirmed_at is not None:
        raise Refused(f"That wall was confirmed by {wall.confirmed_by}. Nothing was changed.")
    if not why.strip():
        raise Refused("Say why the wall stays. Add --why. Nothing was changed.")
    filing = Filing()
    done = {"confirmed_at": acting.now, "confirmed_by": acting.person.address, "confirmed_why": why.strip()}
    filing.change(WallRow, {"id": wall.id}, **done)
    _is_decided(filing, wall, f"wall confirmed around {_named(wall)}: {why.strip()}", acting)
    await write(uow, [filing])
    return wall


async def lift(uow: UnitOfWork, reference: str, who: str, why: str, acting: Acting) -> WallRow:
    """An officer lifts a wall, with the reason. What was taken away does not come back by itself: the case is given anew."""
    wall = await _standing(uow, reference, who, acting)
    if not why.strip():
        raise Refused("A wall is lifted with a reason. Add --why. Nothing was changed.")
    filing = Filing()
    filing.change(WallRow, {"id": wall.id}, lifted_at=acting.now, lifted_by=acting.person.address, lifted_why=why.strip())
    _is_decided(filing, wall, f"wall lifted for {_named(wall)}: {why.strip()}", acting)
    await write(uow, [filing])
    return wall


async def _standing(uow: UnitOfWork, reference: str, who: str, acting: Acting) -> WallRow:
    """The wall that is meant; refused to whom it is about, and to who is no officer."""
    only_officers(acting, "confirm or lift a wall")
    await the_case(uow, reference)
    wanted = who.strip().casefold()
    around = await walls_around(uow, reference)
    found = [wall for wall in around if wanted in (wall.address, wall.name.casefold(), str(wall.id))]
    if len(found) != 1:
        known = ", ".join(f"{_named(wall)} ({wall.id})" for wall in around) or "none"
        raise Refused(f"There is no wall around {who} on {reference}. Walls there: {known}. Nothing was changed.")
    if found[0].address == fold_address(acting.person.address):
        raise Refused(
            f"{acting.person.address} is whom this wall is about: another officer, or the monitoring officer, decides "
            "(the council's own rule). Nothing was changed."
        )
    return found[0]


def _is_decided(filing: Filing, wall: WallRow, words: str, acting: Acting) -> None:
    filing.add(acting.event(wall.case_reference, Event.NOTED, words))
    waiting = {"key": task_key(wall.case_reference, wall.address), "done_at": None}
    filing.change(TaskRow, waiting, done_at=acting.now, done_by=acting.person.address)


def _found_among(whom: Whom, office: Office) -> Whom:
    """Staff by name or address, as the settings have them."""
    address = fold_address(whom.address)
    if whom.kind is not WallKind.STAFF:
        return Whom(whom.name.strip(), address, whom.chat_id, whom.kind)
    wanted = whom.name.strip().casefold()
    known = office.council.person(address) if address else None
    if known is None and wanted:
        same = [person for person in office.council.people if person.name.casefold() == wanted]
        known = same[0] if len(same) == 1 and not address else None
    return Whom(whom.name.strip() or (known.name if known else ""), fold_address(known.address) if known else address, None)


def _is_about(wall: WallRow, whom: Whom) -> bool:
    if whom.address or wall.address:
        return wall.address == whom.address
    return wall.name.casefold() == whom.name.casefold()


def _named(wall: WallRow) -> str:
    return wall.name or wall.address
