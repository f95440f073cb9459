"""All of a case is erased: two officers agree, each with a reason, once it is closed and nothing in it is sealed.

What goes is everything that hangs on it; marks without words stay, so that it does not come back (`storage.erasing`). What the
law makes a council keep is for the two to know (UK GDPR, art. 17(3)(b); people-and-safety.md T29).
"""

from collections.abc import Mapping, Sequence

from casework.acting import Acting, Refused, only_officers, the_case
from casework.sealing import POLICE
from procedures.terms import Event
from storage import cases, sealing
from storage.erasing import Erased, Eraser, erase, require_key
from storage.filing import Filing, write
from storage.tables import EventRow
from storage.unit_of_work import UnitOfWork

ASKED = "asks that all of this case be erased: "
NO_KEY = (
    "There is no database.erasure_key: without one nobody could know what was erased when it comes again. Make one with "
    "`openssl rand -hex 32`, keep it where backups do not lie, and give it as HEARD_DATABASE_ERASURE_KEY. Nothing was changed."
)


async def ask_or_erase(
    uow: UnitOfWork, reference: str, why: str, identities: Mapping[str, str], key: str, acting: Acting
) -> Erased | None:
    """Ask that a case be erased, or agree with a colleague who has: then it is gone. None where it was only asked for.

    Raises Refused for whoever is no officer, without a reason, for an open case, for one with a sealed file, for the same
    person twice, and without a key; WrongKey where earlier marks have another one.
    """
    case = await the_case(uow, reference)
    only_officers(acting, "erase a case")
    if not (why := why.strip()):
        raise Refused("Say why with --why, without a word of the case. Nothing was changed.")
    if not key:
        raise Refused(NO_KEY)
    await require_key(uow, key)
    if case.closed_on is None:
        raise Refused(f"{reference} is open: what is still to be answered is not erased. Close it first. Nothing was changed.")
    if await sealing.seals_on(uow, list(identities)):
        raise Refused(f"A file of {reference} is sealed, and evidence is not erased by us. {POLICE} Nothing was changed.")
    by = acting.person.address.lower()
    events = (await cases.events_of(uow, [reference]))[reference]
    asked_by = _asked_by(events)
    if asked_by and asked_by.lower() != by:
        return await erase(uow, reference, identities, Eraser(key, acting.now, by))
    if asked_by:
        raise Refused("You have asked already. Another officer gives the same command, and it is gone. Nothing was changed.")
    filing = Filing()
    filing.add(acting.event(reference, Event.NOTED, f"{ASKED}{why}"))
    await write(uow, [filing])
    return None


def _asked_by(events: Sequence[EventRow]) -> str:
    """Who asked last; empty where nobody has, or where anything but a note came after: then it was asked of another state."""
    for row in sorted(events, key=lambda row: row.id or 0, reverse=True):
        if row.name != Event.NOTED:
            return ""
        if row.note.startswith(ASKED):
            return row.recorded_by
    return ""
