"""Reads letters in a process of its own: `python -m intake.reader`, many letters at a time, from one pipe and to another.

It has no database, no network, no secret and no clock: what stands in a letter can do nothing here but take time. A question is
(boundary, our addresses, arrivals), an answer their readings in the same order, both pickled, each after its length in eight
bytes. It ends with the pipe it reads from.
"""

import pickle
import resource
import struct
import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import BinaryIO

from intake.arrival import Arrival, Wire
from intake.classification.weighing import learned
from intake.classification.wordlists import phrasebook
from intake.reading import NotRead, Reading, read_arrival

MOST_BYTES = 2_000_000_000
"""Of memory: a letter that wants more is kept as not read."""
LENGTH = struct.Struct(">Q")
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


def serve(questions: BinaryIO, answers: BinaryIO) -> None:
    """Answer each question until there are no more."""
    while len(head := questions.read(LENGTH.size)) == LENGTH.size:
        boundary, our_addresses, arrivals = pickle.loads(questions.read(LENGTH.unpack(head)[0]))  # noqa: S301  # our parent's
        readings = read_each(arrivals, boundary=boundary, our_addresses=our_addresses)
        answer = pickle.dumps([without_bytes(reading) for reading in readings], pickle.HIGHEST_PROTOCOL)
        answers.write(LENGTH.pack(len(answer)))
        answers.write(answer)
        answers.flush()


if __name__ == "__main__":
    resource.setrlimit(resource.RLIMIT_AS, (MOST_BYTES, MOST_BYTES))
    get_ready()
    serve(sys.stdin.buffer, sys.stdout.buffer)
