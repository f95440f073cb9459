"""What other programs take for the same job: letter available to case stored and answer handed over.

They were measured once, on another machine with two cores, beside a floor like `bench.floor`. Milliseconds of another machine say
little; how many times its floor each of them took can be read beside our own ratio.
"""

from dataclasses import asdict, dataclass
from typing import Any

FLOOR_THERE = 1.3
"""Milliseconds a letter of the floor on that machine, 64 letters a commit."""


@dataclass(frozen=True)
class Peer:
    """One program, and what became of 1,000 letters: 90 in 100 first contacts, 3 of a machine, 2 repeats, 5 follow-ups."""

    name: str
    milliseconds: float
    mistakes: str

    @property
    def over_the_floor(self) -> float:
        return self.milliseconds / FLOOR_THERE

    def as_row(self) -> str:
        return f"{self.name:42}{self.milliseconds:8.0f} ms a letter {self.over_the_floor:6.0f} times its floor; {self.mistakes}"

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"over_the_floor": self.over_the_floor}


PEERS = (
    Peer("django-helpdesk 2.6, SQLite", 24, "32 of 900 lost, 6 of 30 machines answered, every repeat opened twice"),
    Peer("django-helpdesk 2.6, PostgreSQL", 19, "32 of 900 lost, 6 of 30 machines answered, every repeat opened twice"),
    Peer("osTicket 1.18, one warm process", 42, "none lost, no machine answered, every repeat opened twice"),
    Peer("Request Tracker 5, PostgreSQL, at best", 164, "2 of 360 lost, no machine answered, every repeat opened twice"),
)


def as_text() -> str:
    head = f"Other programs, on another machine with two cores, where the floor took {FLOOR_THERE} ms:"
    return "\n".join([head, *(peer.as_row() for peer in PEERS)])
