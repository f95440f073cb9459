"""The people of a case: who they are, by what right they are there, and to whom a letter goes.

Whom we write to are the parties; `people_of` says who everybody is. Nothing of one person is told to another: each letter goes
to each reader by their own route, never as a Cc.
"""

from dataclasses import dataclass
from datetime import date

from procedures.people import REPRESENTS, CaseRole, Standing
from procedures.terms import Channel
from storage import cases, people
from storage.tables import CasePersonRow, PartyRole, PartyRow
from storage.unit_of_work import UnitOfWork

_ROLE_OF = {
    PartyRole.COMPLAINANT: CaseRole.COMPLAINANT,
    PartyRole.ADVOCATE: CaseRole.ADVOCATE,
    PartyRole.CHILD: CaseRole.CHILD,
}


@dataclass(frozen=True)
class OnCase:
    """A person on a case."""

    number: int
    """As the case's list of people numbers them, from 1; whoever has left keeps theirs."""
    role: CaseRole
    name: str = ""
    address: str = ""
    chat_id: int | None = None
    phone: str = ""
    relation: str = ""
    standing: Standing | None = None
    is_lead: bool = False
    is_told: bool = False
    """Whether letters of the case go to them."""
    is_closed: bool = False
    """Their route failed, or they closed it."""
    appointed_on: date | None = None
    ended_on: date | None = None
    why: str = ""
    row_id: int | None = None
    """None: known only as the party that wrote."""
    party_id: int | None = None

    @property
    def is_on_it(self) -> bool:
        return self.ended_on is None

    @property
    def waits_to_be_confirmed(self) -> bool:
        """Speaks for somebody, as was said to us; nothing goes to them before an officer confirms it."""
        return self.role in REPRESENTS and self.appointed_on is None and self.is_on_it

    @property
    def route(self) -> tuple[Channel, str]:
        """How we may write to them; nowhere while they are told nothing."""
        if not self.is_told:
            return Channel.EMAIL, ""
        return (Channel.TELEGRAM, str(self.chat_id)) if self.chat_id else (Channel.EMAIL, self.address)


async def people_of(uow: UnitOfWork, reference: str, *, also_ended: bool = True) -> list[OnCase]:
    """Everybody on a case, numbered: first who is only known as the party that wrote, then as they were put on it."""
    parties = (await cases.parties_of(uow, [reference]))[reference]
    rows = (await people.on_cases(uow, [reference]))[reference]
    by_id, known = {party.id: party for party in parties}, {row.party_id for row in rows}
    plain = [_as_party(party) for party in parties if party.id not in known]
    found = [*plain, *(_as_person(row, by_id.get(row.party_id) if row.party_id else None) for row in rows)]
    numbered = [_numbered(number, one) for number, one in enumerate(found, start=1)]
    return [one for one in numbered if also_ended or one.is_on_it]


def _numbered(number: int, one: OnCase) -> OnCase:
    values = {name: getattr(one, name) for name in OnCase.__dataclass_fields__}
    return OnCase(**{**values, "number": number})


def _as_party(party: PartyRow) -> OnCase:
    return OnCase(
        0,
        _ROLE_OF.get(party.role, CaseRole.COMPLAINANT),
        party.name,
        party.address,
        party.chat_id,
        party.phone,
        is_told=not party.is_closed and bool(party.address or party.chat_id),
        is_closed=party.is_closed,
        party_id=party.id,
    )


def _as_person(row: CasePersonRow, party: PartyRow | None) -> OnCase:
    return OnCase(
        0,
        row.role,
        row.name or (party.name if party else ""),
        (party.address if party else "") or row.address,
        (party.chat_id if party else None) or row.chat_id,
        row.phone or (party.phone if party else ""),
        row.relation,
        row.standing,
        row.is_lead,
        is_told=party is not None and not party.is_closed and bool(party.address or party.chat_id) and row.ended_on is None,
        is_closed=party is not None and party.is_closed,
        appointed_on=row.appointed_on,
        ended_on=row.ended_on,
        why=row.why,
        row_id=row.id,
        party_id=row.party_id,
    )
