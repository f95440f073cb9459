"""An arrival is read and understood before any unit of work begins: pure, and in a worker."""

from collections.abc import Collection
from dataclasses import dataclass

from intake.arrival import Arrival, Letter, Wire
from intake.classification import Classification, classify
from intake.letters import Unreadable, read
from procedures.terms import Channel, Role


@dataclass(frozen=True)
class Reading:
    """A letter and what its words show."""

    letter: Letter
    shown: Classification


@dataclass(frozen=True)
class NotRead:
    """An arrival that nobody here can read: it is kept, shown to staff, and blocks nothing."""

    arrival: Arrival
    problem: str


def read_arrival(arrival: Arrival, *, boundary: str = "", our_addresses: Collection[str] = ()) -> Reading | NotRead:
    """Read one arrival. `boundary` is the council's own authserv-id (RFC 8601); `our_addresses` are those that we write from."""
    if arrival.problem:
        return NotRead(arrival, arrival.problem)
    try:
        letter = read(arrival, boundary=boundary, our_addresses=our_addresses)
    except Unreadable as problem:
        return NotRead(arrival, str(problem)[:200] or "unreadable")
    channel = {Wire.EMAIL: Channel.EMAIL, Wire.TELEGRAM: Channel.TELEGRAM}.get(arrival.wire, Channel.PHONE)
    raised_by = Role(letter.hand.raised_by) if letter.hand else None
    return Reading(letter, classify(letter.words, letter.subject, raised_by=raised_by, channel=channel))
