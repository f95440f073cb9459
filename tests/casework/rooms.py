"""An office with people, and cases put straight into it, for the tests of casework."""

import io
from datetime import UTC, datetime

from docx import Document

from casework.acting import Acting
from casework.council import Council, Person, StaffRole, Team
from casework.office import Office
from casework.opening import Opened, open_case
from casework.people import appointing
from casework.people.appointing import Newcomer
from casework.representation import Representation, Writer
from procedures.people import CaseRole
from procedures.rulebook import read_rulebook
from procedures.terms import Channel, Kind, Procedure
from procedures.working_days import WorkingCalendar
from storage.filing import Filing, write
from storage.unit_of_work import Memory, UnitOfWork

OFFICER = Person("officer@council.example", "Ravi Shah", StaffRole.OFFICER)
MANAGER = Person("manager@council.example", "Jo Field", StaffRole.MANAGER, "Team North")
OFFICE = Office(
    Council(
        people=(OFFICER, MANAGER),
        teams=(Team("Team North", MANAGER.address),),
        duty_addresses=("duty@council.example",),
        from_address="yoursay@council.example",
    ),
    read_rulebook(),
    WorkingCalendar.of("england"),
)
MONDAY = datetime(2025, 3, 10, 10, 0, tzinfo=UTC)
"""Monday 10 March 2025: ten working days later is Monday 24 March."""


def told(**changes: object) -> Representation:
    """A complaint by email, received on MONDAY."""
    values: dict[str, object] = {
        "writer": Writer(address="mum@family.example", name="R Green"),
        "channel": Channel.EMAIL,
        "received_at": MONDAY,
        "kind": Kind.COMPLAINT,
        "suggested": Procedure.STATUTORY,
    }
    return Representation(**(values | changes))  # type: ignore[arg-type]  # whatever a test gives


def acting(person: Person = OFFICER, at: datetime = MONDAY) -> Acting:
    return Acting(person, OFFICE, at)


def opened(representation: Representation | None = None, now: datetime = MONDAY) -> tuple[Opened, Filing]:
    filing = Filing()
    return open_case(representation or told(), OFFICE, now, filing), filing


async def a_case(memory: Memory, **changes: object) -> str:
    """A case in the memory; its reference."""
    case, filing = opened(told(**changes))
    async with memory.unit_of_work() as uow:
        await write(uow, [filing])
    return case.case.reference


async def a_panel(uow: UnitOfWork, reference: str, by: Acting) -> None:
    """Three people independent of the council, one of whom chairs (SI 2006/1738, reg. 19)."""
    for role, name in (
        (CaseRole.PANEL_CHAIR, "C. Chair"),
        (CaseRole.PANEL_MEMBER, "D. Drew"),
        (CaseRole.PANEL_MEMBER, "E. Eden"),
    ):
        await appointing.add(uow, reference, Newcomer(role, name, is_independent=True), by)


def a_report(words: str) -> bytes:
    """A Word file, as an investigating officer or an independent person hands it in."""
    document = Document()
    document.add_heading("Report", level=1)
    document.add_paragraph(words)
    held = io.BytesIO()
    document.save(held)
    return held.getvalue()
