"""Who sits on a review panel: without its people none has met (SI 2006/1738, reg. 19)."""

from datetime import date

from casework.office import Office
from casework.people.on_case import people_of
from procedures.people import MOST_ON_A_PANEL, CaseRole
from procedures.steps import HOME
from procedures.terms import Event, Procedure
from storage.tables import CaseRow
from storage.unit_of_work import UnitOfWork

_PANEL = (CaseRole.PANEL_CHAIR, CaseRole.PANEL_MEMBER)
_RULE = "SI 2006/1738, reg. 19"


async def why_no_panel(
    uow: UnitOfWork, case: CaseRow, event: Event, on: date, met_on: date | None, office: Office, today: date
) -> str:
    """Why a panel cannot have met on `on`, or reported of `met_on`: three people, one of whom chairs; empty if it can.

    Whoever left after it met was on it.

    Each was asked whether they are independent as they were put on the case (`casework.people.appointing`). A day that is still
    to come can be fixed before all three are found. A case of an older register names nobody, and other nations' law is not this.
    """
    if event not in (Event.PANEL, Event.PANEL_REPORT) or (event is Event.PANEL and on > today):
        return ""
    if case.is_imported or case.procedure is not Procedure.STATUTORY or office.nation != HOME:
        return ""
    day = met_on if event is Event.PANEL_REPORT and met_on is not None else on
    people = [one for one in await people_of(uow, case.reference) if one.role in _PANEL]
    there = [one.role for one in people if one.ended_on is None or one.ended_on >= day]
    if CaseRole.PANEL_CHAIR in there and len(there) >= MOST_ON_A_PANEL:
        return ""
    chair = "a chair" if CaseRole.PANEL_CHAIR in there else "no chair"
    known = f"{len(there)} of its {MOST_ON_A_PANEL} people, and {chair}"
    return (
        f"A panel is three people independent of the council, one of whom chairs ({_RULE}): {case.reference} has {known}. Put "
        f"them on it with `heard case person add {case.reference} panel_chair --name NAME --independent` and panel_member, or "
        "from the pool with `heard pool appoint`."
    )
