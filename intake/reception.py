"""Reception: arrivals are read, filed as a group in one unit of work, and what cannot be filed is kept for a person.

The raw arrival, its ledger row, the case, its classification, clocks, queued receipt and notice to staff and the door's
cursor commit together or not at all. A group that fails is done again one by one, so that one letter blocks no other.
"""

import asyncio
import logging
import subprocess
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from casework.letters.doorbell import bell_in
from casework.office import Office
from casework.people.behind_walls import write_behind_walls
from casework.reference import references_in
from casework.representation import fold_address
from intake.arrival import Arrival, NotRead, Reading, Wire
from intake.letters import identity_of as letter_identity
from intake.matching import named_references, our_message_ids
from intake.reading_apart import ReadingApart
from intake.representing import Manner
from storage import inbound
from storage.erasing import Of, erased_at, lies_at, mark_of
from storage.filing import Filing
from storage.inbound import DoorStep, Question, arrival_id
from storage.tables import ArrivalRow, LedgerResult
from storage.unit_of_work import Memory, UnitOfWork, is_the_databases_trouble

if TYPE_CHECKING:
    from intake.desk import Desk

log = logging.getLogger(__name__)

GROUP = 64
"""Arrivals of one commit: an fsync for each letter would be most of the time that it takes."""
AHEAD = 2
"""Groups that are read, or wait to be, while one is filed."""
SMALL_BYTES = 100_000

Along = Callable[[UnitOfWork, Iterable[SQLModel]], Awaitable[bool]]
"""What is done with what was filed, in the same unit of work; it says whether the outbox has something to look at."""


@dataclass(frozen=True)
class Admitted:
    """What became of an arrival. `result` is None for a repeat: it was in the ledger already."""

    arrival_id: str
    result: LedgerResult | None
    reference: str | None = None
    problem: str = ""
    erased_at: datetime | None = None
    """When what it is was erased: nothing of it was stored."""


@dataclass
class Reception:
    """Takes arrivals in. `rang` is called after each commit that queued something, so that the outbox looks at once.

    `joining` goes around each unit of work and gives what is done in it at the end: the answers in a chat are claimed there.
    """

    memory: Memory
    office: Callable[[], Office]
    boundary: str = ""
    our_addresses: Collection[str] = ()
    manner: Manner = field(default_factory=Manner)
    rang: Callable[[], None] = lambda: None
    joining: Callable[[], AbstractAsyncContextManager[Along]] | None = None
    reads_apart: bool = False
    """Many letters are read in a process beside this one; then it wants `aclose`."""
    reader: subprocess.Popen[bytes] | None = None
    """That process, where it was started ahead."""
    is_boundary_forgeable: bool = False
    """A verdict forged in the boundary's name came through: it vouches for nobody until that is mended."""
    erasure_key: str = ""
    """What the marks of what was erased were made with; empty where nothing ever was."""
    _readers: ReadingApart = field(init=False)

    def __post_init__(self) -> None:
        self._readers = ReadingApart(self.boundary, self.our_addresses, is_used=self.reads_apart, process=self.reader)

    async def admit(self, arrivals: Sequence[Arrival], now: datetime, door: DoorStep | None = None) -> list[Admitted]:
        """Store every one of `arrivals`, in order, and move the door. On return each is in the ledger, filed or on the shelf.

        Raises the database's own error when nothing can be stored at all (it is down, or the disk is full):
        then nothing of the group in hand was stored and the door has not moved, so that it is fetched again.
        """
        if not arrivals and door is not None:
            await self._file([], now, door)
        groups = [arrivals[start : start + GROUP] for start in range(0, len(arrivals), GROUP)]
        return [one async for admitted in self.admit_each(groups, now, door) for one in admitted]

    async def admit_each(
        self, groups: Iterable[Sequence[Arrival]], now: datetime, door: DoorStep | None = None
    ) -> AsyncGenerator[list[Admitted]]:
        """The same for each group in turn, which is stored when it is given; meanwhile the next ones are read."""
        waiting = iter(groups)
        ahead: deque[tuple[Sequence[Arrival], asyncio.Task[list[Reading | NotRead]]]] = deque()
        try:
            self._read_ahead(waiting, ahead)
            while ahead:
                some, reading = ahead.popleft()
                readings = await reading
                self._read_ahead(waiting, ahead)
                yield await self._file(readings, now, _step(door, some, last=not ahead))
        finally:
            for _, reading in ahead:  # what is given up is not read to its end
                reading.cancel()
                with suppress(asyncio.CancelledError):
                    await reading

    def _read_ahead(
        self, groups: Iterator[Sequence[Arrival]], ahead: deque[tuple[Sequence[Arrival], asyncio.Task[list[Reading | NotRead]]]]
    ) -> None:
        """Have the reader read the next groups, so that it never waits for us."""
        while len(ahead) < AHEAD and (arrivals := next(groups, None)) is not None:
            ahead.append((arrivals, asyncio.create_task(self._readers.read(arrivals))))

    async def read_again(self, arrivals: Sequence[Arrival]) -> list[Reading | NotRead]:
        """Read what the ledger has; nothing is filed."""
        return await self._readers.read(arrivals)

    async def aclose(self) -> None:
        """End what reads beside us."""
        await self._readers.aclose()

    async def _file(self, readings: Sequence[Reading | NotRead], now: datetime, door: DoorStep | None) -> list[Admitted]:
        try:
            return await self._file_group(readings, now, door)
        except Exception as problem:  # one of them cannot be filed: find out which, and shelve it alone
            if is_the_databases_trouble(problem):
                raise
            log.warning("group refused size=%d problem=%s", len(readings), type(problem).__name__)
        admitted: list[Admitted] = []
        for number, reading in enumerate(readings, start=1):
            step = door if number == len(readings) else _step(door, [_arrival(reading)], last=False)
            admitted += await self._file_alone(reading, now, step)
        return admitted

    async def _file_alone(self, reading: Reading | NotRead, now: datetime, door: DoorStep | None) -> list[Admitted]:
        try:
            return await self._file_group([reading], now, door)
        except Exception as problem:  # kept in quarantine with the problem's name, shown to staff
            if is_the_databases_trouble(problem):
                raise
            log.error("arrival shelved problem=%s", type(problem).__name__)  # noqa: TRY400  # a trace would hold words
            return await self._file_group([NotRead(_arrival(reading), type(problem).__name__)], now, door)

    async def _file_group(self, readings: Sequence[Reading | NotRead], now: datetime, door: DoorStep | None) -> list[Admitted]:
        readings = [_doubted(reading) for reading in readings] if self.is_boundary_forgeable else readings
        ids = [arrival_id(_arrival(reading).door, identity_of(reading)) for reading in readings]
        sit_down = _desk() if readings else None
        async with (self.joining or _alone)() as along, self.memory.unit_of_work(is_small=_are_small(readings)) as uow:
            seen = await _seen(uow, ids, readings)
            erased = await self._erased(uow, ids, readings)
            seen |= set(erased)
            fresh = {one: reading for one, reading in zip(reversed(ids), reversed(readings), strict=True) if one not in seen}
            known = await inbound.look_up(uow, question_of(list(fresh.values()), self.office().domain), now)
            filings: dict[str, Filing] = {}
            if sit_down is not None:
                desk = sit_down(known, self.office(), now, self.manner)
                for one, reading in zip(ids, readings, strict=True):
                    if one in fresh and one not in filings:
                        filings[one] = desk.file_away(reading, one)
            await write_behind_walls(uow, filings.values(), self.office(), now)
            if door is not None:
                await inbound.move_door(uow, door)
            is_left = bool(filings) and await along(uow, (row for filing in filings.values() for row in filing.rows))
        if is_left:
            self.rang()
        return _tell(ids, filings, erased)

    async def erased_among(self, uow: UnitOfWork, identities: Collection[str]) -> set[str]:
        """Which of these letters were erased, by what makes them themselves (`identity_of`)."""
        if not self.erasure_key:
            return set()
        marks = {mark_of(self.erasure_key, Of.LETTER, one.removeprefix("shelved:")): one for one in identities}
        return {marks[mark] for mark in await erased_at(uow, marks)}

    async def _erased(self, uow: UnitOfWork, ids: Sequence[str], readings: Sequence[Reading | NotRead]) -> dict[str, datetime]:
        """Which of these were erased, and when: they are not stored again, and where their copies lie is noted."""
        if not self.erasure_key:
            return {}
        marks = [mark_of(self.erasure_key, Of.LETTER, identity_of(one).removeprefix("shelved:")) for one in readings]
        there = await erased_at(uow, marks)
        for mark, reading in zip(marks, readings, strict=True):
            arrival = _arrival(reading)
            if mark in there and arrival.position:
                await lies_at(uow, mark, arrival.door, arrival.validity, arrival.position)
        return {one: there[mark] for one, mark in zip(ids, marks, strict=True) if mark in there}


def _desk() -> "type[Desk]":
    """The desk, asked for before a unit of work: a start loads it once its doors are open."""
    from intake.desk import Desk  # noqa: PLC0415  # see above

    return Desk


@asynccontextmanager
async def _alone() -> AsyncIterator[Along]:
    async def leave_it_to_the_outbox(_uow: UnitOfWork, _filed: Iterable[SQLModel]) -> bool:
        return True

    yield leave_it_to_the_outbox


def _are_small(readings: Sequence[Reading | NotRead]) -> bool:
    """Whether writing them takes no longer than a chat can wait."""
    return sum(len(_arrival(reading).raw) for reading in readings) <= SMALL_BYTES


def _doubted(reading: Reading | NotRead) -> Reading | NotRead:
    """The same, vouched for by nobody."""
    if isinstance(reading, NotRead) or reading.letter.authentication != "pass":
        return reading
    return replace(reading, letter=replace(reading.letter, authentication="none"))


async def _seen(uow: UnitOfWork, ids: Sequence[str], readings: Sequence[Reading | NotRead]) -> set[str]:
    """Which of these the ledger knows: what cannot be read today may have been read before."""
    as_letters = {
        one: arrival_id(_arrival(reading).door, identity_of(reading).removeprefix("shelved:"))
        for one, reading in zip(ids, readings, strict=True)
        if isinstance(reading, NotRead)
    }
    known = await inbound.already_received(uow, [*ids, *as_letters.values()]) if ids else set()
    return known | {one for one, letter in as_letters.items() if letter in known}


def identity_of(reading: Reading | NotRead) -> str:
    """What makes an arrival itself: what its reader found, or else where it stands at its door."""
    if isinstance(reading, Reading):
        return reading.letter.identity
    arrival = reading.arrival
    if arrival.wire is Wire.EMAIL and arrival.raw.strip(b"\0\r\n\t "):
        return f"shelved:{letter_identity(arrival.raw)}"  # wherever it stands; and once it can be read, it's a letter
    if arrival.position:
        return f"position:{arrival.validity}:{arrival.position}"
    return f"bytes:{arrival_id('', arrival.raw.hex())}"


def question_of(readings: Sequence[Reading | NotRead], domain: str) -> Question:
    """What must be looked up before these can be filed."""
    letters = [reading.letter for reading in readings if isinstance(reading, Reading)]
    message_ids: set[str] = set()
    references: set[str] = set()
    for letter in letters:
        message_ids.update(our_message_ids(letter, domain))
        message_ids.update(letter.references)
        message_ids.add(letter.failed_message_id)
        references.update(named_references(letter) if not letter.chat_id else references_in(letter.words[:200]))
    addresses = {fold_address(letter.sender) for letter in letters} | {
        fold_address(one.hand.email) for one in letters if one.hand
    }
    return Question(
        addresses=addresses - {""},
        chat_ids={letter.chat_id for letter in letters} - {0},
        message_ids=message_ids - {""},
        references=references,
        edits={(letter.chat_id, letter.message_number) for letter in letters if letter.is_edit},
        rung={bell.row_id for letter in letters if letter.button and (bell := bell_in(letter.button))},
    )


def _arrival(reading: Reading | NotRead) -> Arrival:
    return reading.letter.arrival if isinstance(reading, Reading) else reading.arrival


def _step(door: DoorStep | None, some: Sequence[Arrival], *, last: bool) -> DoorStep | None:
    """How far the door moves with these: to its end with the last of them, else to the position of the last of these."""
    if door is None or last:
        return door
    return replace(door, position=some[-1].position)


def _tell(ids: Sequence[str], filings: dict[str, Filing], erased: Mapping[str, datetime]) -> list[Admitted]:
    admitted: list[Admitted] = []
    told: set[str] = set()
    for one in ids:
        filing = filings.get(one)
        if filing is None or one in told:
            admitted.append(Admitted(one, None, erased_at=erased.get(one)))
            continue
        told.add(one)
        row = next(row for row in filing.rows if isinstance(row, ArrivalRow))
        admitted.append(Admitted(one, row.result, row.case_reference, row.problem))
        log.info("arrival filed result=%s door=%s ref=%s", row.result.value, row.wire, (row.case_reference or "")[-4:])
    return admitted
