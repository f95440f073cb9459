"""The button beneath an answer in the chat: whoever presses it has opened it, and that day is on record (practice.md §3)."""

import re
from dataclasses import dataclass
from datetime import datetime

from casework.clockwork import events_of
from casework.receiving import Hearing
from casework.recording import possible_steps
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage.filing import Filing
from storage.tables import DeadlineRow, SentLetterRow, TaskRow

RECEIVED = {1: Event.S1_REPLY_RECEIVED, 2: Event.S2_NOTICE_RECEIVED}
"""The answer of which stage, once it reached them, is a step of the procedure: their own time counts from that day."""
_DATA = re.compile(r"opened\.([0-9]{1,10})\.([0-9A-Z]{3}-[0-9A-Z]{3}-[0-9A-Z]{4})\.([1-3])")


@dataclass(frozen=True)
class Opening:
    """Which answer somebody says they have read."""

    draft_id: int
    reference: str
    stage: int

    @property
    def data(self) -> str:
        """What the button carries; Telegram takes 64 bytes."""
        return f"opened.{self.draft_id}.{self.reference}.{self.stage}"


def opening_of(data: str) -> Opening | None:
    """What a pressed button says was opened; None for every other button."""
    found = _DATA.fullmatch(data)
    return Opening(int(found[1]), found[2], int(found[3])) if found else None


def note_opened(opening: Opening, chat: int, at: datetime, filing: Filing) -> None:
    """Keep the day on which this chat opened it: the first one counts. Nobody need ask after it any more."""
    on, sent = date_at_the_desk(at), {"draft_id": opening.draft_id, "case_reference": opening.reference, "recipient": str(chat)}
    for name in ("received_on", "opened_on"):
        filing.change(SentLetterRow, {**sent, name: None}, **{name: on})
    waiting = {"key": f"unopened:{opening.reference}:{opening.stage}", "done_at": None}
    filing.change(TaskRow, waiting, done_at=at, done_by="complainant")


def note_received(opening: Opening, hearing: Hearing) -> None:
    """Who opened an answer has received it: the day is an event of the procedure, where it knows one, and the first one counts.

    SI 2006/1738, reg. 18(2): the twenty days in which a panel is asked for run from the receipt of the notice. What counted
    from the sending until now counts from that day.
    """
    case, event = hearing.case, RECEIVED.get(opening.stage)
    if event is None or case.closed_on is not None:
        return
    before = events_of(hearing.events)
    possible = possible_steps(case, before, hearing.office, hearing.today)
    if not any(one.step.event is event and not one.why_not for one in possible):
        return
    hearing.happened(event, "they opened it in the chat")
    for clock in (row for row in hearing.filing.rows if isinstance(row, DeadlineRow) and row.base_event is event):
        for name in before:
            old = {"case_reference": case.reference, "clock": clock.clock, "base_event": name, "is_superseded": False}
            gone = {"is_superseded": True, "superseded_at": hearing.now, "superseded_why": "the answer reached them"}
            hearing.filing.change(DeadlineRow, old, **gone)
