"""Putting people on a case, confirming who speaks for somebody, and ending it. Only an officer does, each with its reason.

Nobody answers, looks into or judges a case that is about them; who must be independent is declared to be, by an officer who
asked (SI 2006/1738, reg. 2, 17 and 19).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from casework.acting import Acting, Refused, happened, only_officers, the_case
from casework.answers.hands import not_who_decided_stage_1
from casework.clockwork import events_of, law_for, law_of
from casework.office import Office
from casework.opening import task
from casework.people import walls
from casework.people.on_case import OnCase, people_of
from casework.recording import record
from casework.representation import fold_address
from procedures.people import (
    HOLDS_AN_OFFICE,
    INDEPENDENT,
    MOST_ON_A_PANEL,
    NEEDS_EVIDENCE,
    ONE_AT_A_TIME,
    REPRESENTS,
    STANDINGS,
    Basis,
    CaseRole,
    Standing,
)
from procedures.steps import HOME, OWN_RULE
from procedures.targets import within
from procedures.terms import Event, Procedure
from procedures.working_days import moment_at_the_desk
from storage import cases, people
from storage.filing import Filing, write
from storage.tables import AuthorityRow, CasePersonRow, CaseRow, PartyRole, PartyRow, TaskKind, TaskRow
from storage.training import is_nobodys
from storage.unit_of_work import UnitOfWork

APPOINTS = {
    Event.IO_APPOINTED: CaseRole.INVESTIGATING_OFFICER,
    Event.IP_APPOINTED: CaseRole.INDEPENDENT_PERSON,
    Event.CHAIR_APPOINTED: CaseRole.PANEL_CHAIR,
}
"""The office that a step gives to somebody."""
_BASIS = {CaseRole.ADVOCATE: Basis.ADVOCATE, CaseRole.SOLICITOR: Basis.SOLICITOR, CaseRole.MP: Basis.MP}


@dataclass(frozen=True)
class Newcomer:
    """Somebody who is to be on a case."""

    role: CaseRole
    name: str = ""
    address: str = ""
    phone: str = ""
    relation: str = ""
    standing: Standing | None = None
    is_lead: bool = False
    is_independent: bool = False
    """An officer has asked: neither a member nor an employee of the council, nor the spouse or civil partner of one."""
    why: str = ""


async def add(uow: UnitOfWork, reference: str, who: Newcomer, acting: Acting) -> OnCase:
    """Put somebody on a case. Whoever is complained about is walled with it; who speaks for somebody is told nothing yet."""
    only_officers(acting, "say who is on a case")
    case = await the_case(uow, reference)
    who = replace(who, name=who.name.strip(), address=fold_address(who.address))
    if not who.name and not who.address:
        raise Refused("Say who: --name, and --address if it is known. Nothing was changed.")
    if case.is_training and not is_nobodys(who.address):
        raise Refused("A case to learn on belongs to nobody: give an address under .example (RFC 2606). Nothing was changed.")
    there = await people_of(uow, reference, also_ended=False)
    if who.role in HOLDS_AN_OFFICE:
        await _may_hold_it(uow, case, who, there, acting)
    await _known_rows(uow, reference, acting)
    row = CasePersonRow(
        case_reference=reference,
        **{name: getattr(who, name) for name in ("role", "name", "address", "phone", "relation", "standing", "is_lead")},
        why=who.why.strip(),
        added_at=acting.now,
        added_by=acting.person.address,
    )
    if who.role is CaseRole.COMPLAINANT:
        row.party_id = await _party(uow, reference, PartyRole.COMPLAINANT, who)
    uow.add(row)
    await uow.flush()
    filing = Filing()
    filing.add(acting.event(reference, Event.NOTED, f"{_in_words(who.role)}: {who.name or who.address}"))
    if who.is_lead and who.role is CaseRole.COMPLAINANT:
        _leads(filing, reference, row, acting)
    if who.role in REPRESENTS:
        _ask_to_confirm(filing, row, acting)
    await write(uow, [filing])
    if who.role is CaseRole.COMPLAINED_ABOUT:
        await _wall(uow, reference, who, acting)
    return next(one for one in await people_of(uow, reference) if one.row_id == row.id)


async def hold_the_office(uow: UnitOfWork, reference: str, event: Event, who: Newcomer, acting: Acting) -> None:
    """Whoever was appointed is on the case: put there now by name, or already. Nothing for a step that appoints nobody.

    Without it no letter names them, and nothing would show that they are not whom it is about (SI 2006/1738, reg. 17(2), 19).
    """
    role = APPOINTS.get(event)
    if role is None:
        if who.name.strip() or who.address.strip():
            raise Refused(f"{event.value} appoints nobody: leave --name and --address out. Nothing was changed.")
        return
    case, name = await the_case(uow, reference), who.name.strip()
    there = next((one for one in await people_of(uow, reference, also_ended=False) if one.role is role), None)
    if there is None and name:
        await add(uow, reference, replace(who, role=role), acting)
    elif there is None and not case.is_imported:
        raise Refused(
            f"Say who the {_in_words(role)} is, with --name: they are put on the case, and letters name them. Whoever is in the "
            f"pool is appointed with `heard pool appoint NUMBER {reference} --role ROLE --declared WORDS`. Nothing was changed."
        )
    elif there is not None and name and there.name.casefold() != name.casefold():
        raise Refused(
            f"{there.name or there.address} is the {_in_words(role)} of {reference}: end that first "
            f"(`heard case person end {reference} {there.number}`). Nothing was changed."
        )


async def appoint(
    uow: UnitOfWork, reference: str, number: int, acting: Acting, *, on: date | None = None, evidence: str = ""
) -> OnCase:
    """Confirm who speaks for the complainant: from now on every letter goes to them too, to their own address.

    A solicitor's and a member's authority must be there or be given with it as `evidence`; an advocate's may be.
    """
    only_officers(acting, "confirm who speaks for somebody")
    await the_case(uow, reference)
    one = await numbered(uow, reference, number)
    if one.role not in REPRESENTS:
        raise Refused(
            f"Number {number} is the {_in_words(one.role)}: only who speaks for them is confirmed. Nothing was changed."
        )
    if one.appointed_on is not None:
        raise Refused(f"Number {number} was confirmed on {one.appointed_on:%d %B %Y}. Nothing was changed.")
    day = happened(on, acting)
    if not one.address:
        raise Refused("There is no address to write to: end this entry and add them with --address. Nothing was changed.")
    filing = Filing()
    await _authorised(uow, reference, one, evidence, acting, filing)
    party_id = await _party(uow, reference, PartyRole.ADVOCATE, Newcomer(one.role, one.name, one.address, one.phone))
    filing.change(CasePersonRow, {"id": one.row_id}, appointed_on=day, appointed_by=acting.person.address, party_id=party_id)
    filing.change(TaskRow, {"key": _task_key(one.row_id), "done_at": None}, done_at=acting.now, done_by=acting.person.address)
    filing.add(acting.event(reference, Event.NOTED, f"{_in_words(one.role)} confirmed: {one.name or one.address}"))
    await write(uow, [filing])
    if one.role is CaseRole.ADVOCATE:
        await _advocate_is_appointed(uow, reference, one, acting, day)
    uow.expire_all()
    return await numbered(uow, reference, number)


async def end(uow: UnitOfWork, reference: str, number: int, why: str, acting: Acting) -> OnCase:
    """Somebody is on the case no more: nothing goes to them from now on. That they were there stays on record."""
    only_officers(acting, "say who is on a case")
    case = await the_case(uow, reference)
    if not why.strip():
        raise Refused("Say why with --why. Nothing was changed.")
    await _known_rows(uow, reference, acting)
    one = await numbered(uow, reference, number)
    others = [other for other in await people_of(uow, reference, also_ended=False) if other.number != number]
    if one.role is CaseRole.COMPLAINANT and not any(other.role is CaseRole.COMPLAINANT for other in others):
        raise Refused(
            "They are the only complainant: whoever no longer wants to complain withdraws, which a person checks with them "
            f"({law_of(Event.WITHDRAWN, case, acting.office)}): `heard case steps {reference}` has it. Nothing was changed."
        )
    filing = Filing()
    ended = {"ended_on": acting.today, "ended_by": acting.person.address, "ended_why": why.strip()}
    filing.change(CasePersonRow, {"id": one.row_id}, **ended, address=one.address, phone=one.phone, chat_id=one.chat_id)
    if one.party_id is not None:
        # No route is left by which a letter could go, or by which a letter of theirs would count as the complainant's.
        filing.change(PartyRow, {"id": one.party_id}, address="", chat_id=None, phone="", is_closed=True)
    filing.change(TaskRow, {"key": _task_key(one.row_id), "done_at": None}, done_at=acting.now, done_by=acting.person.address)
    filing.add(acting.event(reference, Event.NOTED, f"{_in_words(one.role)} no more, {one.name or one.address}: {why.strip()}"))
    await write(uow, [filing])
    uow.expire_all()
    return next(other for other in await people_of(uow, reference) if other.row_id == one.row_id)


async def set_standing(
    uow: UnitOfWork, reference: str, number: int, standing: Standing, acting: Acting, *, relation: str = ""
) -> OnCase:
    """Say why a complainant may use the procedure. Where reg. 12 asks for a decision on their interest, that is dated now."""
    only_officers(acting, "decide on standing")
    case = await the_case(uow, reference)
    await _known_rows(uow, reference, acting)
    one = await numbered(uow, reference, number)
    if one.role is not CaseRole.COMPLAINANT:
        raise Refused(f"Number {number} is the {_in_words(one.role)}: standing is the complainant's. Nothing was changed.")
    rule = STANDINGS[standing]
    filing = Filing()
    filing.change(CasePersonRow, {"id": one.row_id}, standing=standing, relation=relation.strip() or one.relation)
    law = rule.authority if acting.office.nation == HOME else OWN_RULE
    filing.add(acting.event(reference, Event.NOTED, f"standing {standing.value}: {rule.who} ({law})"))
    await write(uow, [filing])
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if rule.needs_decision and not events.keys() & {Event.INTEREST_QUESTIONED, Event.INTEREST_DECIDED}:
        law = law_for("SI 2006/1738, reg. 12", acting.office, case.procedure, case.received_on, Event.INTEREST_QUESTIONED)
        detail = f"standing {standing.value}: decide as soon as possible whether the interest is sufficient ({law})"
        due = moment_at_the_desk(
            acting.office.open_days.add_working_days(acting.today, within("standing")), acting.office.council.closes_at
        )
        asked = Filing()
        asked.add(task(f"interest:{reference}:{one.row_id}", TaskKind.AUTHORITY, reference, due, acting.now, detail))
        await write(uow, [asked])
    uow.expire_all()
    return await numbered(uow, reference, number)


async def numbered(uow: UnitOfWork, reference: str, number: int) -> OnCase:
    """The person with this number, who is still on the case; else a refusal that says who is there."""
    there = await people_of(uow, reference)
    found = next((one for one in there if one.number == number and one.is_on_it), None)
    if found is None:
        known = ", ".join(f"{one.number} {_in_words(one.role)}" for one in there if one.is_on_it) or "nobody"
        raise Refused(f"Nobody on {reference} has number {number}. On it: {known}. Nothing was changed.")
    return found


async def _may_hold_it(uow: UnitOfWork, case: CaseRow, who: Newcomer, there: Sequence[OnCase], acting: Acting) -> None:
    """Refuse an office to whom the case is about, and to who is not independent where the law wants that."""
    council, role = acting.office.council, _in_words(who.role)
    staff = council.person(who.address) if who.address else None
    walled = who.address and await walls.is_walled(uow, who.address, case.reference)
    named = any(wall.name.casefold() == who.name.casefold() for wall in await walls.walls_around(uow, case.reference) if who.name)
    if walled or named:
        raise Refused(
            f"{who.name or who.address} is walled from {case.reference}: whoever is complained about does not answer, look "
            "into or judge it (the council's own rule). Nothing was changed."
        )
    if who.role in ONE_AT_A_TIME and any(one.role is who.role for one in there):
        raise Refused(f"There is one {role} already: end that first (`heard case person end`). Nothing was changed.")
    if who.role in INDEPENDENT:
        is_ours = staff is not None or who.address.endswith(f"@{acting.office.domain}")
        _is_independent(who, is_ours, there, case, acting.office)
    same = [one for one in there if one.role in HOLDS_AN_OFFICE and who.address and one.address == who.address]
    in_line = bool(staff and staff.team and staff.team == case.team) or bool(
        who.address and fold_address(case.owner) == who.address
    )
    if who.role is CaseRole.INVESTIGATING_OFFICER and in_line:
        raise Refused(
            f"{who.name or who.address} belongs to the service that is complained about, or answered stage 1: who "
            "investigates is outside its line (the council's own rule). Nothing was changed."
        )
    if who.role in (CaseRole.ADJUDICATOR, CaseRole.INVESTIGATING_OFFICER):
        await not_who_decided_stage_1(uow, case, 2, who.address, acting.office)
    if same:
        raise Refused(
            f"{who.name or who.address} is the {_in_words(same[0].role)} on this case: nobody holds two of its offices. "
            "Nothing was changed."
        )


def independence(role: CaseRole, office: Office, procedure: Procedure, on: date) -> str:
    """By what rule an office is held by nobody who belongs to the council."""
    if role is CaseRole.INDEPENDENT_PERSON:
        return law_for("SI 2006/1738, reg. 2 and 17(2)", office, procedure, on, Event.IP_APPOINTED)
    return law_for("SI 2006/1738, reg. 2 and 19", office, procedure, on)


def _is_independent(who: Newcomer, is_of_the_council: bool, there: Sequence[OnCase], case: CaseRow, office: Office) -> None:
    law = independence(who.role, office, case.procedure, case.received_on)
    if is_of_the_council:
        raise Refused(
            f"{who.name or who.address} belongs to the council: the {_in_words(who.role)} is neither its member nor its "
            f"employee, nor the spouse or civil partner of one ({law}). Nothing was changed."
        )
    if not who.is_independent:
        raise Refused(
            "Ask first whether they are a member or an employee of the council, or the spouse or civil partner of one "
            f"({law}). If none of it, say so with --independent. Nothing was changed."
        )
    panel = (CaseRole.PANEL_CHAIR, CaseRole.PANEL_MEMBER)
    if who.role in panel and sum(one.role in panel for one in there) >= MOST_ON_A_PANEL:
        three = law_for("SI 2006/1738, reg. 19(2)", office, case.procedure, case.received_on)
        raise Refused(f"A panel is three persons, one of whom chairs ({three}). Nothing was changed.")
    sat = [one for one in there if one.role is CaseRole.INDEPENDENT_PERSON]
    is_same = any((who.address and one.address == who.address) or one.name.casefold() == who.name.casefold() for one in sat)
    if who.role in panel and is_same:
        not_both = law_for("SI 2006/1738, reg. 19(3)", office, case.procedure, case.received_on)
        raise Refused(f"The independent person of stage 2 does not sit on the panel ({not_both}). Nothing was changed.")


async def _known_rows(uow: UnitOfWork, reference: str, acting: Acting) -> None:
    """Everybody who was only known as the party that wrote gets an entry, so that nobody's number changes later."""
    rows = (await people.on_cases(uow, [reference]))[reference]
    parties = (await cases.parties_of(uow, [reference]))[reference]
    known = {row.party_id for row in rows}
    for one in (party for party in parties if party.id not in known):
        role = {PartyRole.ADVOCATE: CaseRole.ADVOCATE, PartyRole.CHILD: CaseRole.CHILD}.get(one.role, CaseRole.COMPLAINANT)
        uow.add(
            CasePersonRow(
                case_reference=reference,
                role=role,
                name=one.name,
                party_id=one.id,
                is_lead=role is CaseRole.COMPLAINANT and not known,
                added_at=acting.now,
                added_by="service",
            )
        )
    await uow.flush()


async def _party(uow: UnitOfWork, reference: str, role: PartyRole, who: Newcomer) -> int:
    """The route by which we write to somebody from now on."""
    party = PartyRow(case_reference=reference, role=role, name=who.name, address=who.address, phone=who.phone)
    uow.add(party)
    await uow.flush()
    assert party.id is not None
    return party.id


async def _authorised(uow: UnitOfWork, reference: str, one: OnCase, evidence: str, acting: Acting, filing: Filing) -> None:
    """Their authority is on record, or is given now; without it a solicitor or a member is told nothing."""
    held = [row for row in await people.authorities_of(uow, reference) if row.person_id == one.row_id and row.evidence]
    basis = _BASIS[one.role]
    if evidence.strip() and one.row_id is not None:
        filing.add(
            AuthorityRow(
                case_reference=reference,
                person_id=one.row_id,
                basis=basis,
                evidence=evidence.strip(),
                begins_on=acting.today,
                recorded_at=acting.now,
                recorded_by=acting.person.address,
            )
        )
    elif not held and basis in NEEDS_EVIDENCE and one.role is not CaseRole.ADVOCATE:
        raise Refused(
            f"Nothing shows that the {_in_words(one.role)} may act: say what does with --evidence, or ask for it. Until then "
            "they are told nothing; the complaint itself, and its clock, go on. Nothing was changed."
        )


async def _advocate_is_appointed(uow: UnitOfWork, reference: str, one: OnCase, acting: Acting, day: date) -> None:
    """The start of the clock moves with it, where the procedure says so (SI 2006/1738, reg. 14(3)(b)) and it did not before."""
    events = events_of((await cases.events_of(uow, [reference]))[reference])
    if Event.ADVOCATE_APPOINTED in events or Event.ADVOCATE_REQUESTED not in events:
        return
    try:
        await record(uow, reference, Event.ADVOCATE_APPOINTED, acting, on=day, why=one.name or one.address)
    except Refused as why:
        filing = Filing()
        filing.add(acting.event(reference, Event.NOTED, f"the advocate moves no clock: {why}"))
        await write(uow, [filing])


async def _wall(uow: UnitOfWork, reference: str, who: Newcomer, acting: Acting) -> None:
    around = await walls.walls_around(uow, reference)
    whom = walls.Whom(who.name, who.address)
    if not any((who.address and wall.address == who.address) or wall.name.casefold() == who.name.casefold() for wall in around):
        await walls.put_up(uow, reference, whom, who.why.strip() or "complained about", acting)


def _leads(filing: Filing, reference: str, row: CasePersonRow, acting: Acting) -> None:
    """One of several leads: with whom the words are agreed."""
    complainants = {"case_reference": reference, "role": CaseRole.COMPLAINANT}
    filing.change(CasePersonRow, complainants, is_lead=False)
    filing.change(CasePersonRow, {"id": row.id}, is_lead=True)


def _ask_to_confirm(filing: Filing, row: CasePersonRow, acting: Acting) -> None:
    due_on = acting.office.open_days.add_working_days(acting.today, within("confirmed"))
    due = moment_at_the_desk(due_on, acting.office.council.closes_at)
    detail = f"{_in_words(row.role)}: confirm, and from then on every letter goes to them too; or end it"
    filing.add(task(_task_key(row.id), TaskKind.AUTHORITY, row.case_reference, due, acting.now, detail))


def _task_key(row_id: int | None) -> str:
    return f"speaks:{row_id}"


def _in_words(role: CaseRole) -> str:
    return {CaseRole.MP: "member (MP or councillor)"}.get(role, role.value.replace("_", " "))
