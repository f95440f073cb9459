"""The cases as they stand now, as an officer sees them at a glance."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.rehearsal.stage import Stage
from casework.clockwork import events_of
from casework.office import Office
from casework.progress import Progress, State, where_it_stands
from procedures.terms import Event, Kind, Procedure
from procedures.working_days import date_at_the_desk
from storage import cases
from storage.tables import CaseRow, PartyRow, TaskKind, TaskRow


@dataclass(frozen=True)
class OnDesk:
    """One case."""

    row: CaseRow
    who: str
    """The complainant: a first name in the chat, an address."""
    is_chat: bool
    events: Mapping[Event, date]
    progress: Progress
    tasks: tuple[TaskRow, ...]

    @property
    def reference(self) -> str:
        return self.row.reference

    @property
    def is_complaint(self) -> bool:
        return self.row.kind is Kind.COMPLAINT

    @property
    def waits_for_route(self) -> bool:
        return self.is_complaint and self.row.procedure is Procedure.UNDECIDED and not self.progress.is_closed

    @property
    def has_suggestion(self) -> bool:
        return self.waits_for_route and self.row.suggested is not Procedure.UNDECIDED

    @property
    def waits_for_acknowledgement(self) -> bool:
        is_open = self.is_complaint and not self.waits_for_route and not self.progress.is_closed
        return is_open and Event.ACKNOWLEDGED not in self.events and not self.is_answered

    @property
    def waits_for_answer(self) -> bool:
        return self.is_complaint and Event.ACKNOWLEDGED in self.events and not self.is_answered and not self.progress.is_closed

    @property
    def is_answered(self) -> bool:
        return Event.S1_REPLY_SENT in self.events or Event.RESPONDED in self.events

    @property
    def has_alert(self) -> bool:
        return any(task.kind is TaskKind.SAFETY for task in self.tasks)

    @property
    def steps(self) -> tuple[bool, ...]:
        """What the list of things to do depends on."""
        return (
            self.waits_for_route,
            self.waits_for_acknowledgement,
            self.waits_for_answer,
            self.is_answered,
            self.progress.is_closed,
        )

    @property
    def state(self) -> str:
        """In a word or two, for a list."""
        if self.waits_for_route:
            return (
                f"new, suggested: {self.row.suggested.value}".replace("_", " ")
                if self.has_suggestion
                else "new, no route suggested"
            )
        if self.waits_for_acknowledgement and self.progress.state is not State.LATE:
            return f"{self.row.procedure.value}, not acknowledged".replace("_", " ")
        return f"{self.row.procedure.value if self.is_complaint else self.row.kind.value}, {self.progress.state.value}".replace(
            "_", " "
        )


async def on_the_desk(stage: Stage, office: Office) -> list[OnDesk]:
    """Every case, in the order in which they came."""
    today = date_at_the_desk(stage.clock.now())
    async with stage.memory.reading() as uow:
        rows = await cases.find_all(uow)
        references = [row.reference for row in rows]
        events = await cases.events_of(uow, references)
        parties = await cases.parties_of(uow, references)
        tasks = await cases.tasks(uow)
    found = []
    for row in rows:
        happened = events_of(events[row.reference])
        who, is_chat = _who(stage, parties[row.reference])
        progress = where_it_stands(row.kind, row.procedure, row.form, happened, office, today)
        own = tuple(task for task in tasks if task.case_reference == row.reference)
        found.append(OnDesk(row, who, is_chat, happened, progress, own))
    return found


def _who(stage: Stage, parties: list[PartyRow]) -> tuple[str, bool]:
    for party in parties:
        if party.chat_id and (chat := stage.api.chats.by_number.get(party.chat_id)):
            return str(chat.described["first_name"]), True
    return next((party.name or party.address for party in parties), "somebody"), False
