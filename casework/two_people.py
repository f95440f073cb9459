"""What two members of staff open together, each with a reason: places that were sent, files that are sealed.

The first one asks, and nothing is shown; the second, who is somebody else, agrees and opens it for both. Nobody else sees it
(practice.md §2; people-and-safety.md §4.4: two people to unseal; ASVS 5.0, 2.3.5).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from casework.acting import Acting, Refused

RULE = "two people must agree, each with a reason"


class ForTwo(Protocol):
    """A row on which stands who asked to look at it, who agreed, and why."""

    asked_at: datetime | None
    asked_by: str
    asked_why: str
    seen_at: datetime | None
    seen_by: str
    seen_why: str


@dataclass(frozen=True)
class Turn:
    """What asking came to: what is now written on each row, and whether it is open to who asks."""

    asked_by: str
    """The first of the two."""
    is_open: bool
    said: Mapping[str, object]


def look(found: Sequence[ForTwo], why: str, acting: Acting, what: str) -> Turn:
    """Ask to look, or agree to it. `what` is what it is called, like "a place". Where one is open to two, all of `found` is.

    Raises Refused without a reason, for anybody but officers and who is on duty, for the same person twice, and for a third.
    """
    who, why = acting.person.address.lower(), why.strip()
    duty = {address.strip().lower() for address in acting.office.council.duty_addresses}
    if not acting.office.council.may_decide(acting.person) and who not in duty:
        raise Refused(f"Only a complaints officer or whoever is on duty may look at {what}. Nothing was shown.")
    if not why:
        raise Refused(f"Say why with --why: {RULE}. Nothing was shown.")
    first = next((row for row in found if row.asked_by), None)
    if first is None:
        return Turn(who, is_open=False, said={"asked_by": who, "asked_at": acting.now, "asked_why": why})
    opened = next((row for row in found if row.seen_by), None)
    if opened is None and who == first.asked_by:
        raise Refused(f"You have asked already; {RULE}. A colleague gives the same command. Nothing was shown.")
    if opened is not None and who not in (opened.asked_by, opened.seen_by):
        raise Refused(f"{opened.asked_by} and {opened.seen_by} have looked: ask them. Nothing was shown.")
    agreed = opened or first
    said = {
        "asked_by": agreed.asked_by,
        "asked_at": agreed.asked_at,
        "asked_why": agreed.asked_why,
        "seen_by": agreed.seen_by or who,
        "seen_at": agreed.seen_at or acting.now,
        "seen_why": agreed.seen_why or why,
    }
    return Turn(agreed.asked_by, is_open=True, said=said)
