"""An office with one of each kind of person, and cases to put on its desk."""

from datetime import UTC, date, datetime
from typing import Any

from sqlmodel import select

from casework.council import Council, Person, StaffRole, Team
from casework.office import Office
from notifications.on_desk import CaseOnDesk
from procedures.rulebook import read_rulebook
from procedures.terms import Channel, Event, Form, Kind, Procedure, Role
from procedures.working_days import LONDON, WorkingCalendar
from storage.filing import Filing, write
from storage.tables import CaseRow, EventRow, OutboxRow, PartyRole, PartyRow
from storage.unit_of_work import Memory

OFFICER = Person("olive@council.example", "Olive Officer", StaffRole.OFFICER)
OWNER = Person("wim@council.example", "Wim Worker", StaffRole.MANAGER, team="Duty")
MANAGER = Person("nora@council.example", "Nora North", StaffRole.MANAGER)
HEAD = Person("hal@council.example", "Hal Head", StaffRole.HEAD_OF_SERVICE)
DIRECTOR = Person("dora@council.example", "Dora Director", StaffRole.DIRECTOR)

COUNCIL = Council(
    people=(OFFICER, OWNER, MANAGER, HEAD, DIRECTOR),
    teams=(Team("Team North", manager="nora@council.example"), Team("Leaving Care")),
    duty_addresses=("duty@council.example",),
)
OFFICE = Office(COUNCIL, read_rulebook(), WorkingCalendar.of("england"))

REFERENCE = "K7M-W92-RXH4"


def at(day: date, hour: int = 9, minute: int = 0) -> datetime:
    """A moment on London's clocks."""
    return datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON).astimezone(UTC)


def case(reference: str = REFERENCE, received: date = date(2026, 3, 19), **more: Any) -> CaseOnDesk:
    """A statutory complaint of Team North, acknowledged the day it came: only its stage 1 answer is owed."""
    events = {Event.RECEIVED: received, Event.ACKNOWLEDGED: received, Event.REG11_INFO_SENT: received}
    events |= more.pop("events", {})
    plain: dict[str, Any] = {
        "kind": Kind.COMPLAINT,
        "procedure": Procedure.STATUTORY,
        "form": Form.WRITTEN,
        "team": "Team North",
        "owner": OWNER.address,
        "raised_by": Role.CHILD,
    }
    return CaseOnDesk(reference, events=events, **{**plain, **more})


def rows_of(one: CaseOnDesk) -> Filing:
    """The same as rows; each event is recorded at nine on its day."""
    filing = Filing()
    closed = one.events.get(Event.CLOSED)
    filing.add(
        CaseRow(
            reference=one.reference,
            kind=one.kind,
            procedure=one.procedure,
            suggested=Procedure.UNDECIDED,
            channel=Channel.EMAIL,
            form=one.form,
            received_at=at(one.events[Event.RECEIVED]),
            received_on=one.events[Event.RECEIVED],
            raised_by=one.raised_by,
            team=one.team,
            owner=one.owner,
            is_imported=one.is_imported,
            closed_on=closed,
        )
    )
    filing.add(*(happened(one.reference, event, on) for event, on in one.events.items()))
    return filing


def happened(reference: str, event: Event, on: date, recorded_at: datetime | None = None, note: str = "") -> EventRow:
    return EventRow(
        case_reference=reference, name=event, happened_on=on, recorded_at=recorded_at or at(on), recorded_by="service", note=note
    )


async def keep(memory: Memory, *cases: CaseOnDesk) -> None:
    async with memory.unit_of_work() as uow:
        await write(uow, [rows_of(one) for one in cases])


async def record(memory: Memory, *rows: Any) -> None:
    filing = Filing()
    filing.add(*rows)
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])


async def outbox(memory: Memory) -> list[OutboxRow]:
    """What is queued, by key."""
    async with memory.reading() as uow:
        return [OutboxRow(**row.model_dump()) for row in await uow.exec(select(OutboxRow).order_by(OutboxRow.key))]


def party(reference: str = REFERENCE, **more: Any) -> PartyRow:
    return PartyRow(case_reference=reference, role=PartyRole.COMPLAINANT, **more)
