"""Reads letters in a process of its own: `python -m intake.reader`, many letters at a time, from one pipe and to another.

It has no database, no network, no secret and no clock: what stands in a letter can do nothing here but take time. A question is
(boundary, our addresses, arrivals), an answer their readings in the same order, both pickled, each after its length in eight
bytes. It ends with the pipe it reads from.
"""

import os
import pickle
import resource
import signal
import sys
from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO, NoReturn

from intake.arrival import Arrival, NotRead, Reading, Wire
from intake.classification.weighing import learned
from intake.classification.wordlists import phrasebook
from intake.reading import read_arrival
from storage.beside import LENGTH

MOST_BYTES = 2_000_000_000
"""Of memory: a letter that wants more is kept as not read."""
WORTH_A_TWIN = 16
"""Letters of one question; of more than these a second reader reads half, where there is a second core."""
_END_WITH_PARENT = 1
"""PR_SET_PDEATHSIG of Linux (prctl(2))."""
_NO_ARRIVAL = Arrival("", Wire.EMAIL, b"", datetime(1970, 1, 1, tzinfo=UTC))


def read_each(arrivals: Sequence[Arrival], *, boundary: str, our_addresses: Collection[str]) -> list[Reading | NotRead]:
    """Read every one; whatever a letter does to its reader, it is kept and blocks no other."""
    readings: list[Reading | NotRead] = []
    for arrival in arrivals:
        try:
            readings.append(read_arrival(arrival, boundary=boundary, our_addresses=our_addresses))
        except Exception as problem:  # noqa: BLE001  # see above
            readings.append(NotRead(arrival, type(problem).__name__))
    return readings


def get_ready() -> None:
    """Take the word lists and the weights in hand before they are asked for."""
    phrasebook()
    learned()


def without_bytes(reading: Reading | NotRead) -> Reading | NotRead:
    """The same, its letter's bytes left out: who asked has them."""
    if isinstance(reading, NotRead):
        return replace(reading, arrival=_NO_ARRIVAL)
    return replace(reading, letter=replace(reading.letter, arrival=_NO_ARRIVAL))


class Twin:
    """A second reader, made by forking: it has at once what this one took in hand, and reads half of a question meanwhile."""

    def __init__(self) -> None:
        question, asking = os.pipe()
        telling, answer = os.pipe()
        ours = os.getpid()
        self._process = os.fork()
        if not self._process:
            os.close(asking)
            os.close(telling)
            self._live(question, answer, ours)
        os.close(question)
        os.close(answer)
        self._questions, self._answers = os.fdopen(asking, "wb"), os.fdopen(telling, "rb")

    def ask(self, boundary: str, our_addresses: Collection[str], arrivals: Sequence[Arrival]) -> None:
        """Have it begin."""
        _write(self._questions, pickle.dumps((boundary, our_addresses, arrivals), pickle.HIGHEST_PROTOCOL))

    def answer(self) -> bytes:
        """Wait for its readings, pickled. EOFError where it has ended: then whoever asked us asks letter by letter."""
        if (answer := _read(self._answers)) is None:
            raise EOFError("the second reader ended")
        return answer

    def end(self) -> None:
        """Let it go."""
        self._questions.close()
        self._answers.close()
        os.waitpid(self._process, 0)

    @staticmethod
    def _live(question: int, answer: int, ours: int) -> NoReturn:
        """Be the second one. It ends with the first, also in the middle of a letter that has no end."""
        with suppress(ImportError, AttributeError, MemoryError, OSError):  # where this cannot be had, it ends with its pipe
            import ctypes  # noqa: PLC0415  # where memory may not be written and run, an old libffi cannot be loaded

            ctypes.CDLL(None).prctl(_END_WITH_PARENT, signal.SIGKILL)
        try:
            if os.getppid() == ours:
                # Held here too, the pipes of the first would stay open when that one has ended.
                os.close(sys.stdin.fileno())
                os.close(sys.stdout.fileno())
                serve(os.fdopen(question, "rb"), os.fdopen(answer, "wb"))
        finally:
            os._exit(0)


def serve(questions: BinaryIO, answers: BinaryIO, *, has_twin: bool = False) -> None:
    """Answer each question until there are no more: in one piece, or in two where a twin reads the second half."""
    twin: Twin | None = None
    while (question := _read(questions)) is not None:
        boundary, our_addresses, arrivals = pickle.loads(question)  # noqa: S301  # our parent's
        middle = len(arrivals)
        if has_twin and middle > WORTH_A_TWIN:
            twin, middle = twin or Twin(), middle // 2
            twin.ask(boundary, our_addresses, arrivals[middle:])
        readings = read_each(arrivals[:middle], boundary=boundary, our_addresses=our_addresses)
        _write(answers, pickle.dumps([without_bytes(reading) for reading in readings], pickle.HIGHEST_PROTOCOL))
        if twin is not None and middle < len(arrivals):
            _write(answers, twin.answer())
    if twin is not None:
        twin.end()


def _read(pipe: BinaryIO) -> bytes | None:
    """What comes next, whole; None where nothing does."""
    head = pipe.read(LENGTH.size)
    return pipe.read(LENGTH.unpack(head)[0]) if len(head) == LENGTH.size else None


def _write(pipe: BinaryIO, what: bytes) -> None:
    pipe.write(LENGTH.pack(len(what)))
    pipe.write(what)
    pipe.flush()


if __name__ == "__main__":
    with suppress(OSError, ValueError):  # a lower limit stands already, or a sandbox sees to it
        resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    get_ready()
    serve(sys.stdin.buffer, sys.stdout.buffer, has_twin=(os.cpu_count() or 1) > 1)
