"""An alarm: the same event to each of the council's own ways to ring somebody, once for each key."""

import hashlib
from datetime import datetime

from casework.council import Council
from procedures.terms import Channel, Notice
from storage.filing import Filing
from storage.outbox import outgoing


def ring(
    filing: Filing,
    council: Council,
    *,
    key: str,
    notice: Notice,
    what: str,
    at: datetime,
    now: datetime,
    reference: str | None = None,
    again: int = 0,
    but_not: str = "",
) -> None:
    """Queue an alarm by every route that is set up, except `but_not`.

    `what` is one of our own words: a tier of safety, a kind of trouble. `at` is when it happened, `again` how often it was
    rung before. Nothing else goes out: no name, no word of anybody's, not even where a door's trouble lies.
    """
    facts = {
        # Short enough to be read out, and the same by each route and at every try: whoever is rung twice knows it for one.
        "id": hashlib.sha256(key.encode()).hexdigest()[:12],
        "what": what,
        "reference": reference or "",
        "at": at.isoformat(),
        "again": again,
    }
    for route in council.alarm_routes:
        if route != but_not:
            filing.add(
                outgoing(
                    key=f"alarm:{route}:{key}",
                    notice=notice,
                    channel=Channel.ALARM,
                    recipient=route,
                    now=now,
                    domain="",
                    facts=facts,
                    case_reference=reference,
                    urgency=1,
                )
            )
