"""The pool for stages 2 and 3: investigators, independent persons, chairs and panel members; who may serve, and what it costs.

An independent person is neither a member nor an officer of the council, nor the spouse or civil partner of one, and takes part in
every stage 2 (SI 2006/1738, reg. 2, 17(2)); nor does a panel's member belong to it, or to the stage 2 of the case (reg. 19).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from casework import recording
from casework.acting import Acting, Refused, happened, only_officers, the_open_case
from casework.clockwork import law_for
from casework.council import Council
from casework.office import Office
from casework.people import appointing
from casework.people.appointing import Newcomer
from casework.people.on_case import people_of
from casework.representation import fold_address
from procedures.clocks import in_words, months_later
from procedures.people import CaseRole
from procedures.steps import OWN_RULE
from procedures.terms import Event, Procedure
from storage import daily
from storage.columns import PoolRole, Tie
from storage.tables import CaseRow, PoolAppointmentRow, PoolHoursRow, PoolPersonRow
from storage.unit_of_work import UnitOfWork

INDEPENDENT = (PoolRole.INDEPENDENT_PERSON, PoolRole.CHAIR, PoolRole.PANEL_MEMBER)
EVENTS = {
    PoolRole.INVESTIGATOR: Event.IO_APPOINTED,
    PoolRole.INDEPENDENT_PERSON: Event.IP_APPOINTED,
    PoolRole.CHAIR: Event.CHAIR_APPOINTED,
}
"""The step of the procedure that an appointment is. A panel's other members have none."""
CASE_ROLES = {
    PoolRole.INVESTIGATOR: CaseRole.INVESTIGATING_OFFICER,
    PoolRole.INDEPENDENT_PERSON: CaseRole.INDEPENDENT_PERSON,
    PoolRole.CHAIR: CaseRole.PANEL_CHAIR,
    PoolRole.PANEL_MEMBER: CaseRole.PANEL_MEMBER,
}
"""What they are among the people of the case."""
CHECKED_FOR_YEARS = 3
"""How long a certificate of the Disclosure and Barring Service counts here: the council's own rule, as the law sets none."""
PANEL_WITH_CHAIR = 3
"""SI 2006/1738, reg. 19(2)."""
MOST_MINUTES_A_DAY = 24 * 60


@dataclass(frozen=True)
class Candidate:
    """Somebody who would like to serve."""

    name: str
    roles: Sequence[PoolRole]
    address: str = ""
    phone: str = ""
    tie: Tie = Tie.NONE
    dbs_on: date | None = None
    from_on: date | None = None
    until_on: date | None = None
    hourly_pence: int = 0


@dataclass(frozen=True)
class Cost:
    """What one case cost in one financial year, in pence."""

    reference: str
    year: int
    """The calendar year in which it began, on 1 April."""
    minutes: int
    fees_pence: int
    expenses_pence: int

    @property
    def pence(self) -> int:
        return self.fees_pence + self.expenses_pence


async def join(uow: UnitOfWork, candidate: Candidate, acting: Acting) -> PoolPersonRow:
    """Put somebody in the pool. Refused for an independent role where the law lets them have none."""
    only_officers(acting, "put anybody in the pool")
    if not candidate.name.strip() or not candidate.roles:
        raise Refused("Give a name and at least one role. Nothing was changed.")
    if candidate.dbs_on is not None:
        happened(candidate.dbs_on, acting)
    if candidate.from_on and candidate.until_on and candidate.until_on < candidate.from_on:
        raise Refused(
            f"{in_words(candidate.until_on)} is before {in_words(candidate.from_on)}, and they would never be there. Nothing was "
            "changed."
        )
    if candidate.hourly_pence < 0:
        raise Refused("A rate cannot be below nothing. Nothing was changed.")
    tie = _tie_of(candidate.address, candidate.tie, acting.office.council)
    for role in candidate.roles:
        if why_not := not_independent(role, tie, acting.office, acting.today):
            raise Refused(f"{why_not} Nothing was changed.")
    made = PoolPersonRow(
        name=candidate.name.strip()[:300],
        address=fold_address(candidate.address)[:320],
        phone=candidate.phone.strip()[:60],
        roles=[role.value for role in dict.fromkeys(candidate.roles)],
        tie=tie,
        dbs_on=candidate.dbs_on,
        from_on=candidate.from_on,
        until_on=candidate.until_on,
        hourly_pence=candidate.hourly_pence,
        added_at=acting.now,
        added_by=acting.person.address,
    )
    uow.add(made)
    await uow.flush()
    return made


async def appoint(
    uow: UnitOfWork, number: int, reference: str, role: PoolRole, declared: str, acting: Acting, *, on: date | None = None
) -> PoolAppointmentRow:
    """Appoint somebody of the pool to a case, on `on` or today. `declared`: what they said of their ties to its people.

    Raises Refused where they are not independent, not checked, not there on that day, walled from the case, or on it already.
    """
    only_officers(acting, "appoint anybody")
    case = await the_open_case(uow, reference)
    person, day = await _person(uow, number), on or acting.today
    others = [one for one in await daily.appointments(uow, reference=reference) if one.ended_on is None]
    why_not = (
        _cannot_serve(person, role, day, acting.office)
        or _is_on_it(person, role, others, case, acting.office)
        or ("" if declared.strip() else "Say what they declared of their ties to the people of the case, with --declared.")
    )
    if why_not:
        raise Refused(f"{why_not} Nothing was changed.")
    hourly_pence, name = person.hourly_pence, person.name  # read now: the dates are counted again, and all is then read anew
    independent = person.tie is Tie.NONE
    newcomer = Newcomer(CASE_ROLES[role], name, person.address, person.phone, is_independent=independent, why=declared)
    await appointing.add(uow, reference, newcomer, acting)
    if role in EVENTS:
        await recording.record(uow, case.reference, EVENTS[role], acting, on=on, why=name)
    made = PoolAppointmentRow(
        person_id=number,
        case_reference=reference,
        role=role,
        appointed_on=day,
        declared=declared.strip(),
        hourly_pence=hourly_pence,
        made_at=acting.now,
        made_by=acting.person.address,
    )
    uow.add(made)
    await uow.flush()
    return made


async def note_hours(
    uow: UnitOfWork,
    appointment: int,
    minutes: int,
    acting: Acting,
    *,
    on: date | None = None,
    expenses_pence: int = 0,
    what: str = "",
) -> PoolHoursRow:
    """Note time and expenses of one day."""
    only_officers(acting, "note hours")
    found = next((one for one in await daily.appointments(uow) if one.id == appointment), None)
    if found is None:
        raise Refused(f"There is no appointment {appointment}. `heard pool list` has them. Nothing was changed.")
    if not 0 <= minutes <= MOST_MINUTES_A_DAY or expenses_pence < 0 or not (minutes or expenses_pence):
        raise Refused("Give the time of one day, expenses, or both. Nothing was changed.")
    day = happened(on, acting, since=found.appointed_on, what="they were appointed")
    made = PoolHoursRow(
        appointment_id=appointment,
        worked_on=day,
        minutes=minutes,
        expenses_pence=expenses_pence,
        what=what.strip()[:1000],
        recorded_at=acting.now,
        recorded_by=acting.person.address,
    )
    uow.add(made)
    await uow.flush()
    return made


def not_independent(role: PoolRole, tie: Tie, office: Office, today: date) -> str:
    """Why somebody so tied to the council cannot hold the role, by the nation's law of today; empty if they can."""
    if role not in INDEPENDENT or tie is Tie.NONE:
        return ""
    who = {
        Tie.OFFICER: "an officer of the council",
        Tie.MEMBER: "a member of the council",
        Tie.SPOUSE: "the spouse or civil partner of an officer or member",
    }[tie]
    law = appointing.independence(CASE_ROLES[role], office, Procedure.STATUTORY, today)
    return f"{who.capitalize()} cannot be {_said(role.value)}: that must be somebody independent ({law})."


def _said(role: str) -> str:
    return role.replace("_", " ")


def costs(hours: Iterable[tuple[PoolHoursRow, PoolAppointmentRow]]) -> list[Cost]:
    """What each case cost in each year. A day's fee is its minutes at the rate of the appointment, to the nearest penny."""
    found: dict[tuple[str, int], list[int]] = {}
    for worked, appointment in hours:
        year = worked.worked_on.year if worked.worked_on.month >= 4 else worked.worked_on.year - 1
        sums = found.setdefault((appointment.case_reference, year), [0, 0, 0])
        sums[0] += worked.minutes
        sums[1] += (worked.minutes * appointment.hourly_pence + 30) // 60
        sums[2] += worked.expenses_pence
    return [
        Cost(reference, year, *sums) for (reference, year), sums in sorted(found.items(), key=lambda one: (one[0][1], one[0][0]))
    ]


def _tie_of(address: str, said: Tie, council: Council) -> Tie:
    """What they say, or what their address shows: who is in the settings, or writes from the council's domain, works there."""
    domain = fold_address(council.from_address).rpartition("@")[2]
    works_here = bool(address) and (council.person(address) is not None or fold_address(address).endswith(f"@{domain}"))
    return Tie.OFFICER if said is Tie.NONE and works_here else said


async def _person(uow: UnitOfWork, number: int) -> PoolPersonRow:
    person = await daily.pool_person(uow, number)
    if person is None:
        raise Refused(f"There is nobody with the number {number} in the pool. See `heard pool list`. Nothing was changed.")
    return person


def _cannot_serve(person: PoolPersonRow, role: PoolRole, day: date, office: Office) -> str:
    if role.value not in person.roles:
        return (
            f"{person.name} is in the pool as {', '.join(person.roles).replace('_', ' ')}, not as {role.value.replace('_', ' ')}."
        )
    if why_not := not_independent(role, _tie_of(person.address, person.tie, office.council), office, day):
        return why_not
    if person.dbs_on is None or months_later(person.dbs_on, 12 * CHECKED_FOR_YEARS) < day:
        seen = f"is from {in_words(person.dbs_on)}" if person.dbs_on else "was never seen"
        return f"The certificate of {person.name} {seen}: the council's rule is {CHECKED_FOR_YEARS} years (`heard pool check`)."
    if (person.from_on and day < person.from_on) or (person.until_on and day > person.until_on):
        return f"{person.name} is available from {person.from_on or 'any day'} until {person.until_on or 'any day'}."
    return ""


def _is_on_it(person: PoolPersonRow, role: PoolRole, others: Sequence[PoolAppointmentRow], case: CaseRow, office: Office) -> str:
    """One person has one office on a case: who took part in stage 2 is on no panel of it (reg. 19(3))."""
    mine = next((one for one in others if one.person_id == person.id), None)
    if mine is not None:
        return f"{person.name} is {_said(mine.role)} of this case already, and nobody holds two offices ({OWN_RULE})."
    panel = [one for one in others if one.role in (PoolRole.CHAIR, PoolRole.PANEL_MEMBER)]
    if role is PoolRole.PANEL_MEMBER and len(panel) >= PANEL_WITH_CHAIR:
        law = law_for("SI 2006/1738, reg. 19(2)", office, case.procedure, case.received_on)
        return f"The panel has its three people ({law})."
    return ""


async def see_certificate(uow: UnitOfWork, number: int, dbs_on: date, acting: Acting) -> None:
    """Note that a new certificate was seen."""
    only_officers(acting, "note a certificate")
    person = await _person(uow, number)
    person.dbs_on = happened(dbs_on, acting)
    uow.add(person)
    await uow.flush()


async def stand_down(uow: UnitOfWork, appointment: int, why: str, acting: Acting) -> None:
    """End an appointment. What was recorded of it stays."""
    only_officers(acting, "end an appointment")
    found = next((one for one in await daily.appointments(uow) if one.id == appointment), None)
    if found is None or found.ended_on is not None:
        raise Refused(f"Appointment {appointment} does not stand. Nothing was changed.")
    if not why.strip():
        raise Refused("Say why, with --why. Nothing was changed.")
    reference, role = found.case_reference, CASE_ROLES[found.role]
    name = (await _person(uow, found.person_id)).name
    found.ended_on, found.ended_why = acting.today, why.strip()[:1000]
    uow.add(found)
    await uow.flush()
    for one in await people_of(uow, reference, also_ended=False):
        if (one.role, one.name) == (role, name):
            await appointing.end(uow, reference, one.number, why, acting)
