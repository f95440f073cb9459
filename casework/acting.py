"""Who acts on a case, on which case, and how an action says no. Every action of a member of staff begins here."""

from dataclasses import dataclass
from datetime import date, datetime

from casework.clockwork import events_of
from casework.council import Person
from casework.office import Office
from casework.progress import Progress, where_it_stands
from procedures.clocks import in_words
from procedures.terms import Event
from procedures.working_days import date_at_the_desk
from storage import cases, issues, walls
from storage.tables import CaseRow, EventRow
from storage.unit_of_work import UnitOfWork


class Refused(Exception):
    """The action is not allowed, and nothing was changed. The message says why and what to do."""


@dataclass(frozen=True)
class Acting:
    """Who acts, when, and in which office."""

    person: Person
    office: Office
    now: datetime

    @property
    def today(self) -> date:
        return date_at_the_desk(self.now)

    def event(self, reference: str, name: Event, note: str = "", on: date | None = None) -> EventRow:
        return EventRow(
            case_reference=reference,
            name=name,
            happened_on=on or self.today,
            recorded_at=self.now,
            recorded_by=self.person.address,
            note=note,
        )


async def the_case(uow: UnitOfWork, reference: str) -> CaseRow:
    """The case, or a refusal that says how to find one; BehindAWall where it is kept from who reads (`storage.walls`)."""
    case = await cases.find(uow, reference)
    if case is None:
        raise Refused(f"There is no case {reference}. Check each symbol, or look with `heard case list`.")
    await walls.may_be_seen(uow, reference)
    return case


async def progress_of(uow: UnitOfWork, case: CaseRow, office: Office, today: date) -> Progress:
    """Where the case stands today."""
    rows = (await cases.events_of(uow, [case.reference]))[case.reference]
    parts = (await issues.parts_of(uow, [case.reference])).get(case.reference, frozenset())
    return where_it_stands(case.kind, case.procedure, case.form, events_of(rows), office, today, parts)


async def the_open_case(uow: UnitOfWork, reference: str) -> CaseRow:
    """The case, if it is open; else a refusal.

    What was closed is taken up only by an officer who says why, or by the next stage, which has no time limit
    (SI 2006/1738, reg. 15(2)): nothing happens to a complaint that who made it believes to be over (practice.md §3).
    """
    case = await the_case(uow, reference)
    if case.closed_on is not None:
        raise Refused(
            f"{reference} was closed on {in_words(case.closed_on)}, and only an officer's reason takes up again what was closed "
            f"(the council's own rule): `heard decide reopen {reference} --why REASON`. Nothing was changed."
        )
    return case


def happened(on: date | None, acting: Acting, *, since: date | None = None, what: str = "") -> date:
    """The day on which something happened: `on`, or today. Refused is one that has not come, or lies before `since`.

    What is recorded has happened, and every date is counted from its day (law.md §1.15). `what` names that of `since`, as in
    "it was received".
    """
    day = on or acting.today
    if day > acting.today:
        raise Refused(
            f"{in_words(day)} has not come yet, and only what has happened is recorded (the council's own rule). Give the day "
            "on which it happened, or leave it out for today. Nothing was changed."
        )
    if since is not None and day < since:
        raise Refused(
            f"{in_words(day)} is before {what}, on {in_words(since)} (the council's own rule). Look at the day again. Nothing "
            "was changed."
        )
    return day


def only_officers(acting: Acting, what: str) -> None:
    """Refuse what only the complaints officer may do (practice.md §3)."""
    if not acting.office.council.may_decide(acting.person):
        raise Refused(
            f"Only a complaints officer may {what}. {acting.person.address} is a {acting.person.role.value}; nothing was changed."
        )
