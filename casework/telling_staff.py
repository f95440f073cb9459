"""The same notice to several members of staff: a separate mail each, never a Cc, once for each key."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from casework.representation import fold_address
from procedures.terms import Channel, Notice
from storage.filing import Filing
from storage.outbox import outgoing

NOT_TOLD = "not_told"
"""What trouble it is where somebody asks that somebody is not told that they wrote."""


def tell_staff(
    filing: Filing,
    addresses: Iterable[str],
    *,
    key: str,
    notice: Notice,
    facts: Mapping[str, Any],
    now: datetime,
    domain: str,
    urgency: int,
    reference: str | None = None,
    due_at: datetime | None = None,
) -> None:
    """Queue `notice` for each address once, to leave at `due_at` or at once. `domain` is that of our own Message-IDs."""
    for address in dict.fromkeys(addresses):
        filing.add(
            outgoing(
                key=f"{key}:{fold_address(address)}",
                notice=notice,
                channel=Channel.EMAIL,
                recipient=address,
                now=now,
                domain=domain,
                facts=dict(facts),
                case_reference=reference,
                due_at=due_at,
                urgency=urgency,
            )
        )
