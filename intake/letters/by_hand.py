"""A letter out of what an officer took down: the JSON of `heard log`."""

import hashlib
import json
from typing import Any

from intake.arrival import Arrival, Hand, Letter
from intake.letters import cleaning
from intake.letters.unreadable import Unreadable
from procedures.terms import REACHED_BY, Channel, Role


def read_hand(arrival: Arrival) -> Letter:
    """Read a call, a letter or a visit. The same words at another hour are another call."""
    try:
        taken = json.loads(arrival.raw.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Unreadable("the entry is no JSON") from error
    if not isinstance(taken, dict) or not _line(taken, "taken_by"):
        raise Unreadable("the entry does not say who took it down")
    channel, raised_by = _line(taken, "channel") or Channel.PHONE, _line(taken, "raised_by") or Role.UNKNOWN
    if channel not in set(REACHED_BY) or raised_by not in set(Role):
        raise Unreadable("the entry has a word that nobody knows")
    canonical = json.dumps(taken, sort_keys=True) + arrival.received_at.isoformat()
    return Letter(
        arrival,
        hashlib.sha256(f"hand:{canonical}".encode()).hexdigest(),
        words=cleaning.prose(str(taken.get("words") or "")),
        subject=_line(taken, "subject"),
        hand=Hand(
            taken_by=_line(taken, "taken_by"),
            channel=channel,
            oral=bool(taken.get("oral", channel in {Channel.PHONE, Channel.IN_PERSON})),
            name=_line(taken, "name"),
            email=_line(taken, "email"),
            phone=_line(taken, "phone"),
            raised_by=raised_by,
            wants=cleaning.prose(str(taken.get("wants") or "")),
            procedure=_line(taken, "procedure"),
            send_receipt=bool(taken.get("send_receipt", True)),
        ),
    )


def _line(taken: dict[str, Any], name: str) -> str:
    value = taken.get(name)
    return cleaning.line(value, 400) if isinstance(value, str) else ""
