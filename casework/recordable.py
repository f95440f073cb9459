"""What may be recorded on a case now, its people looked at as well."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date

from casework.acting import the_case
from casework.clockwork import events_of
from casework.office import Office
from casework.people.panel import why_no_panel
from casework.recording import Possible, possible_steps, seen_by
from procedures.terms import Event, Procedure
from storage import cases
from storage.issues import parts_of
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork


async def what_may_be_recorded(uow: UnitOfWork, reference: str, office: Office, today: date) -> list[Possible]:
    """Every step that the case's procedure knows and that has not happened, in the order of a case's life."""
    case = await the_case(uow, reference)
    parts = (await parts_of(uow, [reference])).get(reference, ())
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    found = possible_steps(case, events, office, today, parts)
    return [one if one.why_not else await _with_its_people(uow, one, case, events, office, today, parts) for one in found]


async def _with_its_people(
    uow: UnitOfWork,
    one: Possible,
    of: CaseRow,
    events: Mapping[Event, date],
    office: Office,
    today: date,
    parts: Collection[Procedure],
) -> Possible:
    """The same, and not yet where the people are missing without whom no panel meets or reports (SI 2006/1738, reg. 19)."""
    case, event = seen_by(one.step, of, parts, office), one.step.event
    why_not = await why_no_panel(uow, case, event, today, events.get(Event.PANEL), office, today)
    ahead = " A day that is still to come can be fixed before, with --on." if why_not and event is Event.PANEL else ""
    return replace(one, why_not=why_not + ahead)
