"""The doorbell: what we start in a chat is "You have a new message." until somebody taps it (people-and-safety.md §2.11).

The words come by an edit of that message, which rings nowhere. Who asked for it has them hidden again after ten minutes.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from casework.letters.opened import Opening, opening_of
from procedures.terms import Channel, Notice
from storage.outbox import TIDYING, outgoing
from storage.tables import OutboxRow

HIDES_AFTER = timedelta(minutes=10)
DONE_IS_GONE_AFTER = timedelta(seconds=60)
SWEEPS = 8
SWEEP_EVERY = timedelta(seconds=20)
_DATA = re.compile(r"(bell|cover)\.([0-9]{1,18})(?:\.(opened\.[0-9A-Z.-]{1,40}))?")


@dataclass(frozen=True)
class Bell:
    """A tap on a doorbell, or on the button that hides its words again."""

    row_id: int
    """Of the message in the outbox. Whoever taps must be the one it went to."""
    is_read: bool
    opening: Opening | None = None
    """The answer that is behind it."""


def bell_data(row: OutboxRow) -> str:
    """What the button of a doorbell carries; Telegram takes 64 bytes."""
    opened = row.facts.get("opened") if row.notice == Notice.LETTER else None
    return f"bell.{row.id}" + (f".{opened}" if opened else "")


def cover_data(row_id: int) -> str:
    return f"cover.{row_id}"


def bell_in(data: str) -> Bell | None:
    """What a pressed button rings; None for every other button."""
    found = _DATA.fullmatch(data)
    return Bell(int(found[2]), found[1] == "bell", opening_of(found[3] or "")) if found else None


def to_read(rung: OutboxRow, number: int, token: str, now: datetime, domain: str, *, hides: bool) -> list[OutboxRow]:
    """The words behind a doorbell, put into the message `number` that was tapped; with `hides` they go again after ten minutes.

    A numbered list stays one, so that a yes to it counts only once it was seen (`storage.issues.lists_that_wait`).
    """
    notice = Notice.ISSUES_FOR_YOU if rung.notice == Notice.ISSUES_FOR_YOU else Notice.SCREEN
    read = {"of": rung.id, "number": number, "notice": rung.notice, "hides": hides}
    key = f"{rung.key}:read:{token[:12]}"
    words = _row(key, notice, rung, {**rung.facts, "read": read}, now, now, domain)
    return [words, to_cover(rung, key, now + HIDES_AFTER, now, domain)] if hides else [words]


def to_cover(rung: OutboxRow, token: str, due_at: datetime, now: datetime, domain: str) -> OutboxRow:
    """The doorbell again, in place of the words behind it."""
    covers = {"of": rung.key, "data": bell_data(rung)}
    return _row(f"{rung.key}:cover:{token[-12:]}", Notice.SCREEN, rung, {"covers": covers}, now, due_at, domain)


def to_ring_again(rung: OutboxRow, token: str, now: datetime, domain: str) -> OutboxRow:
    """The doorbell once more, in a chat that was emptied, because somebody asks. It opens the same words."""
    return _row(f"{rung.key}:again:{token[-12:]}", Notice.SCREEN, rung, {"rings": bell_data(rung)}, now, now, domain)


def to_take_away(key: str, chat: int, now: datetime, domain: str) -> OutboxRow:
    """What was sent under this key goes out of the chat after a minute."""
    return outgoing(
        key=f"{key}:gone",
        notice=Notice.SCREEN,
        channel=Channel.TELEGRAM,
        recipient=str(chat),
        now=now,
        due_at=now + DONE_IS_GONE_AFTER,
        domain=domain,
        facts={"covers": {"key": key}},
        urgency=TIDYING,
    )


def to_sweep(key: str, chat: int, theirs: Sequence[int], now: datetime, domain: str) -> OutboxRow:
    """What the quick exit, sent under this key, could not take with it at once: the rest goes in turns (`next_sweep`), some
    seconds apart, and nothing in the chat waits for them (Bot API: a chat takes about one call a second)."""
    return _sweep(key, str(chat), {"turn": 0, "of": key, "theirs": list(theirs)}, now, now + SWEEP_EVERY, domain)


def next_sweep(swept: OutboxRow, now: datetime) -> OutboxRow | None:
    """The turn after one that has left something; None after the last."""
    turn, key = swept.facts["sweeps"]["turn"] + 1, swept.facts["sweeps"]["of"]
    facts = {"turn": turn, "of": key, "theirs": []}
    # Only a mail has a Message-ID, which is what the domain is for.
    return _sweep(key, swept.recipient, facts, now, swept.due_at + SWEEP_EVERY, domain="") if turn < SWEEPS else None


def _sweep(key: str, recipient: str, facts: dict[str, Any], now: datetime, due_at: datetime, domain: str) -> OutboxRow:
    return outgoing(
        key=f"{key}:sweep:{facts['turn']}",
        notice=Notice.SCREEN,
        channel=Channel.TELEGRAM,
        recipient=recipient,
        now=now,
        due_at=due_at,
        domain=domain,
        facts={"sweeps": facts},
        urgency=TIDYING,
    )


def _row(
    key: str, notice: Notice, rung: OutboxRow, facts: dict[str, Any], now: datetime, due_at: datetime, domain: str
) -> OutboxRow:
    return outgoing(
        key=key,
        notice=notice,
        channel=Channel.TELEGRAM,
        recipient=rung.recipient,
        now=now,
        due_at=due_at,
        domain=domain,
        facts=facts,
        case_reference=rung.case_reference,
        language=rung.language,
        urgency=TIDYING if "covers" in facts else 2,
    )
