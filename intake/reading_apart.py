"""Many letters are read in a process beside this one, so that reading them holds up nothing else and cannot stop the service.

The process is started by the first group that is worth it, knows none of our settings, and ends when it has had nothing to do
for a while. What it does not answer in time, or does not survive, is read again letter by letter; the letter that it was is
kept as not read.
"""

import asyncio
import logging
import pickle
import subprocess
from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path

from intake.arrival import Arrival, NotRead, Reading, Wire
from storage.beside import LENGTH, start_beside

log = logging.getLogger(__name__)

WORTH_IT = 8
"""Letters; fewer are read sooner than a process starts."""
ENDS_WITHIN_SECONDS = 2.0
FEW_BYTES = 2_000
"""Read at once: to give them to another thread takes as long. A chat message is some hundred."""


@dataclass
class ReadingApart:
    """Reads groups of arrivals: many letters in a process of its own, few of them and chats in a thread of this one."""

    boundary: str = ""
    our_addresses: Collection[str] = ()
    is_used: bool = True
    """False where letters come one by one, as in a test of what becomes of them."""
    seconds_a_group: float = 120.0
    seconds_a_letter: float = 20.0
    """A letter takes some milliseconds to read, the longest that is let in about two seconds."""
    idle_seconds: float = 60.0
    process: subprocess.Popen[bytes] | None = None
    """The reader, where one was started ahead (`start_reader`)."""
    _at_work: asyncio.Lock = field(default_factory=asyncio.Lock)
    _idling: asyncio.Task[None] | None = None

    async def read(self, arrivals: Sequence[Arrival]) -> list[Reading | NotRead]:
        """Their readings, in the same order. Raises nothing because of a letter."""
        if sum(len(arrival.raw) for arrival in arrivals) < FEW_BYTES:
            return self._here()(arrivals)
        if not self.is_used or sum(arrival.wire is Wire.EMAIL for arrival in arrivals) < WORTH_IT:
            return await asyncio.to_thread(self._here(), arrivals)
        async with self._at_work:
            return await self._apart(arrivals)

    async def aclose(self) -> None:
        """End the process, if there is one."""
        self._is_wanted()
        await self._end(is_idle=not self._at_work.locked())

    def _here(self) -> Callable[[Sequence[Arrival]], list[Reading | NotRead]]:
        """What reads in this process. It is loaded in whose thread this is asked for, and by a start once its doors are open."""
        from intake.reader import read_each  # noqa: PLC0415  # see above

        return partial(read_each, boundary=self.boundary, our_addresses=self.our_addresses)

    async def _apart(self, arrivals: Sequence[Arrival]) -> list[Reading | NotRead]:
        try:
            return await self._ask(arrivals, self.seconds_a_group)
        except (TimeoutError, EOFError, OSError) as problem:
            log.warning("reader ended size=%d problem=%s", len(arrivals), type(problem).__name__)
        readings: list[Reading | NotRead] = []
        for arrival in arrivals:
            try:
                readings += await self._ask([arrival], self.seconds_a_letter)
            except (TimeoutError, EOFError, OSError) as problem:
                log.error("letter ended its reader problem=%s", type(problem).__name__)  # noqa: TRY400  # no trace: it says no more
                readings.append(NotRead(arrival, "took too long" if isinstance(problem, TimeoutError) else "ended its reader"))
        return readings

    async def _ask(self, arrivals: Sequence[Arrival], seconds: float) -> list[Reading | NotRead]:
        """One question and its answer, in a thread: the loop may be busy filing. Who did not answer is not asked again."""
        self._is_wanted()
        if self.process is None or self.process.poll() is not None:
            self.process = start_reader()
        is_answered = False
        try:
            async with asyncio.timeout(seconds):
                question = (self.boundary, tuple(self.our_addresses), arrivals)
                readings = await asyncio.to_thread(_exchange, self.process, question, len(arrivals))
            is_answered = True
        finally:
            if not is_answered:
                await self._end()
        self._idling = asyncio.create_task(self._end_when_idle())
        return [with_bytes(reading, arrival) for reading, arrival in zip(readings, arrivals, strict=True)]

    def _is_wanted(self) -> None:
        if self._idling is not None:
            self._idling.cancel()
            self._idling = None

    async def _end_when_idle(self) -> None:
        await asyncio.sleep(self.idle_seconds)
        async with self._at_work:
            await self._end(is_idle=True)

    async def _end(self, *, is_idle: bool = False) -> None:
        process, self.process = self.process, None
        if process is not None:
            if is_idle:  # it has nothing in hand, and ends when it hears that nothing more comes
                await asyncio.to_thread(_let_go, process)
            process.kill()
            await asyncio.to_thread(process.__exit__, None, None, None)  # closes its pipes and waits for its end


def start_reader() -> subprocess.Popen[bytes]:
    """Start a reader. It makes ready at once, for about a second, and ends with us or when it is ended."""
    return start_beside("intake.reader")


def is_worth_a_reader(path: Path) -> bool:
    """Whether many letters may stand there: a folder of several things, or one file as long as several letters."""
    if path.is_dir():
        return len(list(islice(path.rglob("*"), WORTH_IT))) == WORTH_IT
    return path.stat().st_size > WORTH_IT * FEW_BYTES


def _exchange(process: subprocess.Popen[bytes], question: tuple[object, ...], letters: int) -> list[Reading | NotRead]:
    """Ask, and wait for the answer. Raises EOFError or OSError where the process ends first."""
    assert process.stdin is not None
    assert process.stdout is not None
    asked = pickle.dumps(question, pickle.HIGHEST_PROTOCOL)
    process.stdin.write(LENGTH.pack(len(asked)))
    process.stdin.write(asked)
    process.stdin.flush()
    readings: list[Reading | NotRead] = []
    while len(readings) < letters:  # a part of them each
        head = process.stdout.read(LENGTH.size)
        if len(head) < LENGTH.size:
            raise EOFError
        readings += pickle.loads(process.stdout.read(LENGTH.unpack(head)[0]))  # noqa: S301  # our child's
    return readings


def _let_go(process: subprocess.Popen[bytes]) -> None:
    """Tell a reader that nothing more comes, and wait a moment for its end."""
    assert process.stdin is not None
    with suppress(OSError, subprocess.TimeoutExpired):
        process.stdin.close()
        process.wait(ENDS_WITHIN_SECONDS)


def with_bytes(reading: Reading | NotRead, arrival: Arrival) -> Reading | NotRead:
    """The same with its letter's bytes, which do not travel back."""
    if isinstance(reading, NotRead):
        return replace(reading, arrival=arrival)
    return replace(reading, letter=replace(reading.letter, arrival=arrival))
