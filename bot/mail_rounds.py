"""Once a day the mailbox is compared with the ledger, once a week its boundary is tried; every hour while it can be forged.

A letter that the ledger does not know is fetched again and filed as any other: what it knows already stops there. A letter of
ours with a verdict forged in the boundary's name should arrive without it; while it does not, the boundary is believed in
nothing and nobody is told anything (people-and-safety.md 6.2, the canary).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.listening import position_of
from bot.loops import unless_stopped
from bot.mailbox_door import MailboxDoor, uid_validity_of
from bot.trial_letters import Came, DidNotCome, Trial, TrialLetters
from casework.delivery import trouble
from casework.office import Office
from casework.people.behind_walls import write_behind_walls
from intake.arrival import Arrival, NotRead
from intake.reception import Reception, identity_of
from procedures.working_days import date_at_the_desk
from storage import inbound
from storage.filing import Filing
from storage.inbound import DoorStep
from storage.tables import DoorRow
from storage.unit_of_work import Memory

log = logging.getLogger(__name__)

TRIED_EVERY = timedelta(days=7)
TRIED_AGAIN_EVERY = timedelta(hours=1)
"""While it can be forged: what is mended is believed again within the hour."""
_SOUND, _FORGEABLE = 0, 1
"""What is noted of a boundary, as the position of its row among the doors."""


@dataclass
class MailRounds:
    """A turn of the loop. `trial` is None where letters cannot be sent, or no boundary is named in the settings."""

    memory: Memory
    door: MailboxDoor
    reception: Reception
    office: Callable[[], Office]
    now: Callable[[], datetime]
    stop: asyncio.Event
    trial: TrialLetters | None = None
    _compared_on: date | None = None
    _has_turned: bool = False
    _known: set[tuple[str, int]] = field(default_factory=set)
    """Letters that were fetched again and turned out to be repeats of others."""

    async def turn(self) -> bool:
        """Compare, and try, where it is time; not in the first turn, which is part of a start."""
        if not self._has_turned:
            self._has_turned = True
            return False
        if self._compared_on != date_at_the_desk(self.now()):
            await self.compare()
        await self._try_the_boundary()
        return False

    async def compare(self) -> int:
        """Fetch what the server has and the ledger has not. Returns how many letters had been missing.

        Staff are told before they come in, as nothing would show afterwards that they were missing. The day is done when none
        waits, or when the server gives none of those that wait.
        """
        today = date_at_the_desk(self.now())
        async with self.memory.reading() as uow:
            stands = await position_of(uow, self.door.name)
            numbers = await inbound.positions(uow, self.door.name, uid_validity_of(stands)) if stands else set()
        if stands is None:
            self._compared_on = today
            return 0
        validity = uid_validity_of(stands)
        known = numbers | {uid for at, uid in self._known if at == validity}
        batch = await unless_stopped(self.door.fetch_again(stands, known), self.stop)
        if missing := await self._missing(batch.arrivals):
            on_server = len(numbers) + len(batch.arrivals) + batch.waiting
            more = f", and {batch.waiting} more are looked at next" if batch.waiting else ""
            detail = f"the mailbox has {on_server} letters, the ledger had {len(numbers)}: {missing} come in now{more}"
            await self._tell("letters_missed", detail)
        await self.reception.admit(batch.arrivals, self.now())
        self._known |= {(validity, arrival.position) for arrival in batch.arrivals}
        log.info("mailbox compared ledger=%d fetched_again=%d missing=%d", len(numbers), len(batch.arrivals), missing)
        if not batch.waiting or not batch.arrivals:
            self._compared_on = today
        return missing

    async def _missing(self, arrivals: Sequence[Arrival]) -> int:
        """How many of these the ledger has under no number, each counted once."""
        shelved = await asyncio.to_thread(lambda: {identity_of(NotRead(one, "")) for one in arrivals})
        ids = {inbound.arrival_id(self.door.name, one.removeprefix("shelved:")): one for one in shelved}
        also = {inbound.arrival_id(self.door.name, one): one for one in shelved}
        async with self.memory.reading() as uow:
            received = await inbound.already_received(uow, [*ids, *also]) if ids else set()
            known = {(ids | also)[one] for one in received} | await self.reception.erased_among(uow, shelved)
        return len(shelved - known)

    async def heed_the_boundary(self) -> DoorRow | None:
        """Believe it or not, by what the last trial showed; its row, if it was ever tried."""
        async with self.memory.reading() as uow:
            noted = await inbound.door(uow, self._name)
        self.reception.is_boundary_forgeable = noted is not None and noted.position == _FORGEABLE
        return noted

    @property
    def _name(self) -> str:
        return f"canary:{self.door.name}"

    async def _try_the_boundary(self) -> None:
        noted, now = await self.heed_the_boundary(), self.now()
        every = TRIED_AGAIN_EVERY if self.reception.is_boundary_forgeable else TRIED_EVERY
        if self.trial is None or (noted is not None and now - noted.moved_at < every):
            return
        # At first `heard check --letters` tries it: the week begins.
        position = await self._try(noted.position) if noted is not None else _SOUND
        async with self.memory.unit_of_work() as uow:
            await inbound.move_door(uow, DoorStep(self._name, "boundary", position, now, now))
        await self.heed_the_boundary()

    async def _try(self, position: int) -> int:
        assert self.trial is not None
        boundary, _, _ = self.reception.boundary.partition(" ")  # its servers stand behind its name
        outcome = (await unless_stopped(self.trial.send([Trial.FORGED], boundary), self.stop))[Trial.FORGED]
        if isinstance(outcome, DidNotCome):
            log.warning("boundary tried outcome=%s", "refused" if outcome.why.startswith("refused") else "unseen")
            return _SOUND if outcome.why.startswith("refused") else position
        assert isinstance(outcome, Came)
        if not outcome.is_still_forged:
            log.info("boundary tried outcome=sound")
            return _SOUND
        log.error("boundary tried outcome=forgeable")
        await self._tell("boundary_forgeable", "a verdict forged in the name of mailbox.authserv_id came through")
        return _FORGEABLE

    async def _tell(self, what: str, detail: str) -> None:
        now, office, filing = self.now(), self.office(), Filing()
        key = f"{what}:{date_at_the_desk(now)}"
        trouble(filing, what, detail, now, office.council, domain=office.domain, key=key)
        async with self.memory.unit_of_work() as uow:
            await write_behind_walls(uow, [filing], office, now)
