"""A letter out of what an officer took down: the JSON of `heard log`."""

import base64
import binascii
import hashlib
import json
from typing import Any

from intake.arrival import Arrival, Attachment, Hand, HandFile, Letter
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
    files = _files(taken)
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
            means=_line(taken, "means") or ("letter" if channel == Channel.LETTER else "phone"),
            is_hour_known=bool(taken.get("is_hour_known", True)),
            member=_line(taken, "member"),
            constituent=_line(taken, "constituent"),
            has_consent=bool(taken.get("has_consent", False)),
            is_training=bool(taken.get("is_training", False)),
            files=files,
        ),
        attachments=tuple(Attachment(file.name, file.media_type, len(file.content)) for file in files),
    )


def _files(taken: dict[str, Any]) -> tuple[HandFile, ...]:
    """The scans beside it, decoded."""
    given = taken.get("files") or []
    try:
        read = [(one["name"], one["media_type"], base64.b64decode(one["content"], validate=True)) for one in given]
        return tuple(HandFile(cleaning.line(str(name), 200), str(media)[:200], held) for name, media, held in read)
    except (TypeError, KeyError, binascii.Error) as error:
        raise Unreadable("a file beside the entry cannot be read") from error


def _line(taken: dict[str, Any], name: str) -> str:
    value = taken.get(name)
    return cleaning.line(value, 400) if isinstance(value, str) else ""
