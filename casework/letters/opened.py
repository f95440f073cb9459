"""The button beneath an answer in the chat: whoever presses it has opened it, and that day is on record (practice.md §3)."""

import re
from dataclasses import dataclass
from datetime import datetime

from procedures.working_days import date_at_the_desk
from storage.filing import Filing
from storage.tables import SentLetterRow, TaskRow

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
