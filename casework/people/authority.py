"""By what right somebody speaks on a case: their own, for a child, as solicitor, advocate or member (practice.md 5.4).

What is missing limits what they are told. It never stands against taking the complaint, a stage or a clock: a parent's own
complaint needs no consent of the child, at no stage (LGSCO's guide; law.md 6, fault 9).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from casework.acting import Acting, Refused, happened, only_officers, the_case
from casework.opening import task
from casework.people.appointing import numbered
from casework.people.on_case import OnCase
from casework.people.told import MayBeTold, may_be_told, standing_one
from procedures.clocks import in_words
from procedures.people import NEEDS_EVIDENCE, Basis
from procedures.terms import Event
from procedures.working_days import moment_at_the_desk
from storage import people
from storage.filing import Filing, write
from storage.tables import AuthorityRow, CasePersonRow, TaskKind, TaskRow
from storage.unit_of_work import UnitOfWork

__all__ = ["Authority", "MayBeTold", "may_be_told", "record_authority", "standing_one", "told_what"]
ASK_WITHIN = 5
"""Working days until somebody has asked for an authority that is missing."""


@dataclass(frozen=True)
class Authority:
    """What somebody may act by. `evidence` says what shows it and where that is kept; empty: it is still to be asked for."""

    basis: Basis
    evidence: str = ""
    scope: str = ""
    child_view: str = ""
    """What the child thinks of it, `child_view_by` whom it was sought, and on which day."""
    child_view_by: str = ""
    child_view_on: date | None = None
    until: date | None = None


async def record_authority(uow: UnitOfWork, reference: str, number: int, given: Authority, acting: Acting) -> AuthorityRow:
    """Put on record by what right somebody speaks; the newest entry of a person stands. What is missing becomes a task."""
    only_officers(acting, "record an authority")
    await the_case(uow, reference)
    one = await numbered(uow, reference, number)
    _is_whole(given, acting)
    row_id = one.row_id or await _row_of(uow, reference, one, acting)
    row = AuthorityRow(
        case_reference=reference,
        person_id=row_id,
        basis=given.basis,
        evidence=given.evidence.strip(),
        scope=given.scope.strip(),
        child_view=given.child_view.strip(),
        child_view_by=given.child_view_by.strip(),
        child_view_on=given.child_view_on,
        begins_on=acting.today,
        ends_on=given.until,
        recorded_at=acting.now,
        recorded_by=acting.person.address,
    )
    filing = Filing()
    shown = row.evidence or ("their own" if given.basis is Basis.OWN_RIGHT else "still missing")
    filing.add(
        row, acting.event(reference, Event.NOTED, f"authority of {one.name or one.role.value}: {given.basis.value}, {shown}")
    )
    _ask_for_what_is_missing(filing, reference, row, acting)
    await write(uow, [filing])
    return row


async def told_what(uow: UnitOfWork, reference: str, there: Sequence[OnCase], today: date) -> dict[int, MayBeTold]:
    """The same for everybody on a case, by number."""
    rows = await people.authorities_of(uow, reference)
    return {one.number: may_be_told(rows, one, today) for one in there}


def _is_whole(given: Authority, acting: Acting) -> None:
    if given.child_view and not (given.child_view_by and given.child_view_on):
        raise Refused("Say who asked the child, and when: --asked-by and --asked-on. Nothing was changed.")
    if given.child_view_on is not None:
        happened(given.child_view_on, acting)
    if given.until is not None and given.until < acting.today:
        raise Refused(f"{in_words(given.until)} has passed: it would give no authority. Nothing was changed.")


async def _row_of(uow: UnitOfWork, reference: str, one: OnCase, acting: Acting) -> int:
    """The entry of somebody who was only known as the party that wrote."""
    row = CasePersonRow(
        case_reference=reference, role=one.role, name=one.name, party_id=one.party_id, added_at=acting.now, added_by="service"
    )
    uow.add(row)
    await uow.flush()
    assert row.id is not None
    return row.id


def _ask_for_what_is_missing(filing: Filing, reference: str, row: AuthorityRow, acting: Acting) -> None:
    """A task to ask for the evidence, and one for the day on which it ends. Neither holds anything up."""
    office, key = acting.office, f"authority:{row.person_id}"
    if row.evidence or row.basis not in NEEDS_EVIDENCE:
        filing.change(TaskRow, {"key": key, "done_at": None}, done_at=acting.now, done_by=acting.person.address)
    else:
        due = moment_at_the_desk(office.open_days.add_working_days(acting.today, ASK_WITHIN), office.council.closes_at)
        detail = "ask what shows that they may act; meanwhile the complaint and its clock go on"
        filing.add(task(key, TaskKind.AUTHORITY, reference, due, acting.now, detail))
    if row.ends_on is not None:
        due = moment_at_the_desk(row.ends_on, office.council.opens_at)
        detail = f"an authority ends on {row.ends_on:%d %B %Y}: renew it, or end the entry so that nothing more goes there"
        filing.add(task(f"{key}:{row.ends_on}", TaskKind.AUTHORITY, reference, due, acting.now, detail))
