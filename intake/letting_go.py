"""What became no case is let go: kept for the council's own number of days, then erased, with marks in its place.

Each letter is read once more before it goes, by the reader of today. What holds words of danger, is no machine's letter after
all, or cannot be read any more, stays until a person has looked (people-and-safety.md 7.3).
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from intake.arrival import Arrival, NotRead, Reading, Wire
from intake.desk import may_be_a_person
from intake.letters import identity_of
from intake.reception import Reception
from intake.representing import ALERTS, alert_tier
from storage import loose
from storage.erasing import Eraser, require_key
from storage.holding import standing_hold
from storage.tables import ArrivalRow, LedgerResult

log = logging.getLogger(__name__)

AT_ONCE = 100
"""Letters of one unit of work."""
A_DAY = 5_000
"""More wait for the next day: this is work beside the day's post."""
DANGER = "it holds words of danger"
A_PERSON = "a person may have written it"
UNREADABLE = "it cannot be read"


@dataclass(frozen=True)
class LetGo:
    """How many were erased, and of how many it was found that they stay for a person."""

    erased: int = 0
    stay: int = 0


async def let_go(reception: Reception, days: int, now: datetime) -> LetGo:
    """Erase what became no case and is older than so many days; 0 keeps all of it.

    Nothing goes without the council's key, since nobody could know it when it comes again, nor while a restore waits to be
    released. Raises WrongKey where earlier marks have another one.
    """
    done = LetGo()
    if not days or not reception.erasure_key:
        return done
    until = now - timedelta(days=days)
    async with reception.memory.reading() as uow:
        await require_key(uow, reception.erasure_key)
        due = [] if await standing_hold(uow) else await loose.due(uow, until, A_DAY)
    for start in range(0, len(due), AT_ONCE):
        some = await _let_go(reception, due[start : start + AT_ONCE], until, now)
        done = LetGo(done.erased + some.erased, done.stay + some.stay)
    if done != LetGo():
        log.info("loose letters let go erased=%d stay=%d", done.erased, done.stay)
    return done


async def _let_go(reception: Reception, ids: Sequence[str], until: datetime, now: datetime) -> LetGo:
    """The same for some, in one unit of work; what a person did with one meanwhile stands."""
    async with reception.memory.reading() as uow:
        rows = await loose.still_due(uow, ids, until)
    stay = await _staying(reception, rows)
    key = reception.erasure_key
    async with reception.memory.unit_of_work() as uow:
        await require_key(uow, key)
        still = [] if await standing_hold(uow) else await loose.still_due(uow, [row.id for row in rows], until)
        gone = [row for row in still if row.id not in stay]
        for row in still:
            if why := stay.get(row.id):
                row.problem = f"{loose.STAYS}{why}"
                uow.add(row)
        identities = {row.id: identity_of(row.raw) for row in gone}
        erased = await loose.erase_loose(uow, gone, identities, Eraser(key, now, loose.ERASED_BY))
    return LetGo(erased, len(still) - len(gone))


async def _staying(reception: Reception, rows: Sequence[ArrivalRow]) -> dict[str, str]:
    """Why each of those stays that does, by its id. Of what a person said may go nothing is asked again."""
    unseen = [row for row in rows if row.result is not LedgerResult.RELEASED]
    arrivals = [
        Arrival(row.door, Wire(row.wire), row.raw, row.received_at, row.position, row.validity, problem=row.problem)
        for row in unseen
    ]
    readings = await reception.read_again(arrivals)
    found = {row.id: _why_it_stays(row, reading) for row, reading in zip(unseen, readings, strict=True)}
    return {one: why for one, why in found.items() if why}


def _why_it_stays(row: ArrivalRow, reading: Reading | NotRead) -> str:
    if isinstance(reading, NotRead):
        return UNREADABLE
    is_machines = reading.letter.is_automatic and not may_be_a_person(reading)
    if row.result is LedgerResult.AUTOMATIC and not is_machines:
        return A_PERSON
    return DANGER if alert_tier(reading) in ALERTS.values() or reading.is_danger_quoted else ""
