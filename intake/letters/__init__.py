"""The desk's letter opener: bytes of strangers become a `Letter`. Pure: no clock, no network, no storage."""

from collections.abc import Collection

from intake.arrival import Arrival, Letter, Wire
from intake.letters.addresses import TOKEN_IN_ADDRESS
from intake.letters.automatic import MAY_BE_A_PERSON
from intake.letters.by_hand import read_hand
from intake.letters.email_letter import read_letter
from intake.letters.identity import identity_of
from intake.letters.mbox import split_mbox
from intake.letters.moments import received_at_of
from intake.letters.unreadable import Unreadable
from intake.letters.updates import read_update

__all__ = [
    "MAY_BE_A_PERSON",
    "TOKEN_IN_ADDRESS",
    "Unreadable",
    "identity_of",
    "read",
    "read_hand",
    "read_letter",
    "read_update",
    "received_at_of",
    "split_mbox",
]


def read(arrival: Arrival, *, boundary: str = "", our_addresses: Collection[str] = ()) -> Letter:
    """Read an arrival by the wire it came on. Raises `Unreadable` only when nothing at all can be made of it."""
    match arrival.wire:
        case Wire.EMAIL:
            return read_letter(arrival, boundary=boundary, our_addresses=our_addresses)
        case Wire.TELEGRAM:
            return read_update(arrival)
        case Wire.HAND:
            return read_hand(arrival)
