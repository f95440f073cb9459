"""The desk's letter opener: bytes of strangers become a `Letter`. Pure: no clock, no network, no storage."""

from intake.letters.email_letter import read_letter
from intake.letters.identity import identity_of
from intake.letters.mbox import split_mbox
from intake.letters.moments import received_at_of
from intake.letters.unreadable import Unreadable

__all__ = ["Unreadable", "identity_of", "read_letter", "received_at_of", "split_mbox"]
