"""One thing said in a chat, with what is known of it: what everything that may come of it needs."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.office import Office
from casework.opening import Alert, alert_duty
from casework.receiving import Hearing, kept_where_uncounted
from casework.representation import Writer
from intake.arrival import Letter
from intake.reading import Reading
from procedures.terms import Channel
from storage.filing import Filing
from storage.inbound import Known


@dataclass
class ChatDesk:
    """One thing said in one chat, being filed."""

    reading: Reading
    arrival_id: str
    known: Known
    office: Office
    now: datetime
    filing: Filing
    is_mending: bool = False
    """The words come after "Something is wrong" beneath the numbered list."""

    @property
    def letter(self) -> Letter:
        return self.reading.letter

    @property
    def at(self) -> datetime:
        return self.letter.arrival.received_at

    @property
    def own(self) -> set[str]:
        """The references of this chat's own cases."""
        return self.known.by_chat.get(self.letter.chat_id, set())

    def hearing(self, reference: str) -> Hearing | None:
        """The case in hand, to be heard about; the chat's own screens answer, so casework says nothing itself."""
        case = self.known.cases.get(reference)
        if case is None or reference not in self.own:
            return None
        return Hearing(
            case=case,
            events=self.known.events.setdefault(reference, []),
            writer=Writer(chat_id=self.letter.chat_id),
            token=self.arrival_id,
            received_at=self.at,
            office=self.office,
            now=self.now,
            filing=self.filing,
            answer=False,
            parts=self.known.parts.get(reference, ()),
        )

    def hears(self, reference: str, act: Callable[[Hearing], object]) -> None:
        """Hear what is said of one of the chat's own cases; where its dates cannot be counted, a person does."""
        hearing = self.hearing(reference)
        if hearing is not None:
            with kept_where_uncounted(hearing):
                act(hearing)

    def alert(self, reference: str, tier: str, detail: str = "") -> None:
        """Tell who is on duty."""
        alert = Alert(reference or None, tier, Channel.TELEGRAM, self.at, self.arrival_id, detail)
        alert_duty(alert, self.office, self.now, self.filing)
